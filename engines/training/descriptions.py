"""Writes what can be seen in a picture as one plain sentence: what the captioner learns to write.

Fuller and calmer than `engines.training.captions`, which writes what people ask for: every attribute that shows is
said, in good English, in a few wordings and orders.
"""

from __future__ import annotations

import random

from engines.training.attributes import Labels
from engines.vision.prompts import PEOPLE

EXPRESSIONS = {
    "smile": "smiling", "laugh": "laughing", "sad": "sad", "angry": "angry", "surprised": "surprised",
    "neutral": "calm", "wink": "winking", "love": "loving",
}  # fmt: skip
HAIR = {
    "short": "short {} hair", "bob": "a {} bob", "long": "long {} hair", "curly": "curly {} hair", "afro": "a {} afro",
    "bun": "{} hair in a bun", "dreads": "{} dreadlocks", "spiky": "spiky {} hair",
}  # fmt: skip
HATS = {"hat": "hat", "scarf": "headscarf", "turban": "turban"}
EYES = {
    "one": "one eye", "two": "two eyes", "three": "three eyes", "sleepy": "sleepy eyes", "round": "round eyes",
    "hearts": "heart-shaped eyes", "glow": "glowing eyes", "visor": "a visor", "happy": "happy eyes",
    "dizzy": "dizzy eyes",
}  # fmt: skip
TOPS = {
    "horns": "horns", "antenna": "an antenna", "ears": "ears", "crown": "a crown", "spikes": "spikes",
    "leaf": "a leaf on its head", "bulb": "a light bulb on its head", "lights": "lights on its head",
    "radar": "a radar dish",
}  # fmt: skip


def describe(labels: Labels, rng: random.Random) -> str:
    """One sentence, without its capital and full stop, in a wording drawn from `rng`."""
    if "drawing" in labels:
        return _drawing(labels)
    person = labels["style"] in ("cartoon", "pixel")
    sentence = _person(labels, rng) if person else _being(labels, rng)
    return _a(f"{_articled(sentence)} {rng.choice(('on', 'on', 'against'))} a {labels['background']} background")


def _drawing(labels: Labels) -> str:
    if labels["drawing"] != "shapes":
        return labels["drawing"]
    thing, count = f"{labels['shape_colour']} {labels['shape']}", labels["count"]
    things = _articled(thing) if count == "one" else f"{count} {thing}s"
    return _a(f"{things} on a {labels['background']} background")


def _person(labels: Labels, rng: random.Random) -> str:
    noun = PEOPLE[labels.get("gender", ""), labels.get("age", "")]
    style = {"cartoon": rng.choice(("cartoon ", "cartoon ", "")), "pixel": "pixel-art "}[labels["style"]]
    expression = EXPRESSIONS[labels["expression"]]
    skin = f"{labels['skin']}-skinned"
    first = rng.choice((f"{expression}, {skin}", f"{skin}, {expression}"))
    things = []
    hair, colour = labels["hair"], labels.get("hair_colour", "")
    if hair in HATS:
        things.append(_articled(f"{labels['hat_colour']} {HATS[hair]}"))
    elif hair == "bald":
        first = f"{first}, bald"
    else:
        things.append(_a(HAIR[hair].format(colour)))
    if labels["facial_hair"] != "none":
        things.append(_articled(f"{colour} {labels['facial_hair']}"))
    if labels["glasses"] != "none":
        things.append(labels["glasses"])
    clothes = labels["clothes"]
    worn = f"in {_articled(clothes + ' ' + labels['garment'])}" if "garment" in labels else f"in {clothes} clothes"
    with_things = f" with {_listed(things)}" if things else ""
    return f"{first} {style}{noun}{with_things}, {worn},"


def _being(labels: Labels, rng: random.Random) -> str:
    expression, colour = EXPRESSIONS[labels["expression"]], labels["colour"]
    things = [EYES[labels["eyes"]]] + ([TOPS[labels["top"]]] if "top" in labels else [])
    if rng.choice((False, True)):
        things.reverse()
    return f"{expression} {colour} {labels['style']} with {_listed(things)}"


def _listed(things: list[str]) -> str:
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"


def _a(text: str) -> str:
    """Mend the article inside 'a orange bob'."""
    words = text.split(" ")
    return " ".join("an" if a == "a" and b[:1] in "aeio" else a for a, b in zip(words, [*words[1:], "."], strict=True))


def _articled(text: str) -> str:
    if text.split()[-1] in ("overalls",):
        return text
    return f"{'an' if text[:1] in 'aeio' else 'a'} {text}"
