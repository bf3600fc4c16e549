"""A community's policy as a file that people can read, change and give to others. Pure.

What a file leaves out is as its preset has it; a kind of channel that it names is all that the file says of it.
Whatever is wrong with a file is one sentence that names the line or the key.
"""

import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from typing import Any, NoReturn

from bot.domain.community_policy import PRESETS, ChannelKind, CommunityPolicy, StrikePolicy
from bot.domain.errors import InvalidRequest
from bot.domain.moderation import NEVER, Category, ModerationPolicy, Stage, Threshold, Thresholds
from bot.domain.requests import clean_text

TERMS_LIMIT = 500
TERM_LIMIT = 100
"""Characters of one term."""
FILE_LIMIT = 200_000
"""Characters of a file; a policy of five hundred long terms is shorter."""
HOUR = 3600.0
LONGEST = 366 * 86_400.0
"""Seconds of the longest time that a policy can name."""
_HEAD = """# A policy of Huashen. Scores are from 0 to 1: from `blur` on a picture is covered, from `hold` on it waits
# for a moderator, from `block` on it is refused; "never" is never. Times are seconds; `..._after = 0` is never.
"""


def to_toml(policy: CommunityPolicy) -> str:
    """The whole policy, but for its version."""
    values = to_dict(policy)
    kinds, strikes = values.pop("kinds"), values.pop("strikes")
    lines = [_HEAD, *(f"{name} = {_written(value)}" for name, value in values.items())]
    lines += ["", "[strikes]", *(f"{name} = {_written(value)}" for name, value in strikes.items())]
    for kind, tables in kinds.items():
        lines += ["", f"[kinds.{kind}]"]
        for name, thresholds in tables.items():
            lines += ["", f"[kinds.{kind}.{name}]"]
            lines += [f"{category} = {_written(threshold)}" for category, threshold in thresholds.items()]
    return "\n".join(lines) + "\n"


def from_toml(text: str) -> CommunityPolicy:
    """The policy of a file; InvalidRequest that says what is wrong with it."""
    if len(text) > FILE_LIMIT:
        raise InvalidRequest("policy-too-long", limit=FILE_LIMIT)
    try:
        return from_dict(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidRequest("policy-not-toml", detail=str(error)) from error


def to_dict(policy: CommunityPolicy) -> dict[str, Any]:
    """The policy as plain values, in the form of the file; also what the database keeps."""
    return {
        "preset": policy.preset,
        "own_terms": list(policy.own_terms),
        "case_lifetime": policy.case_lifetime,
        "unjudged_previews": policy.unjudged_previews,
        "strikes": asdict(policy.strikes),
        "kinds": {
            kind.value: {"thresholds": _plain(policy.at(kind).thresholds)}
            | {stage.value: _plain(thresholds) for stage, thresholds in policy.at(kind).by_stage.items()}
            for kind in ChannelKind
        },
    }


def from_dict(values: Mapping[str, Any], version: int = 0) -> CommunityPolicy:
    """The inverse of to_dict, as a version of it."""
    known: dict[str, Callable[[str, Any], Any]] = {
        "preset": _preset,
        "own_terms": _terms,
        "case_lifetime": _lifetime,
        "unjudged_previews": _flag,
    }
    _only(values, {*known, "strikes", "kinds"}, "")
    base = PRESETS[_preset("preset", values.get("preset", "standard"))]
    changes = {name: read(name, values[name]) for name, read in known.items() if name in values}
    strikes = _strikes(base.strikes, _table("strikes", values.get("strikes", {})))
    kinds = _table("kinds", values.get("kinds", {}))
    _only(kinds, set(ChannelKind), "kinds.")
    named = {ChannelKind(kind): _policy(f"kinds.{kind}", table) for kind, table in kinds.items()}
    return replace(base, **changes, version=version, strikes=strikes, kinds={**base.kinds, **named})


def _plain(thresholds: Thresholds) -> dict[str, dict[str, Any]]:
    def score(value: float) -> float | str:
        return value if value <= 1 else "never"

    return {
        category.value: {name: score(value) for name, value in asdict(threshold).items()}
        for category, threshold in thresholds.items()
    }


def _written(value: Any) -> str:
    """A value as TOML writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{"".join(_character(each) for each in value)}"'
        case list():
            return f"[{', '.join(map(_written, value))}]"
        case dict():
            return f"{{ {', '.join(f'{name} = {_written(each)}' for name, each in value.items())} }}"
        case _:
            return repr(value)


def _character(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def _wrong(key: str) -> NoReturn:
    raise InvalidRequest("policy-wrong-value", key=key)


def _only(values: Mapping[str, Any], known: set[Any], prefix: str) -> None:
    for key in values:
        if key not in known:
            raise InvalidRequest("policy-unknown-key", key=f"{prefix}{key}"[:80])


def _table(key: str, value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else _wrong(key)


def _number(key: str, value: Any, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value) or not low <= value <= high:
        _wrong(key)
    return float(value)


def _preset(key: str, value: Any) -> str:
    return value if isinstance(value, str) and value in PRESETS else _wrong(key)


def _flag(key: str, value: Any) -> bool:
    return value if isinstance(value, bool) else _wrong(key)


def _lifetime(key: str, value: Any) -> float:
    return _number(key, value, HOUR, LONGEST)


def _terms(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or len(value) > TERMS_LIMIT:
        _wrong(key)
    for number, term in enumerate(value):
        if not isinstance(term, str) or not term or term != clean_text(term) or len(term) > TERM_LIMIT:
            _wrong(f"{key}[{number}]")
    return tuple(value)


def _strikes(base: StrikePolicy, values: Mapping[str, Any]) -> StrikePolicy:
    _only(values, {field.name for field in fields(StrikePolicy)}, "strikes.")
    changes: dict[str, Any] = {}
    for name, value in values.items():
        key = f"strikes.{name}"
        if not name.endswith("_after"):
            changes[name] = _number(key, value, 60.0, LONGEST)
        elif isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 1000:
            _wrong(key)
        else:
            changes[name] = value
    return replace(base, **changes)


def _policy(key: str, value: Any) -> ModerationPolicy:
    tables = _table(key, value)
    _only(tables, {"thresholds", *Stage}, f"{key}.")
    read = {name: _thresholds(f"{key}.{name}", table) for name, table in tables.items()}
    thresholds = read.pop("thresholds", {})
    return ModerationPolicy(thresholds, {Stage(name): table for name, table in read.items()})


def _thresholds(key: str, value: Any) -> Thresholds:
    table = _table(key, value)
    _only(table, set(Category), f"{key}.")
    return {Category(category): _threshold(f"{key}.{category}", each) for category, each in table.items()}


def _threshold(key: str, value: Any) -> Threshold:
    table = _table(key, value)
    _only(table, {"blur", "hold", "block"}, f"{key}.")
    scores = {"blur": "never", **table}
    for name in ("hold", "block"):
        if name not in scores:
            _wrong(f"{key}.{name}")
    return Threshold(**{name: _score(f"{key}.{name}", each) for name, each in scores.items()})


def _score(key: str, value: Any) -> float:
    return NEVER if value == "never" else _number(key, value, 0.0, 1.0)
