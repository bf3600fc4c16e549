"""The studio's commands: children of two pictures, animations, larger ones, pictures painted anew, and finding them."""

from dataclasses import replace
from typing import Any

import discord
from discord import Interaction, app_commands

from adapters.commandline import build
from adapters.discord import asking, choosing, restyling, shelves
from adapters.discord.declared import Name, Seed, Share, Strength, Words, command, given, key, suggest
from adapters.discord.turn import Turn
from bot.domain.requests import MemberRequest
from bot.domain.studio import SCALES

_SENT = {f"image{number}": "sent" for number in range(1, 6)}
_OWN = {f"picture{number}": "picture" for number in range(1, 6)}


@command(
    "mix",
    *("first", "second", "image1", "image2", "coarse", "middle", "fine", "seed", "private"),
    about={"first": "picture", "second": "picture"} | _SENT,
)
async def mix(
    interaction: Interaction[Any],
    first: Name | None = None,
    second: Name | None = None,
    image1: discord.Attachment | None = None,
    image2: discord.Attachment | None = None,
    coarse: Share | None = None,
    middle: Share | None = None,
    fine: Share | None = None,
    seed: Seed | None = None,
    private: bool = False,
) -> None:
    """Breed."""
    turn = Turn.of(interaction)

    async def wanted() -> MemberRequest:
        # Whoever names one picture and sends another means both, whichever places they chose.
        found = await choosing.chosen(turn, (first, None), (None, image1), (second, None), (None, image2))
        options = given(coarse=coarse, middle=middle, fine=fine, seed=seed)
        return replace(build("mix", "", options, turn.offer, pictures=found), private=private)

    await asking.request(turn, wanted, private=private)


@command(
    "morph",
    *(f"{kind}{number}" for number in range(1, 6) for kind in ("picture", "image")),
    "private",
    about=_OWN | _SENT,
)
async def morph(
    interaction: Interaction[Any],
    picture1: Name | None = None,
    image1: discord.Attachment | None = None,
    picture2: Name | None = None,
    image2: discord.Attachment | None = None,
    picture3: Name | None = None,
    image3: discord.Attachment | None = None,
    picture4: Name | None = None,
    image4: discord.Attachment | None = None,
    picture5: Name | None = None,
    image5: discord.Attachment | None = None,
    private: bool = False,
) -> None:
    """Animate."""
    turn = Turn.of(interaction)
    own = picture1, picture2, picture3, picture4, picture5
    files = image1, image2, image3, image4, image5

    async def wanted() -> MemberRequest:
        both = zip(own, files, strict=True)
        found = await choosing.chosen(turn, *(place for name, file in both for place in ((name, None), (None, file))))
        return replace(build("morph", "", {}, turn.offer, pictures=found), private=private)

    await asking.request(turn, wanted, private=private)


@command("upscale", "picture", "image", "scale", "private", about={"image": "sent"})
@app_commands.choices(scale=[app_commands.Choice(name=f"×{scale}", value=scale) for scale in SCALES])
async def upscale(
    interaction: Interaction[Any],
    picture: Name | None = None,
    image: discord.Attachment | None = None,
    scale: int | None = None,
    private: bool = False,
) -> None:
    """Enlarge."""
    turn = Turn.of(interaction)

    async def wanted() -> MemberRequest:
        found = await choosing.chosen(turn, (picture, image))
        return replace(build("upscale", "", given(scale=scale), turn.offer, pictures=found), private=private)

    await asking.request(turn, wanted, private=private)


@command(
    "restyle",
    *("picture", "image", "style", "like", "like_image", "prompt", "strength", "private"),
    about={"image": "sent", "prompt": "restyle-prompt"},
)
async def restyle(
    interaction: Interaction[Any],
    picture: Name | None = None,
    image: discord.Attachment | None = None,
    style: str | None = None,
    like: Name | None = None,
    like_image: discord.Attachment | None = None,
    prompt: Words | None = None,
    strength: Strength | None = None,
    private: bool = False,
) -> None:
    """Paint anew; in a style, but without words, what is seen is asked about first."""
    turn = Turn.of(interaction)
    options = given(strength=strength)
    if like is None and like_image is None and not (prompt and style):
        await restyling.ask_about(turn, (picture, image), style, prompt or "", strength, private=private)
        return

    async def wanted() -> MemberRequest:
        found = await choosing.chosen(turn, (picture, image), (like, like_image))
        chosen = given(style=key(turn.deps.styles, style, turn))
        return replace(build("restyle", prompt or "", options | chosen, turn.offer, pictures=found), private=private)

    await asking.request(turn, wanted, private=private)


@command("find", "words")
async def find(interaction: Interaction[Any], words: Words) -> None:
    """Look through the member's pictures."""
    await shelves.show_found(Turn.of(interaction), words)


async def _styles(interaction: Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
    turn = Turn.of(interaction)
    await turn.origin()
    return suggest(turn.styles, turn, current)


restyle.autocomplete("style")(_styles)
for _command, _options in (
    (mix, ("first", "second")),
    (morph, tuple(_OWN)),
    (upscale, ("picture",)),
    (restyle, ("picture", "like")),
):
    for _option in _options:
        _command.autocomplete(_option)(choosing.pictures)

COMMANDS = (mix, morph, restyle, upscale, find)
