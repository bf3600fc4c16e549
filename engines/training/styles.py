"""Draws random characters as DiceBear options with exact labels: which variant is forced for which attribute value.

Variant tables were made by looking at rendered sheets of dicebear-styles 10.6.0. Only styles whose licence allows
free use of what is drawn: avataaars and bottts (free for personal and commercial use), pixel-art and critters (CC0).
"""

# ruff: noqa: E501 - tables are easier to read and to edit with one value a line

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engines.training.attributes import ATTRIBUTES, Labels

Options = dict[str, object]


@dataclass(frozen=True, slots=True)
class Character:
    """One character without colours: `slots` names, for up to four free colours, (attribute, DiceBear options).

    The labels leave out every colour attribute; those are drawn later, when the parts are tinted.
    """

    style: str
    options: Options
    slots: tuple[tuple[str, tuple[str, ...]], ...]
    labels: Labels


STYLE_NAMES = {"cartoon": "avataaars", "pixel": "pixel-art", "robot": "bottts", "monster": "critters"}
STYLE_SHARES = {"cartoon": 0.4, "pixel": 0.2, "robot": 0.18, "monster": 0.22}

_CARTOON_HAIR: dict[str, tuple[str, ...]] = {
    "bald": ("", "", "sides"),
    "short": (
        "shaggy", "shortFlat", "shortRound", "shortWaved", "theCaesar", "theCaesarAndSidePart", "shaggyMullet",
        "frizzle", "dreads01",
    ),
    "bob": ("bob", "miaWallace", "longButNotTooLong"),
    "long": ("straight01", "straight02", "straightAndStrand", "curvy", "bigHair"),
    "curly": ("curly", "shortCurly"),
    "afro": ("fro",),
    "bun": ("bun",),
    "dreads": ("dreads",),
    "spiky": ("dreads02",),
    "hat": ("hat", "winterHat1", "winterHat02", "winterHat03", "winterHat04"),
    "scarf": ("hijab",),
    "turban": ("turban",),
}  # fmt: skip
_PIXEL_MOUTHS: dict[str, tuple[str, ...]] = {
    "smile": ("smile01", "smile02"),
    "laugh": ("laugh01", "laugh02"),
    "sad": ("frown01", "frown02"),
    "angry": ("angry01", "angry02"),
    "surprised": ("ooh01", "ooh02"),
    "neutral": ("line01", "line02"),
}
_PIXEL_FACE_WEIGHTS = {"smile": 32.0, "laugh": 14.0, "sad": 16.0, "angry": 14.0, "surprised": 10.0, "neutral": 14.0}
_PIXEL_CURLY = ("long15", "short11", "short13")
_PIXEL_HAIR: dict[str, tuple[str, ...]] = {
    "bald": ("",),
    "short": tuple(f"short{i:02}" for i in (1, 2, 3, 4, 6, 8, 9, 10, 12, 14, 15, 16, 17, 19, 22)),
    "long": tuple(f"long{i:02}" for i in (1, 2, 3, 4, 7, 8, 9, 12, 13, 16, 17, 20, 21)),
    "curly": _PIXEL_CURLY,
}
_HAIR_WEIGHTS: dict[str, dict[str, float]] = {
    "man": {"bald": 14, "short": 46, "curly": 7, "afro": 6, "dreads": 4, "spiky": 5, "hat": 12, "turban": 4, "long": 2},
    "woman": {
        "long": 32, "bob": 18, "curly": 11, "afro": 7, "bun": 10, "hat": 8, "scarf": 6, "short": 5, "dreads": 3,
    },
    "": dict.fromkeys(ATTRIBUTES["hair"], 1.0),
}  # fmt: skip
_GARMENTS: dict[str, tuple[str, ...]] = {
    "shirt": ("shirtCrewNeck", "shirtScoopNeck", "shirtVNeck"),
    "hoodie": ("hoodie",),
    "blazer": ("blazerAndShirt", "blazerAndSweater"),
    "overalls": ("overall",),
    "sweater": ("collarAndSweater",),
}
_GARMENT_WEIGHTS = {"shirt": 40.0, "hoodie": 20.0, "blazer": 18.0, "overalls": 10.0, "sweater": 12.0}
_FACES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {  # mouths, eyes, eyebrows
    "smile": (("twinkle", "default"), ("default", "happy", "side"), ("default", "defaultNatural", "raisedExcited")),
    "laugh": (("smile", "tongue"), ("default", "happy", "squint"), ("default", "raisedExcited", "defaultNatural")),
    "sad": (("sad", "concerned"), ("default", "cry", "side"), ("sadConcerned", "sadConcernedNatural")),
    "angry": (("serious", "grimace", "sad"), ("default", "squint", "side"), ("angry", "angryNatural")),
    "surprised": (("disbelief", "screamOpen"), ("surprised",), ("raisedExcited", "raisedExcitedNatural")),
    "neutral": (("serious",), ("default", "side"), ("flatNatural", "default")),
    "wink": (("twinkle", "smile"), ("wink",), ("default", "raisedExcited")),
    "love": (("twinkle", "smile"), ("hearts",), ("default", "raisedExcited")),
}
_FACE_WEIGHTS = {
    "smile": 28.0, "laugh": 20.0, "sad": 12.0, "angry": 11.0, "surprised": 10.0, "neutral": 12.0, "wink": 4.0, "love": 3.0,
}  # fmt: skip
_GLASSES: dict[str, tuple[str, ...]] = {
    "glasses": ("round", "prescription01", "prescription02"),
    "sunglasses": ("sunglasses", "wayfarers", "kurt"),
}
_FACIAL_HAIR: dict[str, tuple[str, ...]] = {
    "beard": ("beardLight", "beardMajestic", "beardMedium"),
    "moustache": ("moustacheFancy", "moustacheMagnum"),
}
_FRAMES = ("#262e33", "#262e33", "#1a1a1a", "#3c4f5c", "#5a3a28", "#e6e6e6", "#ff5c5c", "#5199e4")

_ROBOT_TOPS: dict[str, tuple[str, ...]] = {
    "antenna": ("antenna", "antennaCrooked"),
    "bulb": ("glowingBulb01", "glowingBulb02", "bulb01"),
    "horns": ("horns",),
    "lights": ("lights",),
    "radar": ("radar",),
    "spikes": ("pyramid",),
}
_ROBOT_EYES: dict[str, tuple[str, ...]] = {
    "round": ("round", "roundFrame01", "roundFrame02", "eva", "bulging"),
    "hearts": ("hearts01",),
    "glow": ("glow",),
    "visor": ("robocop", "shade01"),
    "happy": ("happy",),
    "dizzy": ("dizzy",),
    "one": ("sensor",),
}
_ROBOT_MOUTHS: dict[str, tuple[str, ...]] = {
    "smile": ("smile01",),
    "laugh": ("smile02", "laugh01"),
    "sad": ("frown01", "frown02"),
    "angry": ("angry01", "angry02"),
    "surprised": ("ooh01",),
    "neutral": ("bite", "diagram", "grill01", "grill02", "grill03", "square01", "square02"),
}
_ROBOT_TEXTURES = ("circuits", "dirty01", "dirty02", "dots", "grunge01", "grunge02")
_MONSTER_TOPS: dict[str, tuple[str, ...]] = {
    "horns": ("horns", "hornsIn", "hornsSmall"),
    "antenna": ("antenna", "antennae", "bobble"),
    "ears": ("earsRound", "earsPointy", "earsDroop"),
    "crown": ("crown",),
    "spikes": ("spikes", "spike", "fin"),
    "leaf": ("sprout",),
}
_MONSTER_EYES: dict[str, tuple[str, ...]] = {
    "one": ("mono", "monoSleepy"),
    "two": ("round", "dots", "bigPupils", "sideeye", "wide", "happy", "close"),
    "three": ("trio", "threeRow"),
    "sleepy": ("closedLine", "sleepy", "squint"),
}
_MONSTER_MOUTHS: dict[str, tuple[str, ...]] = {
    "smile": ("smile", "tinySmile", "smirk", "catMouth"),
    "laugh": ("grin", "laugh", "teeth", "tooth", "tongue", "open"),
    "sad": ("frown", "sad"),
    "angry": ("frown", "zigzag", "slant", "wavy"),
    "surprised": ("ooh",),
    "neutral": ("line", "dot"),
    "wink": ("smile", "smirk", "grin", "catMouth"),
}
_MONSTER_FACE_WEIGHTS = dict.fromkeys(_MONSTER_MOUTHS, 1.0) | {"wink": 0.4}
_MONSTER_LOOKS = {"angry": "angry", "wink": "wink"}
"""Expression -> the eyes that make it, which are two."""
_MONSTER_BODIES = (
    "dome", "block", "tower", "chimney", "squat", "blob", "round", "tilt", "lean", "peak", "bell", "wedge", "wedgeInv",
    "steps",
)  # fmt: skip


def draw(rng: random.Random, style: str | None = None) -> Character:
    """Draw one character of the given style, or of a random one by STYLE_SHARES."""
    style = style or _weighted(rng, STYLE_SHARES)
    draw_one = {"cartoon": _cartoon, "pixel": _pixel, "robot": _robot, "monster": _monster}[style]
    return draw_one(rng)


def _weighted(rng: random.Random, weights: Mapping[str, float]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _pick(rng: random.Random, table: Mapping[str, Sequence[str]], value: str) -> str:
    return rng.choice(table[value])


def _person(rng: random.Random, hair: Mapping[str, Sequence[str]]) -> Labels:
    """Gender and age, then what tends to go with them; a sixth of all people break the habits."""
    gender = rng.choices(["man", "woman", ""], [42, 42, 16])[0]
    age = rng.choices(["old", "young", ""], [14, 10, 76])[0]
    weights = {k: v for k, v in _HAIR_WEIGHTS[gender].items() if k in hair or k == "hat"}
    labels = {"hair": _weighted(rng, weights)}
    beard = {"man": 0.45, "woman": 0.0, "": 0.35}[gender] if age != "young" else 0.0
    labels["facial_hair"] = rng.choices(["beard", "moustache"], [65, 35])[0] if rng.random() < beard else "none"
    glasses = 0.5 if age == "old" else 0.36
    labels["glasses"] = rng.choices(["glasses", "sunglasses"], [55, 45])[0] if rng.random() < glasses else "none"
    if gender:
        labels["gender"] = gender
    if age:
        labels["age"] = age
    return labels


def _cartoon(rng: random.Random) -> Character:
    labels = {"style": "cartoon", **_person(rng, _CARTOON_HAIR)}
    labels["garment"] = _weighted(rng, _GARMENT_WEIGHTS)
    labels["expression"] = _weighted(rng, _FACE_WEIGHTS)
    if labels["expression"] in ("wink", "love") and labels["glasses"] == "sunglasses":
        labels["expression"] = "smile"  # dark lenses hide what makes a wink a wink
    mouths, eyes, brows = _FACES[labels["expression"]]
    top = _pick(rng, _CARTOON_HAIR, labels["hair"])
    worn, beard = labels["glasses"], labels["facial_hair"]
    options: Options = {
        "topVariant": top or "shortFlat",
        "topProbability": 100 if top else 0,
        "clothesVariant": _pick(rng, _GARMENTS, labels["garment"]),
        "mouthVariant": rng.choice(mouths),
        "eyesVariant": rng.choice(eyes),
        "eyebrowsVariant": rng.choice(brows),
        "accessoriesVariant": _pick(rng, _GLASSES, worn) if worn != "none" else "round",
        "accessoriesProbability": 0 if worn == "none" else 100,
        "accessoriesColor": [rng.choice(_FRAMES)],
        "facialHairVariant": _pick(rng, _FACIAL_HAIR, beard) if beard != "none" else "beardLight",
        "facialHairProbability": 0 if beard == "none" else 100,
    }
    slots = [
        ("skin", ("skinColor",)),
        ("hair_colour", ("hairColor", "facialHairColor")),
        ("clothes", ("clothesColor",)),
    ]
    if labels["hair"] in ("hat", "scarf", "turban"):
        slots.append(("hat_colour", ("hatColor",)))
    return Character("cartoon", options, tuple(slots), labels)


def _pixel(rng: random.Random) -> Character:
    labels = {"style": "pixel", **_person(rng, _PIXEL_HAIR)}
    if labels["facial_hair"] == "moustache":
        labels["facial_hair"] = "beard"
    labels["expression"] = _weighted(rng, _PIXEL_FACE_WEIGHTS)
    hat, worn, beard = labels["hair"] == "hat", labels["glasses"], labels["facial_hair"]
    hair = "" if labels["hair"] == "bald" else _pick(rng, _PIXEL_HAIR, "short" if hat else labels["hair"])
    shade = {"glasses": "light", "sunglasses": "dark", "none": "light"}[worn]
    options: Options = {
        "hairVariant": hair or "short01",
        "hairProbability": 100 if hair else 0,
        "hatVariant": f"variant{rng.randint(1, 10):02}",
        "hatProbability": 100 if hat else 0,
        "glassesVariant": f"{shade}{rng.choice((1, 2, 3, 5, 6, 7)):02}",
        "glassesProbability": 0 if worn == "none" else 100,
        "glassesColor": [rng.choice(("#4b4b4b", "#323232", "#191919"))],
        "beardVariant": f"variant{rng.choice((1, 3, 5, 6, 7, 8)):02}",
        "beardProbability": 0 if beard == "none" else 100,
        "accessoriesProbability": 0,
        "clothesVariant": f"variant{rng.choice((1, 3, 4, 5, 8, 9, 10, 11, 12, 14, 17, 19, 20, 23)):02}",
        "eyesVariant": f"variant{rng.choice((1, 5, 6, 7, 8, 9, 10, 11, 12)):02}",
        "mouthVariant": _pick(rng, _PIXEL_MOUTHS, labels["expression"]),
    }
    slots = [("skin", ("skinColor",)), ("hair_colour", ("hairColor",)), ("clothes", ("clothingColor",))]
    if hat:
        slots.append(("hat_colour", ("hatColor",)))
    return Character("pixel", options, tuple(slots), labels)


def _robot(rng: random.Random) -> Character:
    labels = {"style": "robot", "top": rng.choice(list(_ROBOT_TOPS)), "eyes": rng.choice(list(_ROBOT_EYES))}
    labels["expression"] = rng.choice(list(_ROBOT_MOUTHS))
    options: Options = {
        "topVariant": _pick(rng, _ROBOT_TOPS, labels["top"]),
        "eyesVariant": _pick(rng, _ROBOT_EYES, labels["eyes"]),
        "mouthVariant": _pick(rng, _ROBOT_MOUTHS, labels["expression"]),
        "textureVariant": rng.choice(_ROBOT_TEXTURES),
        "textureProbability": 30,
    }
    return Character("robot", options, (("colour", ("baseColor",)),), labels)


def _monster(rng: random.Random) -> Character:
    labels = {"style": "monster", "expression": _weighted(rng, _MONSTER_FACE_WEIGHTS)}
    look = _MONSTER_LOOKS.get(labels["expression"])
    labels["eyes"] = "two" if look else rng.choice(list(_MONSTER_EYES))
    options: Options = {
        "bodyVariant": rng.choice(_MONSTER_BODIES),
        "eyesVariant": look or _pick(rng, _MONSTER_EYES, labels["eyes"]),
        "mouthVariant": _pick(rng, _MONSTER_MOUTHS, labels["expression"]),
        "topProbability": 0,
        "animationVariant": "none",
    }
    if rng.random() < 0.85:
        labels["top"] = rng.choice(list(_MONSTER_TOPS))
        options |= {"topVariant": _pick(rng, _MONSTER_TOPS, labels["top"]), "topProbability": 100}
    return Character("monster", options, (("colour", ("bodyColor",)), ("accent", ("accentColor",))), labels)
