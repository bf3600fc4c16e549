"""Every sentence exists, in every language, with the arguments that the code gives it; and none is left over."""

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.actions import ActionKind
from adapters.commandline import COMMANDS, OPTIONS
from bot.domain.errors import HuashenError, Reason
from bot.domain.identity import Role
from bot.domain.moderation import Category
from bot.i18n import FALLBACK, catalogue, locales, negotiate, translator

ROOT = Path(__file__).parents[2]
SOURCES = [path for folder in ("bot", "adapters") for path in (ROOT / folder).rglob("*.py")]
TEMPLATES = list((ROOT / "adapters" / "web" / "templates").rglob("*.html"))
ENGLISH = {message.id[0] if isinstance(message.id, tuple) else message.id: message for message in catalogue(FALLBACK)}
ENGLISH.pop("")


@dataclass(frozen=True)
class Use:
    """One place that names a sentence; `pattern` matches its id, `arguments` is None where they are not written out."""

    where: str
    pattern: str
    arguments: frozenset[str] | None


def _errors() -> set[str]:
    def below(kind: type[HuashenError]) -> Iterator[str]:
        yield kind.__name__
        for sub in kind.__subclasses__():
            yield from below(sub)

    return set(below(HuashenError))


def _patterns(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield re.escape(text)
        case ast.JoinedStr(values=parts):
            yield "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else "[a-z0-9-]+" for p in parts)
        case ast.IfExp(body=body, orelse=other):
            yield from _patterns(body)
            yield from _patterns(other)


def _is_sentence(call: ast.Call) -> bool:
    match call.func:
        case ast.Name(id=name):
            return name in _errors()
        case ast.Attribute(attr="of", value=ast.Name(id="Reason")):
            return True
        case ast.Attribute(attr="text", value=ast.Name(id="words" | "translator")):
            return True
    return False


def uses() -> Iterator[Use]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and _is_sentence(node):
                keywords = [keyword.arg for keyword in node.keywords]
                arguments = None if None in keywords else frozenset(filter(None, keywords))
                for pattern in _patterns(node.args[0]):
                    yield Use(f"{path.relative_to(ROOT)}:{node.lineno}", pattern, arguments)
    for path in TEMPLATES:
        for found in re.finditer(r"\bt\('([\w-]+)'( ~)?([^)]*)\)", path.read_text(encoding="utf-8")):
            pattern = re.escape(found[1]) + ("[a-z0-9-]+" if found[2] else "")
            arguments = frozenset(re.findall(r"(\w+)=", found[3]))
            yield Use(str(path.relative_to(ROOT)), pattern, arguments)


USES = [use for use in uses() if use.pattern]


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def forms(message: object) -> tuple[str, ...]:
    text = message.string  # type: ignore[attr-defined]
    return text if isinstance(text, tuple) else (text,)


def test_every_sentence_that_the_code_names_exists() -> None:
    missing = [str(use) for use in USES if not any(re.fullmatch(use.pattern, known) for known in ENGLISH)]
    assert not missing


def test_every_member_of_a_family_has_its_sentence() -> None:
    families = {
        "category": list(Category),
        "role": list(Role),
        "action": list(ActionKind),
        "command": list(COMMANDS),
        "help": list(COMMANDS),
        "option": list(OPTIONS),
    }
    missing = [f"{family}-{member}" for family, members in families.items() for member in members]
    assert not [name for name in missing if name not in ENGLISH]


def test_no_sentence_is_left_over() -> None:
    words = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES + TEMPLATES)
    # A family is used when something builds its ids: f"role-{...}", 'role-' ~ ..., or an argument of that name.
    families = set(re.findall(r"""["'\s]([a-z]+(?:-[a-z]+)*)-\{""", words)) | set(re.findall(r"'([a-z]+)-' ~", words))
    families |= {argument for use in USES for argument in use.arguments or ()}
    quoted = set(re.findall(r"""["']([a-z0-9]+(?:-[a-z0-9]+)*)["']""", words))
    left = [name for name in ENGLISH if name not in quoted and not name.startswith(tuple(f"{f}-" for f in families))]
    assert not left


def test_the_code_gives_every_sentence_what_it_needs() -> None:
    wrong = []
    for use in USES:
        for name, message in ENGLISH.items():
            if use.arguments is None or re.escape(name) != use.pattern:
                continue
            needed = set().union(*map(fields, forms(message)))
            if isinstance(message.id, tuple):
                needed.add(message.id[1])
            if needed - use.arguments:
                wrong.append((use.where, name, sorted(needed - use.arguments)))
    assert not wrong


@pytest.mark.parametrize("locale", locales())
def test_a_catalogue_is_complete_and_well_formed(locale: str) -> None:
    translated = catalogue(locale)
    problems = []
    for name, english in ENGLISH.items():
        message = translated.get(name)
        if message is None or not all(forms(message)) or message.fuzzy:
            problems.append((name, "missing"))
            continue
        if message.id != english.id:
            problems.append((name, "counts something else"))
        expected = translated.num_plurals if isinstance(english.id, tuple) else 1
        if len(forms(message)) != expected:
            problems.append((name, "plural forms"))
        known = set().union(*map(fields, forms(english)))
        for form in forms(message):
            if fields(form) - known:
                problems.append((name, f"unknown {fields(form) - known}"))
    extra = {message.id[0] if isinstance(message.id, tuple) else message.id for message in translated} - set(ENGLISH)
    assert not problems
    assert extra <= {""}


@pytest.mark.parametrize(
    ("accepted", "locale"),
    [
        ("", "en"),
        ("*", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh_CN"),
        ("zh", "zh_CN"),
        ("zh-Hans-SG", "zh_CN"),
        ("zh-TW", "zh_TW"),
        ("fr-CH, fr;q=0.9, zh;q=0.5", "fr"),
        ("it-CH, it;q=0.9, zh;q=0.5", "zh_CN"),
        ("pt", "pt_BR"),
        ("zh-Hant-HK", "zh_TW"),
        ("en;q=0.1, zh-CN", "zh_CN"),
        ("en-GB,zh;q=0.9", "en"),
        ("x" * 5000, "en"),
        ("zh;q=not-a-number, en", "en"),
        ("\x00,;;q=,=", "en"),
    ],
)
def test_the_browser_gets_the_closest_language(accepted: str, locale: str) -> None:
    assert negotiate(accepted) == locale


def test_counted_sentences_agree_with_their_number() -> None:
    english, chinese = translator("en"), translator("zh-CN")
    assert english.text("done-avatar", n=1) == "Your avatar is ready."
    assert english.text(Reason.of("done-avatar", n=3)) == "Your 3 avatars are ready."
    assert "3" in chinese.text("done-avatar", n=3)


def test_an_argument_with_a_sentence_of_its_own_is_translated() -> None:
    reason = Reason.of("blocked", category="self-harm")
    assert "self-harm" in translator("en").text(reason)
    assert "自我伤害" in translator("zh_CN").text(reason)


def test_a_hole_or_an_unknown_sentence_never_raises() -> None:
    assert translator("en").text("no-such-sentence") == "no-such-sentence"
    assert "{limit}" in translator("en").text("prompt-too-long")
    assert translator("klingon").locale == "en"


def test_what_a_member_writes_is_never_a_format() -> None:
    text = translator("en").text("not-a-number", name="seed", value="{0.__class__}{limit}")
    assert "{0.__class__}{limit}" in text
