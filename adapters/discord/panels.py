"""What a member sees of their own things, for their eyes alone: gallery, jobs, quota, help."""

import asyncio
from contextlib import suppress
from typing import Any

import discord

from adapters import pictures
from adapters.chat import standing
from adapters.chat.gallery import Shelf, shelf
from adapters.chat.payload import Press, pack
from adapters.chat.wording import clip
from adapters.discord import consent
from adapters.discord.page import MARKUP, Page, Picture, inert
from adapters.discord.render import COVER
from adapters.discord.turn import Turn
from adapters.presentation import of_quota, of_view
from bot.domain.errors import Conflict, Reason
from bot.domain.identity import Role
from bot.domain.jobs import JobStatus, JobView
from bot.domain.quota import CAPTION_UNITS, PICTURE_UNITS
from bot.domain.requests import prompt_of
from bot.usecases import account

COSTS = Reason.of("set-costs", picture=PICTURE_UNITS, captions=CAPTION_UNITS)
"""What units buy."""


async def show_quota(turn: Turn) -> None:
    """What is left today."""
    await turn.think(ephemeral=True)
    desk = turn.desk
    state = await account.quota(await turn.origin(), desk.transactions, desk.clock, desk.policy)
    origin = await turn.origin()
    lines = [turn.words.text(of_quota(state, desk.clock.now())), turn.words.text(COSTS)]
    lines += await standing.of_asker(origin, turn.desk, turn.words, MARKUP)
    await turn.show(Page("\n".join(lines)))


async def show_help(turn: Turn) -> None:
    """The commands, one line each, and what they cost."""
    origin = await turn.origin()
    words = turn.words
    names = ["avatar", "caption", "gallery", "quota", "jobs", "link", "help"]
    names += ["review"] if origin.role.at_least(Role.MODERATOR) else []
    names += ["settings"] if origin.role is Role.OWNER else []
    lines = [
        words.text("help"),
        *(f"**/{words.text(f'discord-name-{name}')}** {words.text(f'command-{name}')}" for name in names),
        words.text(COSTS),
    ]
    lines += await standing.of_asker(origin, turn.desk, words, MARKUP)
    stance = await consent.stance(turn)
    await turn.show(Page("\n".join([*lines, words.text("discord-help-more")]), items=(stance,)))


async def show_jobs(turn: Turn) -> None:
    """What waits, runs or is held, each with its button to stop it."""
    await turn.think(ephemeral=True)
    await turn.show(await _jobs(turn))


async def refresh_jobs(turn: Turn, press: Press) -> None:
    """The same list as it is now."""
    await turn.quietly()
    await turn.turn_to(await _jobs(turn))


async def stop_job(turn: Turn, press: Press) -> None:
    """Stop a job from the list."""
    await turn.quietly()
    origin, desk = await turn.origin(), turn.desk
    # Where it ended meanwhile, the list says so.
    with suppress(Conflict):
        await account.cancel(origin, press.target, desk.transactions, desk.events, desk.clock)
    await turn.turn_to(await _jobs(turn))
    view = await account.view(origin, press.target, desk.transactions)
    if view.job.status is JobStatus.CANCELLED:
        await turn.house.living.finish(press.target)
        await turn.house.messenger.refresh(view)


async def show_gallery(turn: Turn) -> None:
    """The newest pictures."""
    await turn.think(ephemeral=True)
    await turn.show(await _gallery(turn, None))


async def older(turn: Turn, press: Press) -> None:
    """The pictures before a moment."""
    await turn.quietly()
    await turn.turn_to(await _gallery(turn, float(press.target) if press.target else None))


async def open_picture(turn: Turn, press: Press) -> None:
    """One picture of the gallery with everything that can be done with it."""
    await turn.think(ephemeral=True)
    origin, desk = await turn.origin(), turn.desk
    artifact, job = await account.artwork(origin, turn.values[0], desk.transactions)
    view = JobView(job, (artifact,))
    await turn.show(await turn.house.messenger.page(view, origin, turn.interaction.filesize_limit))


async def _jobs(turn: Turn) -> Page:
    words, desk = turn.words, turn.desk
    found = await account.open_jobs(await turn.origin(), desk.transactions, desk.policy)
    if not found:
        return Page(words.text("no-jobs"))
    lines, items = [], list[discord.ui.Item[Any]]()
    for number, (view, place) in enumerate(found[:20], 1):
        lines.append(
            f"**{number}.** {clip(inert(prompt_of(view.job.request)), 60)}: {words.text(of_view(view, place).message)}"
        )
        label = f"{words.text('action-cancel')} {number}"
        stop = discord.ui.Button[Any](
            label=label, style=discord.ButtonStyle.danger, custom_id=pack("stop", view.job.id)
        )
        items.append(stop)
    refresh = discord.ui.Button[Any](label=words.text("refresh"), custom_id=pack("jobs"))
    return Page("\n".join(lines), items=(*items, refresh))


async def _gallery(turn: Turn, before: float | None) -> Page:
    words = turn.words
    found = await shelf(await turn.origin(), before, turn.desk)
    if not found.pictures:
        return Page(words.text("gallery-empty-text"))
    sheet = await asyncio.to_thread(pictures.grid, [image for _, _, image in found.pictures])
    alt = "; ".join(f"{number}: {prompt_of(job.request)}" for number, (_, job, _) in enumerate(found.pictures, 1))
    items: list[discord.ui.Item[Any]] = [_chooser(found, turn)]
    if before is not None:
        items.append(discord.ui.Button(label=words.text("newest"), custom_id=pack("gallery"), row=1))
    if found.older is not None:
        custom_id = pack("gallery", repr(found.older))
        items.append(discord.ui.Button(label=words.text("gallery-older"), custom_id=custom_id, row=1))
    style = await turn.house.messenger.style(await turn.origin())
    style = style.covering(*(job for _, job, _ in found.pictures))
    title = f"**{words.text('gallery-topic')}**"
    return Page(title, pictures=(Picture(sheet, COVER, alt, style.spoiler),), items=tuple(items))


def _chooser(found: Shelf, turn: Turn) -> discord.ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=clip(f"{number}: {prompt_of(job.request)}", 100),
            value=artifact.id,
            description=turn.words.text("fact-seed", seed=artifact.seed),
        )
        for number, (artifact, job, _) in enumerate(found.pictures, 1)
    ]
    return discord.ui.Select(
        custom_id=pack("open"), placeholder=turn.words.text("open-picture"), options=options, row=0
    )


HANDLERS = {"gallery": older, "jobs": refresh_jobs, "open": open_picture, "stop": stop_job}
