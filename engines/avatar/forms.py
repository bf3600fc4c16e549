"""Forms: which drawing of each part a picture has, and in which colour, where attributes leave a choice.

'Curly' hair may be any of five drawings, and a robot's head is one of ten that nobody has words for. A model that is
not told which one draws something between them, with soft and ragged outlines; so it is told. A prompt never names a
form: completion chooses it. Each form's token is a fixed code, not a place of its own, so that there may be hundreds.
"""

from __future__ import annotations

import hashlib
from functools import cache

import torch
from torch import Tensor

ACCENT = "form_accent"
"""The colour of frames, and of a monster's horns: the part of which some forms are named after background colours."""
FORMS: dict[str, tuple[str, ...]] = {
    "form_top": ("hair", "top"),
    "form_hat": ("hair",),
    "form_body": (),
    "form_sides": (),
    "form_texture": (),
    "form_cheeks": (),
    "form_clothes": ("garment",),
    "form_mouth": ("expression",),
    "form_eyes": ("expression", "eyes"),
    "form_brows": ("expression",),
    "form_glasses": ("glasses",),
    "form_beard": ("facial_hair",),
    "form_mirrored": (),
    ACCENT: ("glasses",),
}
"""Part -> the attributes that say something about it; the order is that of the tokens, so of the weights' format."""


@cache
def code_of(form: str, width: int) -> Tensor:
    """A form's token (width,), of length 1: signs drawn from its name, so that any two are nearly at right angles."""
    digest = hashlib.shake_256(form.encode()).digest(-(-width // 8))
    bits = [(digest[i // 8] >> (i % 8)) & 1 for i in range(width)]
    code: Tensor = (torch.tensor(bits, dtype=torch.float32) * 2 - 1) / width**0.5
    return code


def form_tokens(forms: dict[str, str], width: int) -> Tensor:
    """Tokens (FORMS, width) of part -> form; a part without one is nothing."""
    return torch.stack([code_of(forms[part], width) if part in forms else torch.zeros(width) for part in FORMS])
