"""What of a candidate can be kept: labels, quotes, hashtags and unfinished ends come off, no word is added."""

import re
import unicodedata

from bot.captions.catalogue import Tone
from bot.captions.rules import SENTENCE_RULES
from bot.captions.words import capitalised, emoji, sentences, words

_LABEL = re.compile(
    r"^\W*(?:caption|text|answer|reply|response|title|topic|assistant|story)\s*\d*\s*:\s*", re.IGNORECASE
)
_HASHTAGS_AT_END = re.compile(r"(?:\s*#\w+)+\s*$")


def repair(text: str, finish_reason: str, topic: str, tone: Tone) -> str:
    """The part of a candidate worth judging, perhaps nothing; a second repair changes nothing more.

    Keeps the first paragraph, without what the member did not ask for, up to the last whole sentence
    before the first one that breaks a rule by itself.
    """
    before = None
    while before != text:  # what one pass takes off may have hidden something from it
        before, text = text, _pass(text, finish_reason, topic, tone)
    return text


def _pass(text: str, finish_reason: str, topic: str, tone: Tone) -> str:
    text = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode("utf-8"))
    text = next((line.strip() for line in text.splitlines() if line.strip()), "")
    text = "".join(
        character for character in text if unicodedata.category(character)[0] != "C" or character == "\u200d"
    )
    text = "".join(character for character in text if not emoji(character) or character in tone.emoji | set(topic))
    text = _HASHTAGS_AT_END.sub("", _LABEL.sub("", _unquoted(" ".join(text.split()))))
    text = re.sub(r"([!?])[!?]+", r"\1", re.sub(r"\.{2,}|…+", "…", text))
    kept: list[str] = []
    parts = sentences(text)
    for index, sentence in enumerate(parts):
        unfinished = index == len(parts) - 1 and finish_reason == "length" and not _closed(sentence)
        repeated = sentence.casefold() in (earlier.casefold() for earlier in kept)
        too_long = len(words(" ".join([*kept, sentence]))) > tone.max_words
        if unfinished or repeated or too_long or any(rule(sentence, topic, tone) for rule in SENTENCE_RULES.values()):
            break
        kept.append(sentence)
    whole = capitalised(" ".join(kept))
    return whole + "." if whole[-1:].isalnum() else whole


def _unquoted(text: str) -> str:
    """Without quotation marks around the whole, or a lone one at either end."""
    inner = text.strip().strip('"“”«»*')
    return inner.strip() if not re.search(r"[\"“”«»]", inner) or inner == text else text.strip()


def _closed(sentence: str) -> bool:
    return sentence.rstrip('"”’)')[-1:] in tuple(".!?…")
