"""Pure: what a member asked for, in the words an engine understands."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.domain.errors import InvalidRequest
from bot.domain.requests import STRENGTH, AvatarRequest
from engines.contract import TextToImage

STYLES = Path(__file__).with_name("styles.toml")


@dataclass(frozen=True, slots=True)
class Style:
    """A way to draw: `prompt` holds '{prompt}' where the member's words go; `names` by locale.

    `strength` is how far a picture has to be left behind for it, where nothing else is asked for, and `words` are what
    its pictures are called.
    """

    key: str
    prompt: str
    negative_prompt: str
    names: dict[str, str]
    strength: float = STRENGTH
    words: str = ""


@cache
def styles() -> dict[str, Style]:
    """The styles on offer, by key, in the file's order."""
    tables = tomllib.loads(STYLES.read_text(encoding="utf-8"))
    return {
        key: Style(
            key,
            table["prompt"],
            table.get("negative_prompt", ""),
            dict(table.get("name", {})),
            table.get("strength", STRENGTH),
            table.get("words", ""),
        )
        for key, table in tables.items()
    }


def style(key: str) -> Style:
    """A style by key; InvalidRequest naming the known ones."""
    try:
        return styles()[key]
    except KeyError:
        raise InvalidRequest("style-unknown", style=key, known=", ".join(styles())) from None


def without_style(prompt: str) -> str:
    """What a picture shows, for a style yet to be named: a monster painted as pixel art is no monster."""
    named = "|".join(re.escape(one.words) for one in styles().values() if one.words)
    return " ".join(re.sub(rf"\b(?:{named})\b", "", prompt, flags=re.IGNORECASE).replace(" ,", ",").split()).strip(" ,")


def text_to_image(request: AvatarRequest, upload: bytes | None) -> TextToImage:
    """The engine's request; `upload` is the picture to start from."""
    prompt, negative = request.prompt, request.negative_prompt
    if request.style:
        chosen = style(request.style)
        # replace, not format: a member's braces are words, not fields.
        prompt = chosen.prompt.replace("{prompt}", prompt)
        negative = ", ".join(part for part in (negative, chosen.negative_prompt) if part)
    return TextToImage(
        prompt=prompt,
        negative_prompt=negative,
        seed=request.seed or 0,
        num_images=request.drawn,
        num_inference_steps=request.num_inference_steps,
        guidance_scale=request.guidance_scale,
        width=request.width,
        height=request.height,
        image=upload,
        strength=request.strength,
        lora=request.lora,
        truncation_psi=request.wildness,
        model=request.model,
    )
