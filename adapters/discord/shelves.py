"""A member's pictures on numbered sheets, for their eyes alone: the gallery, what was found in it, and families."""

import asyncio
from collections.abc import Sequence
from typing import Any

import discord

from adapters import pictures
from adapters.actions import ActionKind
from adapters.chat.gallery import Shelf, found, relatives, shelf
from adapters.chat.payload import Press, pack
from adapters.chat.wording import SYMBOLS
from adapters.discord import choosing
from adapters.discord.page import Page, Picture
from adapters.discord.render import COVER
from adapters.discord.turn import Turn
from bot.domain.jobs import Artifact, Job, JobView
from bot.domain.studio import MORPHED
from bot.usecases import account

SHORT = 8
"""Characters of an id where several must fit into one button; `picked` refuses those that mean two pictures."""
Hung = Sequence[tuple[Artifact, Job, bytes]]
"""Pictures with their bytes, in the order of their numbers."""


async def show_gallery(turn: Turn) -> None:
    """The newest pictures."""
    await turn.think(ephemeral=True)
    await turn.show(await _gallery(turn, None))


async def older(turn: Turn, press: Press) -> None:
    """The pictures before a moment."""
    await turn.quietly()
    await turn.turn_to(await _gallery(turn, float(press.target) if press.target else None))


async def show_found(turn: Turn, words: str) -> None:
    """The pictures that fit words."""
    await turn.think(ephemeral=True)
    hung = (await found(await turn.origin(), words, turn.desk)).pictures
    if not hung:
        await turn.say("find-nothing")
        return
    await turn.show(await sheet(turn, turn.words.text("find-found"), hung, (opener(turn, hung), *_studio(turn, hung))))


async def show_family(turn: Turn, press: Press) -> None:
    """What a picture was made of, and what was made of it, on one sheet."""
    await turn.think(ephemeral=True)
    parents, children = await relatives(await turn.origin(), press.target, turn.desk)
    hung = (*parents.pictures, *children.pictures)
    if not hung:
        await turn.say("family-alone")
        return
    lines, number = [], 1
    for sentence, kin in (("family-parents", parents), ("family-children", children)):
        if kin.pictures:
            numbers = ", ".join(str(number + place) for place, _ in enumerate(kin.pictures))
            lines.append(f"{turn.words.text(sentence)}: {numbers}")
            number += len(kin.pictures)
    await turn.show(await sheet(turn, "\n".join(lines), hung, (opener(turn, hung), *_studio(turn, hung))))


async def open_picture(turn: Turn, press: Press) -> None:
    """One picture with everything that can be done with it."""
    await turn.think(ephemeral=True)
    await show_picture(turn, turn.values[0])


async def show_picture(turn: Turn, artifact_id: str) -> None:
    """The same, once it is acknowledged."""
    origin = await turn.origin()
    artifact, job = await account.artwork(origin, artifact_id, turn.desk.transactions)
    view = JobView(job, (artifact,))
    await turn.show(await turn.house.messenger.page(view, origin, turn.interaction.filesize_limit))


async def selected(turn: Turn, press: Press) -> None:
    """Pictures were marked: what can be made of them together."""
    await turn.think(ephemeral=True)
    origin, desk = await turn.origin(), turn.desk
    chosen = [
        await account.artwork(origin, artifact_id, desk.transactions) for artifact_id in turn.values[: MORPHED[1]]
    ]
    hung = [(artifact, job, await desk.artifacts.get(artifact.name)) for artifact, job in chosen]
    ids = ",".join(artifact.id[:SHORT] for artifact, _ in chosen)
    kinds = (ActionKind.MIX, ActionKind.MORPH) if len(chosen) == 2 else (ActionKind.MORPH,)
    items = [
        discord.ui.Button[Any](
            label=turn.words.text(f"action-{kind.value}"),
            emoji=SYMBOLS[kind],
            custom_id=pack(f"{kind.value}-together", ids),
        )
        for kind in kinds
    ]
    await turn.show(await sheet(turn, turn.words.text("pictures-chosen"), hung, items))


async def sheet(turn: Turn, text: str, hung: Hung, items: Sequence[discord.ui.Item[Any]]) -> Page:
    """Numbered pictures under a title, covered where one of them has to be."""
    image = await asyncio.to_thread(pictures.grid, [data for _, _, data in hung])
    alt = "; ".join(f"{number}: {_alt(turn, artifact, job)}" for number, (artifact, job, _) in enumerate(hung, 1))
    style = await turn.house.messenger.style(await turn.origin())
    style = style.covering(*(job for _, job, _ in hung))
    return Page(f"**{text}**", pictures=(Picture(image, COVER, alt, style.spoiler),), items=tuple(items))


def opener(turn: Turn, hung: Hung) -> discord.ui.Select[Any]:
    """A menu that opens one of them."""
    return _menu(turn, pack("open"), "open-picture", hung, row=0)


def _alt(turn: Turn, artifact: Artifact, job: Job) -> str:
    return artifact.alt or choosing.title(artifact, job, turn.words)


def _studio(turn: Turn, hung: Hung) -> tuple[discord.ui.Select[Any], ...]:
    """A menu that marks several to be mixed or morphed, where there are several."""
    kept = [(number, *each) for number, each in enumerate(hung, 1) if not each[0].animated]
    low, high = MORPHED
    if len(kept) < low:
        return ()
    options = [choosing.option(number, artifact, job, turn.words, artifact.id) for number, artifact, job, _ in kept]
    menu = discord.ui.Select[Any](
        custom_id=pack("selected"),
        placeholder=turn.words.text("mix-or-morph"),
        options=options,
        min_values=low,
        max_values=min(high, len(kept)),
        row=2,
    )
    return (menu,)


def _menu(turn: Turn, custom_id: str, placeholder: str, hung: Hung, row: int) -> discord.ui.Select[Any]:
    options = [
        choosing.option(number, artifact, job, turn.words, artifact.id)
        for number, (artifact, job, _) in enumerate(hung, 1)
    ]
    return discord.ui.Select(custom_id=custom_id, placeholder=turn.words.text(placeholder), options=options, row=row)


async def _gallery(turn: Turn, before: float | None) -> Page:
    hung: Shelf = await shelf(await turn.origin(), before, turn.desk)
    if not hung.pictures:
        return Page(turn.words.text("gallery-empty-text"))
    items: list[discord.ui.Item[Any]] = [opener(turn, hung.pictures)]
    if before is not None:
        items.append(discord.ui.Button(label=turn.words.text("newest"), custom_id=pack("gallery"), row=1))
    if hung.older is not None:
        custom_id = pack("gallery", repr(hung.older))
        items.append(discord.ui.Button(label=turn.words.text("gallery-older"), custom_id=custom_id, row=1))
    items += _studio(turn, hung.pictures)
    return await sheet(turn, turn.words.text("gallery-topic"), hung.pictures, items)


HANDLERS = {"gallery": older, "open": open_picture, "selected": selected}
