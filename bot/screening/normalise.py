"""Text as a reader understands it, whatever was done to hide words from a filter. Pure.

Every view keeps, for each of its characters, where it came from, so that evidence shows the member's
own words. `views` gives what the rules read:

    folded    lower case, compatibility forms, accents and look-alikes undone; digits and signs kept
    plain     also prompt weights gone, s p a c e d letters joined, 1337 between letters undone, runs shortened
    others    readings too eager to be the only one: 1337 at the ends of words, signs inside words dropped
"""

import functools
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Letters of other scripts that look like Latin ones: the part of Unicode's confusables.txt that keyboards reach.
_LOOK_ALIKES = {
    other: latin
    for latin, others in {
        "a": "аαɑᴀꓮ", "b": "вьβʙꓐ", "c": "сϲᴄꓚ", "d": "ԁᴅđꓓ", "e": "еёєεᴇꓰ", "f": "ꜰꓝ", "g": "ɡɢꓖ",
        "h": "һнʜħꓧ", "i": "іїıιɩɪӏꓲ", "j": "јᴊꓙ", "k": "кκᴋꓗ", "l": "ʟłꓡ", "m": "мᴍꓟ", "n": "ոηɴꓠ",
        "o": "оοσᴏøօꓳ", "p": "рρᴘꓑ", "q": "ԛ", "r": "ʀꓣг", "s": "ѕꜱꓢ", "t": "тτᴛŧꓔ", "u": "υᴜսꓴ",
        "v": "ᴠνꓦ", "w": "ԝωᴡꓪ", "x": "хχꓫ", "y": "уүγʏꓬ", "z": "ᴢζꓜ", "'": "‘’`´ʼ",
    }.items()
    for other in others
}  # fmt: skip
# 1337 writing; 1 and ! are either i or l, see _letter.
_LEET = {"4": "a", "@": "a", "8": "b", "3": "e", "€": "e", "9": "g", "0": "o", "5": "s", "$": "s", "7": "t"}
_LETTER = "[^\\W\\d_]"
_CJK = "[\u3400-\u9fff]"
_SEPARATOR = "[\\s.,_*~'\u00b7|/-]"

# A letter or two set in brackets inside a word: nu[d]e. Opening and closing ones, each beside letters.
_BRACKETED = re.compile(
    rf"(?<={_LETTER})[(\[{{<](?={_LETTER}{{1,2}}[)\]}}>])"
    rf"|(?:(?<=[(\[{{<]{_LETTER})|(?<=[(\[{{<]{_LETTER}{_LETTER}))[)\]}}>](?={_LETTER})"
)
_WEIGHT = re.compile(r":\s*[\d.]+\s*(?=[)\]}>])|[()\[\]{}<>]")
# Single characters, three or more, with the same gap between them; the second begins after an article.
_SPACED = re.compile(rf"(?<![^\W_]){_LETTER}({_SEPARATOR}{{1,3}})[^\W_](?:\1[^\W_])+(?![^\W_])")
_SPACED_LATER = re.compile(rf"(?<=(?<![^\W_])[ai] ){_LETTER}( )[^\W_](?:\1[^\W_])+(?![^\W_])")
_SPACED_CJK = re.compile(rf"(?<={_CJK})[\s.*_~\u00b7|/-]{{1,3}}(?={_CJK})")
_INNER_LEET = re.compile(rf"(?<={_LETTER})[{re.escape(''.join(_LEET))}1!]{{1,2}}(?={_LETTER})")
_EDGE_LEET = re.compile(rf"(?<![^\W_])[@$\d!€]{{1,2}}(?={_LETTER})|(?<={_LETTER})[@$\d!€]{{1,2}}(?![^\W_])")
# Characters taken apart, each into as many signs as there are in its key.
_TAKEN_APART = {
    "弓虽": "强",
    "车仑": "轮",
    "亻尔": "你",
    "你女马": "你妈",
    "强女干": "强奸",
    "轮女干": "轮奸",
    "彳艮": "很",
}
# Letters beyond the second of a run, unless the run is the whole word (xxx, www): English has no triple letters.
_WORD_RUN = re.compile(r"(?<![^\W_])([^\W\d_])\1*(?![^\W_])")
_RUN = re.compile(r"([^\W\d_])\1(\1+)")
_INNER_SIGN = re.compile(rf"(?<={_LETTER})[^\w\s]{{1,2}}(?={_LETTER})|(?<={_LETTER})_(?={_LETTER})")
_NEEDLESS_SPACE = re.compile(r"^ +| +$|(?<= ) +")
# Signs that show nothing though Unicode calls them letters or symbols: Hangul fillers and the empty braille cell.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_ENCLOSED = (0x1F1E6, 0x1F150, 0x1F170)
"""Where the alphabets of flags and of white-on-black letters begin; compatibility forms leave them alone."""
_DROPPED = frozenset({"Mn", "Me", "Cf", "Cs"})
_CONTROLS = dict.fromkeys([*range(32), 127], " ")


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a text: `origin[i]` is the index, in the member's text, of what `text[i]` was made from."""

    text: str
    origin: Sequence[int]
    source: str

    def span(self, match: re.Match[str]) -> tuple[int, int]:
        """Where, in the member's text, a match in this reading is."""
        return self.origin[match.start()], self.origin[match.end() - 1] + 1


@dataclass(frozen=True, slots=True)
class Views:
    """The readings of one text."""

    folded: View
    plain: View
    others: tuple[View, ...]


def normalise(text: str) -> str:
    """The plain reading of a text; normalising it again changes nothing."""
    return views(text).plain.text


def views(text: str) -> Views:
    """Every reading of a text that the rules should see."""
    folded = _fold(text)
    plain = _plain(folded, one="i")
    readings = [plain, _drop(plain, _INNER_SIGN), _drop(plain, _SPACED_CJK), _edges(plain, "i")]
    if _SPACED_LATER.search(folded.text):  # 'a n u d e' is an article and a word
        readings.append(_plain(_map(folded, _SPACED_LATER, _unless_sign), one="i"))
    if "1" in folded.text or "!" in folded.text:  # either of them may stand for an l, too
        other = _plain(folded, one="l")
        readings += [other, _edges(other, "l")]
    distinct = {reading.text: reading for reading in reversed(readings)}
    del distinct[plain.text]
    return Views(folded, plain, tuple(distinct.values()))


def _fold(text: str) -> View:
    if text.isascii():
        return View(text.lower().translate(_CONTROLS), range(len(text)), text)
    letters = [(letter, index) for index, character in enumerate(text) for letter in _fold_character(character)]
    return View("".join(letter for letter, _ in letters), tuple(index for _, index in letters), text)


@functools.lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    """What is left of one character: nothing, itself in lower case, or what it stands for or looks like."""
    if character in _BLANKS:
        return ""
    if base := next((base for base in _ENCLOSED if base <= ord(character) < base + 26), None):
        return chr(ord("a") + ord(character) - base)
    seen = None
    while character != seen:  # casefolding can make something to decompose, and the other way round
        seen = character
        kept = (c for c in unicodedata.normalize("NFKD", character) if unicodedata.category(c) not in _DROPPED)
        character = "".join(_LOOK_ALIKES.get(c, c) for c in "".join(kept).casefold())
        character = unicodedata.normalize("NFC", character)
    return "".join(" " if c.isspace() or unicodedata.category(c) == "Cc" else c for c in character)


def _plain(view: View, one: str) -> View:
    before = None
    while before != view.text:  # undoing one trick may uncover another; every step shortens or leaves fewer signs
        before = view.text
        view = _drop(_replace(_drop(view, _BRACKETED), _WEIGHT, " "), _NEEDLESS_SPACE)
        view = _map(view, _SPACED, _unless_sign)
        view = _map(view, _INNER_LEET, lambda c: _letter(c, one))
        view = _shorten(view)
        for parts, whole in _TAKEN_APART.items():
            view = _compose(view, parts, whole)
    return view


def _compose(view: View, parts: str, whole: str) -> View:
    """Put a character that was taken apart together again, in the place of its first part."""
    at = view.text.find(parts)
    while at >= 0:
        kept = (*view.origin[: at + len(whole)], *view.origin[at + len(parts) :])
        view = View(view.text[:at] + whole + view.text[at + len(parts) :], kept, view.source)
        at = view.text.find(parts)
    return view


def _shorten(view: View) -> View:
    whole = {match.start() for match in _WORD_RUN.finditer(view.text)}
    return _edit(view, [run.span(2) for run in _RUN.finditer(view.text) if run.start() not in whole], lambda _: "")


def _edges(view: View, one: str) -> View:
    return _map(view, _EDGE_LEET, lambda c: _letter(c, one))


def _unless_sign(character: str) -> str:
    return character if character.isalnum() else ""


def _letter(sign: str, one: str) -> str:
    return one if sign in "1!" else _LEET.get(sign, sign)


def _drop(view: View, pattern: re.Pattern[str]) -> View:
    return _replace(view, pattern, "")


def _replace(view: View, pattern: re.Pattern[str], by: str) -> View:
    return _map(view, pattern, lambda _: by)


def _map(view: View, pattern: re.Pattern[str], change: Callable[[str], str]) -> View:
    return _edit(view, [match.span() for match in pattern.finditer(view.text)], change)


def _edit(view: View, spans: list[tuple[int, int]], change: Callable[[str], str]) -> View:
    """`change` every character of the spans to one other or to nothing."""
    if not spans:
        return view
    characters = list(view.text)
    for start, end in spans:
        characters[start:end] = map(change, characters[start:end])
    kept = [index for index, character in enumerate(characters) if character]
    origin = tuple(view.origin[index] for index in kept)
    return View("".join(characters[index] for index in kept), origin, view.source)
