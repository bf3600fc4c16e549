"""Captions for a picture: from the words it was made of, from its alt text, or from what somebody says is in it."""

import discord

from adapters.commandline import build
from adapters.discord import asking
from adapters.discord.forms import caption_form
from adapters.discord.ids import Press
from adapters.discord.messages import job_of, picture_of
from adapters.discord.turn import Turn
from bot.domain.requests import MemberRequest, prompt_of
from bot.usecases import account


async def describe(turn: Turn, message: discord.Message) -> None:
    """From the menu of a message. A picture without words is asked about in a form: nobody here can see yet."""
    job_id, picture = job_of(message, turn.own_id), picture_of(message)
    if job_id is None and not picture.description:
        await turn.origin()
        await turn.ask(caption_form(turn.words, turn.tones, turn.rules.default_tone))
        return

    async def wanted() -> MemberRequest:
        topic = picture.description or ""
        if job_id:
            topic = prompt_of((await account.shown(await turn.origin(), job_id, turn.desk.transactions)).job.request)
        return build("caption", topic, {"tone": turn.rules.default_tone}, turn.deps.offer)

    await asking.request(turn, wanted)


async def described(turn: Turn, press: Press) -> None:
    """The form comes back."""
    fields = turn.fields
    topic = fields.pop("topic", "")

    async def wanted() -> MemberRequest:
        return build("caption", topic, fields, turn.deps.offer)

    await asking.request(turn, wanted)


HANDLERS = {"described": described}
