"""What a member sees of their own things, for their eyes alone: jobs, quota, help. Their pictures are in `shelves`."""

from contextlib import suppress
from typing import Any

import discord

from adapters.chat import standing
from adapters.chat.payload import Press, pack
from adapters.chat.wording import clip
from adapters.discord import consent
from adapters.discord.page import MARKUP, Page, inert
from adapters.discord.turn import Turn
from adapters.presentation import of_quota, of_view
from bot.domain.errors import Conflict, Reason
from bot.domain.identity import Role
from bot.domain.jobs import Job, JobStatus
from bot.domain.quota import CAPTION_UNITS, PICTURE_UNITS
from bot.domain.requests import prompt_of
from bot.i18n import Translator
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
    names = [
        "avatar",
        "caption",
        "mix",
        "morph",
        "restyle",
        "upscale",
        "find",
        "gallery",
        "quota",
        "jobs",
        "link",
        "help",
    ]
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


def _asked(job: Job, words: Translator) -> str:
    return prompt_of(job.request) or f"/{words.text(f'discord-name-{job.kind}')}"


async def _jobs(turn: Turn) -> Page:
    words, desk = turn.words, turn.desk
    found = await account.open_jobs(await turn.origin(), desk.transactions, desk.policy)
    if not found:
        return Page(words.text("no-jobs"))
    lines, items = [], list[discord.ui.Item[Any]]()
    for number, (view, place) in enumerate(found[:20], 1):
        lines.append(
            f"**{number}.** {clip(inert(_asked(view.job, words)), 60)}: {words.text(of_view(view, place).message)}"
        )
        label = f"{words.text('action-cancel')} {number}"
        stop = discord.ui.Button[Any](
            label=label, style=discord.ButtonStyle.danger, custom_id=pack("stop", view.job.id)
        )
        items.append(stop)
    refresh = discord.ui.Button[Any](label=words.text("refresh"), custom_id=pack("jobs"))
    return Page("\n".join(lines), items=(*items, refresh))


HANDLERS = {"jobs": refresh_jobs, "stop": stop_job}
