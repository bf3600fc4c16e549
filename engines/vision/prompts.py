"""Attributes as a prompt that the embedded picture model understands, and that a member can edit."""

from __future__ import annotations

from collections.abc import Mapping

PEOPLE = {
    ("man", ""): "man", ("woman", ""): "woman", ("", ""): "person",
    ("man", "old"): "old man", ("woman", "old"): "old woman", ("", "old"): "old person",
    ("man", "young"): "boy", ("woman", "young"): "girl", ("", "young"): "child",
}  # fmt: skip
HAIR = {
    "bald": "bald", "short": "short {} hair", "bob": "{} bob haircut", "long": "long {} hair",
    "curly": "curly {} hair", "afro": "{} afro", "bun": "{} hair in a bun", "dreads": "{} dreadlocks",
    "spiky": "spiky {} hair", "hat": "{} hat", "scarf": "{} headscarf", "turban": "{} turban", "": "{} hair",
}  # fmt: skip
EXPRESSIONS = {
    "smile": "smiling", "laugh": "laughing", "sad": "sad", "angry": "angry", "surprised": "surprised",
    "neutral": "neutral expression", "wink": "winking", "love": "in love",
}  # fmt: skip
EYES = {
    "one": "one eye", "two": "two eyes", "three": "three eyes", "sleepy": "sleepy eyes", "round": "round eyes",
    "hearts": "heart eyes", "glow": "glowing eyes", "visor": "visor", "happy": "happy eyes", "dizzy": "dizzy eyes",
}  # fmt: skip
TOPS = {
    "horns": "horns", "antenna": "antenna", "ears": "ears", "crown": "crown", "spikes": "spikes", "leaf": "leaf",
    "bulb": "light bulb", "lights": "lights", "radar": "radar dish",
}  # fmt: skip
HATS = ("hat", "scarf", "turban")


def prompt_of(attributes: Mapping[str, str]) -> str:
    """The attributes between commas, what matters most first; empty where there are none."""
    a = dict(attributes)
    parts = []
    if a.get("style") in ("robot", "monster"):
        parts.append(f"{a.get('colour', '')} {a['style']}")
    elif a.get("style") or a.get("gender") or a.get("age"):
        style = {"cartoon": "cartoon ", "pixel": "pixel art "}.get(a.get("style", ""), "")
        parts.append(f"{style}{PEOPLE[a.get('gender', ''), a.get('age', '')]}")
    if "skin" in a:
        parts.append(f"{a['skin']} skin")
    hair = a.get("hair", "")
    colour = a.get("hat_colour" if hair in HATS else "hair_colour", "")
    if hair or colour:
        parts.append(HAIR[hair].format(colour))
    if a.get("glasses", "none") != "none":
        parts.append(a["glasses"])
    if a.get("facial_hair", "none") != "none":
        parts.append(a["facial_hair"])
    if "clothes" in a or "garment" in a:
        parts.append(f"{a.get('clothes', '')} {a.get('garment', 'clothes')}")
    parts += [EXPRESSIONS[a["expression"]]] if "expression" in a else []
    parts += [EYES[a["eyes"]]] if "eyes" in a else []
    parts += [TOPS[a["top"]]] if "top" in a else []
    parts += [f"{a['background']} background"] if "background" in a else []
    return ", ".join(" ".join(part.split()) for part in parts)
