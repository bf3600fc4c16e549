"""Mute, suspend, ban, lift: from the menu of a card, or from that of a message which shows what a member made."""

import discord

from adapters.chat import measures, standing
from adapters.chat.payload import Press
from adapters.discord.casecard import drawn, menu
from adapters.discord.messages import job_of
from adapters.discord.page import MARKUP, Page
from adapters.discord.turn import Turn
from bot.domain.errors import NotAllowed, NotFound
from bot.domain.identity import Platform, Role


async def show_member(turn: Turn, message: discord.Message) -> None:
    """Who made this, how they stand, and what can be done about it."""
    await turn.think(ephemeral=True)
    origin = await turn.origin()
    if not origin.role.at_least(Role.MODERATOR):
        raise NotAllowed("moderators-only")
    job_id = job_of(message, turn.own_id)
    if job_id is None:
        raise NotFound("report-not-ours")
    job = await measures.job_of(job_id, origin, turn.desk)
    known = await measures.known(job, turn.desk)
    who = MARKUP.person(job.origin.user_id, job.origin.display_name)
    lines = standing.page(known, who, turn.words, MARKUP, Platform.DISCORD)
    items = (menu(standing.measures(known.standing, job.id), job.id, turn.words),)
    await turn.show(Page("\n".join(lines), items=items))


async def ask(turn: Turn, press: Press) -> None:
    """For how long, or really?"""
    job = await measures.job_of(press.target, await turn.origin(), turn.desk)
    question, answers = standing.asked(press.kind.removeprefix("ask-"), job.id, turn.words)
    who = MARKUP.person(job.origin.user_id, job.origin.display_name)
    await turn.show(Page(f"{who}\n{question}", items=tuple(drawn(button, label) for button, label in answers)))


async def carry_out(turn: Turn, press: Press) -> None:
    """So be it."""
    await turn.quietly()
    measure = standing.chosen(press.target, press.extra)
    done = await measures.carry_out(measure, await turn.origin(), turn.desk)
    await turn.turn_to(Page(turn.words.text(done)))


ASKING = dict.fromkeys((*(f"ask-{kind.value}" for kind in standing.SPANS), f"ask-{standing.LIFT}"), ask)
HANDLERS = {"sanction": carry_out}
