"""Members tell moderators of a picture, from its button or its message's menu."""

import discord

from adapters.chat.payload import Press
from adapters.discord.forms import note_form
from adapters.discord.messages import job_of
from adapters.discord.turn import Turn
from bot.domain.errors import NotFound
from bot.usecases import account
from bot.usecases.report import report


async def ask_why(turn: Turn, message: discord.Message) -> None:
    """From the menu of a message, which must be one of ours."""
    job_id = job_of(message, turn.own_id)
    if job_id is None:
        raise NotFound("report-not-ours")
    await turn.ask(note_form(turn.words, "action-report", "reported", job_id))


async def ask_why_of_picture(turn: Turn, press: Press) -> None:
    """From the button under a picture."""
    desk = turn.desk
    try:
        _, job, _ = await account.shown_picture(await turn.origin(), press.target, desk.transactions, desk.artifacts)
    except NotFound:
        raise NotFound("report-nothing") from None
    await turn.ask(note_form(turn.words, "action-report", "reported", job.id))


async def reported(turn: Turn, press: Press) -> None:
    """The form comes back: the moderators hear of it."""
    await turn.think(ephemeral=True)
    desk = turn.desk
    note = turn.fields.get("note", "")
    await report(await turn.origin(), press.target, note, desk.transactions, desk.clock, desk.events)
    await turn.say("reported")


HANDLERS = {"report": ask_why_of_picture, "reported": reported}
