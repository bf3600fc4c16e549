"""What a picture of the embedded model can be asked for: attributes, values, and the colours behind names.

The order of attributes is the order of the text encoder's output tokens, so it is part of the weights' format.
"""

from __future__ import annotations

from zlib import crc32

Labels = dict[str, str]
"""attribute -> value; an attribute that does not apply, or is not mentioned, is absent."""
CAPTION = "caption"
"""Beside the labels of a picture of one's own: what its owner wrote, in place of captions written from labels."""

COLOURS: dict[str, tuple[str, ...]] = {
    "white": ("#ffffff", "#f6f6f6"),
    "gray": ("#a3a8ad", "#8f949b"),
    "black": ("#22252a", "#2b2d33"),
    "blue": ("#3b82f6", "#5aa2f0", "#2f6fd0"),
    "teal": ("#2dbdb0", "#3cc8c0"),
    "green": ("#4cc36a", "#5bc85b", "#3aa655"),
    "yellow": ("#ffd84d", "#ffe066"),
    "orange": ("#ff9a3d", "#f58b2e"),
    "red": ("#e5484d", "#d93a3a"),
    "pink": ("#ff9ec4", "#ffb0cf"),
    "purple": ("#9b6cf0", "#8b5cd6"),
}
SKINS: dict[str, tuple[str, ...]] = {
    "pale": ("#ffe3cc", "#ffdbb4"),
    "light": ("#f2c9a0", "#edb98a"),
    "tan": ("#d9a066", "#d08b5b"),
    "brown": ("#b0703f", "#ae5d29"),
    "dark": ("#6b4630", "#5a3a28"),
}
HAIR_COLOURS: dict[str, tuple[str, ...]] = {
    "black": ("#1c1614", "#2c1b18"),
    "brown": ("#724133", "#5f3a22", "#83502f"),
    "blonde": ("#e8c46a", "#d6b370", "#f2d680"),
    "red": ("#c93305", "#b8360f", "#d6491a"),
    "gray": ("#9a9a9e", "#8a8d91"),
    "white": ("#f2f2f2", "#e8e8ec"),
    "pink": ("#f587b4", "#ec6aa2"),
    "blue": ("#2f7fd6", "#3a6fe0"),
    "green": ("#3fa34d", "#4cb944"),
    "purple": ("#7a4fc4", "#8e44ad"),
}
BODY_COLOURS = COLOURS | {"black": ("#454a52", "#3c4149")}
"""Colours of robots and monsters: their black is lighter, so that the dark ink of eyes and mouth stays visible."""

PALETTES: dict[str, dict[str, tuple[str, ...]]] = {
    "skin": SKINS,
    "hair_colour": HAIR_COLOURS,
    "hat_colour": COLOURS,
    "clothes": COLOURS,
    "colour": BODY_COLOURS,
    "background": COLOURS,
}

_NAMES = tuple(COLOURS)
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "style": ("cartoon", "pixel", "robot", "monster"),
    "gender": ("man", "woman"),
    "age": ("young", "old"),
    "skin": tuple(SKINS),
    "hair": ("bald", "short", "bob", "long", "curly", "afro", "bun", "dreads", "spiky", "hat", "scarf", "turban"),
    "hair_colour": tuple(HAIR_COLOURS),
    "hat_colour": _NAMES,
    "glasses": ("none", "glasses", "sunglasses"),
    "facial_hair": ("none", "beard", "moustache"),
    "clothes": _NAMES,
    "garment": ("shirt", "hoodie", "blazer", "overalls", "sweater"),
    "expression": ("smile", "laugh", "sad", "angry", "surprised", "neutral", "wink", "love"),
    "colour": _NAMES,
    "eyes": ("one", "two", "three", "sleepy", "round", "hearts", "glow", "visor", "happy", "dizzy"),
    "top": ("horns", "antenna", "ears", "crown", "spikes", "leaf", "bulb", "lights", "radar"),
    "background": _NAMES,
}

_PERSON_COMBINATION = ("style", "skin", "hair_colour", "clothes", "background")
_OTHER_COMBINATION = ("style", "colour", "top", "background")


def is_held_out(labels: Labels) -> bool:
    """Whether this combination of visible attributes belongs to the twentieth that training never sees."""
    person = labels["style"] in ("cartoon", "pixel")
    names = _PERSON_COMBINATION if person else _OTHER_COMBINATION
    return crc32("|".join(labels.get(name, "-") for name in names).encode()) % 20 == 0
