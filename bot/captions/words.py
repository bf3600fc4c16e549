"""Looking at text: words, sentences, scripts, emoji. Standard library only."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE = re.compile(r".*?(?:[.!?…]+[\"'”’)]*(?=\s|$)|$)", re.DOTALL)

STOPWORDS = frozenset(
    """a about after all also always am an and any are as at be because been before being but by can could did do does
    doing don't down each even ever every for from get gets getting go goes going got had has have having he her here
    him his how i i'd i'll i'm i've if in into is it it's its just let let's like made make makes me more most much my
    never new no not now of off oh on one only or our out over own really she should so some such than that that's the
    their them then there there's these they they're this those through time to too up us very was way we we'll we're
    we've were what when where which while who why will with would yes yet you you'll you're your""".split()  # noqa: SIM905 - two hundred words read better as a text
)
"""Words that say nothing of what a text is about."""


def words(text: str) -> list[str]:
    """The words of a text, lower case, with straight apostrophes."""
    return [word.replace("’", "'").casefold() for word in _WORD.findall(text)]


def content(text: str) -> list[str]:
    """The words that say what a text is about, without their endings: 'trees' and 'tree' are one word here."""
    return [stem(word) for word in words(text) if word not in STOPWORDS]


def stem(word: str) -> str:
    """Take off the commonest English endings; crude, but the same for both texts compared."""
    word = word.removesuffix("'s")
    for ending in ("ies", "ing", "es", "ed", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with its closing mark; the last may lack one."""
    return [found.strip() for found in _SENTENCE.findall(text) if found.strip()]


def capitalised(text: str) -> str:
    """The text with its first letter upper case, the rest untouched."""
    return text[:1].upper() + text[1:]


def shortened(text: str, limit: int) -> str:
    """The text, cut at a word's end and marked with '…' when it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut) + "…"


def emoji(character: str) -> bool:
    """Whether a character is a pictograph, or one of the invisible ones that join and vary them."""
    code = ord(character)
    return 0x1F000 <= code <= 0x1FAFF or 0x2600 <= code <= 0x27BF or code in (0xFE0F, 0x200D, 0x20E3, 0x2B50, 0x2B55)


def without_emoji(text: str) -> str:
    """The text without pictographs."""
    return "".join(character for character in text if not emoji(character))


def latin_share(text: str) -> float:
    """Which part of a text's letters are Latin; 0 for a text without letters."""
    letters = [character for character in text if character.isalpha()]
    return (
        sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters) / len(letters) if letters else 0.0
    )


_SCRIPTS = (
    (re.compile("[぀-ヿ]"), 0.1, "ja"),  # few kana are enough: a Japanese sentence may be mostly Han
    (re.compile("[가-힯]"), 0.5, "ko"),
    (re.compile("[Ѐ-ӿ]"), 0.5, "ru"),
    (re.compile("[一-鿿]"), 0.5, "zh_CN"),
)


def script_locale(text: str) -> str:
    """The locale whose script a text is written in; English for Latin letters and all others."""
    letters = sum(map(str.isalpha, text)) or 1
    return next((locale for script, share, locale in _SCRIPTS if len(script.findall(text)) > share * letters), "en")
