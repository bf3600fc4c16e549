"""Writes captions for labels in the many ways people ask for avatars, and says which labels each caption mentions."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from engines.training import words as w
from engines.training.attributes import ATTRIBUTES, CAPTION, COLOURS, Labels
from engines.training.colour_names import names_of
from engines.training.split import kept_words, known, unknown

NAMES = names_of(COLOURS, kept_words())
"""Colour value -> names of the colour survey, none of them with a held-out word in it."""
_SURVEYED = tuple(name for name, names in NAMES.items() if len(names) > 20)


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption and what it mentions: the labels that a reader could know from the text alone."""

    text: str
    mentioned: Labels


@dataclass(slots=True)
class _Draft:
    """A caption being written: adjectives before the noun, phrases after it, and the labels mentioned so far."""

    labels: Labels
    rng: random.Random
    held_out: float
    adjectives: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    mentioned: Labels = field(default_factory=dict)

    def word(self, words: w.Words) -> str:
        """A word for the training captions, the common ones (they come first) more often; or one those never use."""
        if self.chance(self.held_out) and (unseen := unknown(words)):
            return self.rng.choice(unseen)
        taught = known(words)
        return taught[int(len(taught) * self.rng.random() ** 2)]

    def colour(self, name: str, words: Mapping[str, w.Words] = w.COLOURS) -> str:
        """A word for the colour: ours, now and then with a shade before it, or one of the survey's names."""
        if name in _SURVEYED and self.chance(0.35 * (1 - self.held_out)):
            return self.rng.choice(NAMES[name])
        shade = f"{self.rng.choice(w.SHADES)} " if words is w.COLOURS and self.chance(0.12) else ""
        return shade + self.word(words[name])

    def hair_colour(self) -> str:
        """A word for the hair's colour; of the survey's names, those of colours that no hair grows in."""
        name = self.labels["hair_colour"]
        grown = name not in ("pink", "blue", "green", "purple")
        return self.word(w.HAIR_COLOURS[name]) if grown else self.colour(name, w.HAIR_COLOURS)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def mention(self, *attributes: str) -> None:
        for attribute in attributes:
            self.mentioned[attribute] = self.labels[attribute]


def write(labels: Labels, rng: random.Random, held_out: float = 0.0) -> Caption:
    """Write one caption for labels; `held_out` is the share of words that training captions never use.

    Each attribute is left out now and then (and is then free for the denoiser to choose), the absence of glasses and
    beards is seldom spelled out, and short captions of one to three attributes are common. A picture of one's own has
    the caption that its owner wrote.
    """
    if CAPTION in labels:
        return Caption(labels[CAPTION], {name: labels[name] for name in ATTRIBUTES if name in labels})
    draft = _Draft(labels, rng, held_out)
    person = labels["style"] in ("cartoon", "pixel")
    writers = [_skin, _hair, _glasses, _facial_hair, _clothes] if person else [_body, _eyes, _top]
    writers += [_expression, _background]
    rng.shuffle(writers)
    keep = rng.choice((0.3, 0.6, 0.85, 0.95, 1.0))
    for writer in writers:
        if draft.chance(1.0 if held_out == 1 else keep):
            writer(draft)
    noun = _noun(draft)
    text = _assemble(draft, noun)
    return Caption(_roughen(text, rng), draft.mentioned)


def write_nothing(rng: random.Random) -> Caption:
    """A caption that asks for nothing the model can draw, sometimes an empty one."""
    if rng.random() < 0.15:
        return Caption("", {})
    text = rng.choice(w.OUT_OF_REACH)
    if rng.random() < 0.3:
        text = f"{rng.choice(w.OPENINGS)} {text}"
    if rng.random() < 0.3:
        text = f"{text}, {rng.choice(w.ENDINGS)}"
    return Caption(_roughen(text, rng), {})


def _noun(draft: _Draft) -> str:
    labels, style = draft.labels, draft.labels["style"]
    if style in ("robot", "monster"):
        draft.mention("style")
        return draft.word(w.STYLES[style])
    modifier = ""
    if style == "pixel" or draft.chance(0.3):
        modifier = draft.word(w.STYLES[style])
    if draft.chance(0.12 * (1 - draft.held_out)):
        if not modifier and draft.adjectives + draft.phrases and draft.chance(0.5):
            draft.mention("style")
            return ""
        noun = draft.rng.choice(w.CALLINGS)
    else:
        gender, age = labels.get("gender", ""), labels.get("age", "")
        if draft.chance(0.15):
            gender = age = ""
        noun = draft.word(w.PEOPLE[gender, age])
        draft.mentioned |= {k: v for k, v in (("gender", gender), ("age", age)) if v}
    draft.mention("style")
    if modifier and draft.chance(0.2):
        draft.phrases.append(f"{modifier} style")
        return noun
    return f"{modifier} {noun}".strip()


def _skin(draft: _Draft) -> None:
    skin = draft.labels["skin"]
    draft.mention("skin")
    if draft.chance(0.7):
        draft.adjectives.append(draft.word(w.SKINS[skin]))
    else:
        draft.phrases.append(f"with {draft.word(w.SKIN_PHRASES[skin])}")


def _hair(draft: _Draft) -> None:
    labels, hair = draft.labels, draft.labels["hair"]
    if hair in w.HATS:
        draft.mention("hair")
        colour = ""
        if draft.chance(0.6):
            colour = f"{draft.colour(labels['hat_colour'])} "
            draft.mention("hat_colour")
        start = draft.rng.choice(("with", "wearing", "in"))
        draft.phrases.append(f"{start} {_article(draft.word(w.HATS[hair]).format(colour))}")
        return
    if hair == "bald":
        draft.mention("hair")
        if draft.chance(0.7):
            draft.adjectives.append(draft.word(w.HAIR_ADJECTIVES[hair]))
        else:
            draft.phrases.append(f"with {draft.word(w.HAIR_PHRASES[hair])}")
        return
    colour_known = draft.chance(0.85)
    if colour_known:
        draft.mention("hair_colour")
    shape_known = draft.chance(0.75) or not colour_known
    if colour_known and draft.chance(0.35):
        draft.adjectives.append(draft.word(w.HAIR_COLOUR_ADJECTIVES[labels["hair_colour"]]))
        colour = ""
    else:
        colour = f"{draft.hair_colour()} " if colour_known else ""
    if shape_known:
        draft.mention("hair")
        if not colour and hair in w.HAIR_ADJECTIVES and draft.chance(0.5):
            draft.adjectives.append(draft.word(w.HAIR_ADJECTIVES[hair]))
        else:
            draft.phrases.append(_with(draft, _article(draft.word(w.HAIR_PHRASES[hair]).format(colour))))
    elif colour:
        draft.phrases.append(_with(draft, f"{colour}hair"))


def _glasses(draft: _Draft) -> None:
    glasses = draft.labels["glasses"]
    if glasses == "none":
        if draft.chance(0.15):
            draft.mention("glasses")
            draft.phrases.append(draft.word(w.GLASSES["none"]))
        return
    draft.mention("glasses")
    if glasses == "glasses" and draft.chance(0.08 * (1 - draft.held_out)):
        draft.adjectives.append("bespectacled")
        return
    size = draft.rng.choice(("big ", "small ", "nice ")) if draft.chance(0.08) else ""
    start = draft.rng.choice(("with", "wearing", "in", "with"))
    draft.phrases.append(f"{start} {size}{draft.word(w.GLASSES[glasses])}")


def _facial_hair(draft: _Draft) -> None:
    kind = draft.labels["facial_hair"]
    if kind == "none" and not draft.chance(0.12):
        return
    draft.mention("facial_hair")
    if draft.chance(0.35):
        draft.adjectives.append(draft.word(w.FACIAL_HAIR_ADJECTIVES[kind]))
        return
    colour = ""
    if kind != "none" and draft.chance(0.3):
        draft.mention("hair_colour")
        colour = f"{draft.hair_colour()} "
    draft.phrases.append(_with(draft, _article(draft.word(w.FACIAL_HAIR[kind]).format(colour))))


def _clothes(draft: _Draft) -> None:
    labels = draft.labels
    garment = labels.get("garment", "") if draft.chance(0.6) else ""
    colour = draft.colour(labels["clothes"]) if draft.chance(0.88) or not garment else ""
    if colour:
        draft.mention("clothes")
    if garment:
        draft.mention("garment")
    elif draft.chance(0.25):
        draft.phrases.append(f"{draft.rng.choice(('dressed in', 'wearing', 'in'))} {colour}")
        return
    noun = draft.word(w.GARMENTS[garment])
    plural = noun.split()[-1].endswith(("s", "clothing", "attire", "apparel"))
    thing = f"{colour} {noun}".strip()
    start = draft.rng.choice(("in", "wearing", "with", "in", "dressed in", ""))
    draft.phrases.append(f"{start} {thing if plural or not start else 'a ' + thing}".strip())
    draft.phrases[-1] = _article(draft.phrases[-1])


def _body(draft: _Draft) -> None:
    colour = draft.colour(draft.labels["colour"])
    draft.mention("colour")
    if draft.chance(0.9):
        draft.adjectives.append(colour)
    else:
        draft.phrases.append(draft.rng.choice(("colored {}", "with a {} body", "coloured in {}")).format(colour))


def _eyes(draft: _Draft) -> None:
    if draft.chance(0.75):
        draft.mention("eyes")
        draft.phrases.append(_with(draft, draft.word(w.EYES[draft.labels["eyes"]])))


def _top(draft: _Draft) -> None:
    if "top" in draft.labels and draft.chance(0.75):
        draft.mention("top")
        draft.phrases.append(_with(draft, draft.word(w.TOPS[draft.labels["top"]])))


def _expression(draft: _Draft) -> None:
    expression = draft.labels["expression"]
    if draft.chance(0.25):
        return
    draft.mention("expression")
    if draft.chance(0.35):
        draft.phrases.append(f"with {draft.word(w.EXPRESSION_PHRASES[expression])}")
    elif draft.chance(0.6):
        draft.adjectives.append(draft.word(w.EXPRESSIONS[expression]))
    else:
        draft.phrases.append(draft.word(w.EXPRESSIONS[expression]))


def _background(draft: _Draft) -> None:
    draft.mention("background")
    colour = draft.colour(draft.labels["background"])
    draft.phrases.append(_article(draft.word(w.BACKGROUNDS).format(colour)))


def _with(draft: _Draft, thing: str) -> str:
    return f"{draft.rng.choice(('with', 'with', 'with', 'has', 'having', ''))} {thing}".strip()


def _article(text: str) -> str:
    """Make 'a orange hat' 'an orange hat'."""
    parts = text.split(" ")
    return " ".join("an" if a == "a" and b[:1] in "aeiou" else a for a, b in zip(parts, [*parts[1:], "."], strict=True))


def _assemble(draft: _Draft, noun: str) -> str:
    rng, adjectives, phrases = draft.rng, draft.adjectives, draft.phrases
    rng.shuffle(adjectives)
    rng.shuffle(phrases)
    manner = rng.random()
    subject = " ".join([*adjectives, noun]).strip()
    if manner < 0.25:  # telegraphic: everything between commas
        parts = [*adjectives, noun] if rng.random() < 0.5 else [subject]
        parts += [p.removeprefix("with ").removeprefix("wearing ").removeprefix("a ") for p in phrases]
        parts = [part for part in parts if part]
        if rng.random() < 0.5:
            rng.shuffle(parts)
        text = rng.choice((", ", ", ", " ", " / ")).join(parts)
    elif manner < 0.4:  # adjectives trail behind the noun
        text = ", ".join([part for part in (noun, *phrases, *adjectives) if part])
    else:
        article = rng.choice(("a ", "a ", "", "the ")) if subject else ""
        glue = rng.choice((" ", " ", ", ", " and "))
        text = _article(article + subject)
        for i, phrase in enumerate(phrases):
            text += (" " if i == 0 else glue) + phrase
    if rng.random() < 0.25:
        text = f"{rng.choice(w.OPENINGS)} {text}"
    if rng.random() < 0.15:
        text = f"{text}, {rng.choice(w.ENDINGS)}"
    return text.strip()


def _roughen(text: str, rng: random.Random) -> str:
    """Capitals, full stops and the odd typing error, as people write."""
    if len(text) > 8 and rng.random() < 0.06:
        at = rng.randrange(1, len(text) - 1)
        text = text[:at] + text[at + 1 :]
    if rng.random() < 0.2:
        text = text[:1].upper() + text[1:]
    if rng.random() < 0.15:
        text += rng.choice((".", "!", " :)"))
    return text
