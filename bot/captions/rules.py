"""What a caption may not be; one with a fault is not shown.

To add a rule: 1. write a function of (text, topic, tone), 2. add it to SENTENCE_RULES or TEXT_RULES
under the name that benchmarks/captions_quality.py counts it by, 3. add a line to its test.
"""

import re
from collections.abc import Callable

from bot.captions.catalogue import Tone, kind_of
from bot.captions.words import content, emoji, latin_share, sentences, without_emoji, words

_META = re.compile(
    r"\b(?:here(?:'s| is| are)(?: an?| the| your| my| some)? (?:\w+ ){0,3}(?:caption|example|sentence|text|line)s?"
    r"|(?:as|i'?m|i am) an? (?:helpful |\w+ )?(?:ai|assistant|language model|chatbot)|smollm|hugging ?face"
    r"|this (?:caption|sentence|text|topic)|(?:the|my|your|a) caption|the topic)\b",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"https?:|www\.|\S+@\S+|\b[\w-]+\.(?:com|org|net|io|co|info|edu|gov|app|shop)\b"
    r"|\b(?:website|hashtag|link in bio)\b",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<!\w)@\w|\b(?:u|r)/\w")
_PLACEHOLDER = re.compile(r"[\[\]{}<>|\\^~=_`]|\*\*|\bX{2,}\b")
_MONEY = re.compile(r"[$€£¥%]|\b(?:dollars?|euros?|pounds|cents|percent)\b", re.IGNORECASE)
_DATE = re.compile(
    r"\b(?:january|february|april|june|july|august|september|october|november|december"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|christmas|easter|halloween|thanksgiving)\b",
    re.IGNORECASE,
)
_MARCH_OR_MAY = re.compile(r"\b(?:in|on|this|next|last|until|since|by|of) (?:March|May)\b|\b(?:March|May) \d")
_WHEN = re.compile(
    r"\b(?:today|tonight|tomorrow|yesterday|minutes|hours?|days|weeks?|months?|decades?|centur(?:y|ies)"
    r"|years (?:ago|old|later)|(?:this|next|last) (?:week|weekend|month|year|spring|summer|autumn|fall|winter"
    r"|morning|evening|night|afternoon))\b",
    re.IGNORECASE,
)
_NUMBER_WORD = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|twenty|thirty|forty|fifty|sixty|hundreds?"
    r"|thousands?|millions?|billions?|half|third|quarter)\b",
    re.IGNORECASE,
)
_NOT_NAMES = frozenset({"i", "i'm", "i'll", "i've", "i'd", "english", "internet", "god", "ok"})
_MARKS = ".,;:!?…-()'‘’"
_WAFFLE = re.compile(
    r"\b(?:i'?m not sure|i don'?t know|i can'?t (?:tell|say)|let me know|i would like to|it(?:'s| is) important to)\b",
    re.IGNORECASE,
)
_EITHER_OR = tuple(
    frozenset(group.split())
    for group in (
        "black white gray grey blue teal green yellow orange red pink purple brown blonde",
        "smiling grinning laughing sad crying frowning angry furious surprised shocked",
        "robot monster man woman girl boy",
    )
)
"""What is one of these is none of the others: colours, faces, and who a picture shows."""
Rule = Callable[[str, str, Tone], bool]


def faults(text: str, topic: str, tone: Tone) -> frozenset[str]:
    """The names of the rules that a text breaks; none for one worth showing."""
    rules = {**SENTENCE_RULES, **TEXT_RULES}
    return frozenset(name for name, broken in rules.items() if broken(text, topic, tone))


def _added(pattern: re.Pattern[str], text: str, topic: str) -> bool:
    """Whether `pattern` finds something in the text that the topic does not say."""
    said = topic.casefold()
    return any(found.group().casefold() not in said for found in pattern.finditer(text))


def _handle(text: str, topic: str, tone: Tone) -> bool:
    return bool(_HANDLE.search(text))


def _link(text: str, topic: str, tone: Tone) -> bool:
    return _added(_LINK, text, topic) or "http" in text.casefold()


def _meta(text: str, topic: str, tone: Tone) -> bool:
    return _added(_META, text, topic)


def _placeholder(text: str, topic: str, tone: Tone) -> bool:
    return bool(_PLACEHOLDER.search(text))


def _number(text: str, topic: str, tone: Tone) -> bool:
    """A figure, price or calendar date that the member did not give."""
    figures = set(re.findall(r"\d+", text)) - set(re.findall(r"\d+", topic))
    return bool(figures) or any(_added(pattern, text, topic) for pattern in (_MONEY, _DATE, _MARCH_OR_MAY))


def _moment(text: str, topic: str, tone: Tone) -> bool:
    """A time or a count in words that the member did not give, where the tone adds nothing."""
    return tone.invents == "nothing" and (_added(_WHEN, text, topic) or _added(_NUMBER_WORD, text, topic))


def _name(text: str, topic: str, tone: Tone) -> bool:
    """A person or place that the member did not mention, unless the tone may make up people."""
    return tone.invents != "people" and _names_somebody(text, topic)


def makes_up(text: str, topic: str) -> bool:
    """Whether a text adds a count, a person or a place to the topic: sound in some tones, and never the best choice."""
    return _added(_NUMBER_WORD, text, topic) or _names_somebody(text, topic)


def _names_somebody(text: str, topic: str) -> bool:
    later = (word.strip(_MARKS) for sentence in sentences(text) for word in sentence.split()[1:])
    names = {word.replace("’", "'").casefold() for word in later if word[:1].isupper() and not word.isupper()}
    return bool({name.removesuffix("'s") for name in names} - set(words(topic)) - _NOT_NAMES)


def _waffle(text: str, topic: str, tone: Tone) -> bool:
    return _added(_WAFFLE, text, topic)


def _forbidden(text: str, topic: str, tone: Tone) -> bool:
    padded, said = f" {' '.join(words(text))} ", f" {' '.join(words(topic))} "
    return any(f" {phrase} " in padded and f" {phrase} " not in said for phrase in tone.forbidden)


def _mood(text: str, topic: str, tone: Tone) -> bool:
    """Sorry for what was praised, or sorry that a question was asked."""
    return "sorry" in words(text) and kind_of(topic) != "complaint"


def _contradiction(text: str, topic: str, tone: Tone) -> bool:
    """A robot called a woman, red hair called blue: what the topic says is one of a group is said to be another."""
    said, told = set(words(text)), set(words(topic))
    return any(group & told and group & said - told for group in _EITHER_OR)


def _emoji(text: str, topic: str, tone: Tone) -> bool:
    shown = [character for character in text if emoji(character)]
    return len(shown) > 3 or bool(set(shown) - tone.emoji - set(topic))


def _shouting(text: str, topic: str, tone: Tone) -> bool:
    loud = [word for word in without_emoji(text).split() if len(word) > 3 and word.isupper() and word not in topic]
    return len(loud) > 2


def _language(text: str, topic: str, tone: Tone) -> bool:
    """Letters of another script than the topic's: the model has lost its way. An emoji alone has no script."""
    return latin_share(topic) > 0.5 and any(map(str.isalpha, text)) and latin_share(text) < 0.95


def _short(text: str, topic: str, tone: Tone) -> bool:
    return len(words(text)) < 4


def _long(text: str, topic: str, tone: Tone) -> bool:
    return len(words(text)) > tone.max_words


def _parrot(text: str, topic: str, tone: Tone) -> bool:
    """The topic again, with next to nothing said about it."""
    news = set(content(text)) - set(content(topic))
    return not news or (len(news) == 1 and len(words(text)) < len(words(topic)) + 5)


def _copied(text: str, topic: str, tone: Tone) -> bool:
    """More words in a row of an example than the tone echoes, or what one of them is about."""
    longest = tone.echo + 1
    own = set(content(topic))
    for example in tone.examples:
        if (_ngrams(words(text), longest) & _ngrams(words(example.caption), longest)) - _ngrams(words(topic), longest):
            return True
        leaked = set(content(example.topic)) & set(content(text)) - own
        if leaked and len(set(content(text)) & set(content(example.caption)) - own) >= 3:
            return True
    return False


def _loop(text: str, topic: str, tone: Tone) -> bool:
    """The same three words twice, or one word again and again."""
    said = words(text)
    triples = [tuple(said[start : start + 3]) for start in range(len(said) - 2)]
    telling = content(text)
    return len(triples) > len(set(triples)) or any(telling.count(word) > 2 for word in set(telling))


def _ngrams(said: list[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(said[start : start + length]) for start in range(len(said) - length + 1)}


SENTENCE_RULES: dict[str, Rule] = {
    "handle": _handle,
    "link": _link,
    "meta": _meta,
    "placeholder": _placeholder,
    "number": _number,
    "moment": _moment,
    "name": _name,
    "waffle": _waffle,
    "forbidden": _forbidden,
    "mood": _mood,
    "contradiction": _contradiction,
    "emoji": _emoji,
    "shouting": _shouting,
    "language": _language,
}
"""Rules that one sentence can break: `repair` keeps what stands before it."""

TEXT_RULES: dict[str, Rule] = {
    "short": _short,
    "long": _long,
    "parrot": _parrot,
    "copied": _copied,
    "loop": _loop,
}
"""Rules about the whole."""
