"""Captions for a picture: from its alt text, which ours have from the words they were made of, or from a form."""

from dataclasses import replace

import discord

from adapters.chat.payload import Press
from adapters.commandline import build
from adapters.discord import asking
from adapters.discord.forms import PRIVATE, caption_form
from adapters.discord.messages import picture_of
from adapters.discord.turn import Turn
from bot.domain.requests import PROMPT_LIMIT, MemberRequest


async def describe(turn: Turn, message: discord.Message) -> None:
    """From the menu of a message. A picture without words is asked about in a form: nobody here can see yet."""
    topic = (picture_of(message).description or "")[:PROMPT_LIMIT]
    if not topic:
        await turn.origin()
        await turn.ask(caption_form(turn.words, turn.tones, turn.rules.default_tone))
        return

    async def wanted() -> MemberRequest:
        return build("caption", topic, {"tone": turn.rules.default_tone}, turn.offer)

    await asking.request(turn, wanted)


async def described(turn: Turn, press: Press) -> None:
    """The form comes back."""
    fields = turn.fields
    topic, private = fields.pop("topic", ""), press.target == PRIVATE

    async def wanted() -> MemberRequest:
        return replace(build("caption", topic, fields, turn.offer), private=private)

    await asking.request(turn, wanted, private=private)


HANDLERS = {"described": described}
