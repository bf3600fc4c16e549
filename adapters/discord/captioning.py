"""Captions for a picture: about what is seen in it, or from the words that it comes with, or from a form.

The form is for what nobody here could see: a picture that the models cannot describe.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import discord

from adapters.chat.payload import Press
from adapters.commandline import build
from adapters.discord import asking, choosing
from adapters.discord.declared import key
from adapters.discord.forms import PRIVATE, caption_form
from adapters.discord.messages import picture_of
from adapters.discord.turn import Turn
from bot.domain.errors import NoAnswer
from bot.domain.requests import PROMPT_LIMIT, MemberRequest
from bot.usecases.describe import describe as seen_in

PATIENCE = 1.8
"""Seconds that looking may take before a press or a command has to be acknowledged: Discord gives three for it all."""


async def describe(turn: Turn, message: discord.Message) -> None:
    """From the menu of a message: from the words that its picture has, else about what it shows."""
    picture = picture_of(message)
    topic = (picture.description or "")[:PROMPT_LIMIT]
    if not topic:
        await of_picture(turn, picture, "", None, {})
        return

    async def wanted() -> MemberRequest:
        return build("caption", topic, {"tone": turn.rules.default_tone}, turn.deps.offer)

    await asking.request(turn, wanted)


async def of_picture(
    turn: Turn,
    picture: discord.Attachment,
    topic: str,
    tone: str | None,
    options: Mapping[str, str],
    *,
    private: bool = False,
) -> None:
    """About a picture that was sent, and `topic` where there is one; a form where there is none and nothing is seen."""
    chosen = key(turn.tones, tone, turn)
    if not topic and not await _can_be_seen(turn, picture):
        await turn.origin()
        tone = chosen or turn.rules.default_tone
        count = int(options["count"]) if "count" in options else None
        await turn.ask(caption_form(turn.words, turn.tones, tone, options.get("length"), count, private=private))
        return

    async def wanted() -> MemberRequest:
        image: bytes | None = await choosing.sent(turn, picture)
        if topic and image:
            try:
                await seen_in(image, await turn.origin(), turn.desk)
            except NoAnswer:
                # Its words are enough; the screens have looked at it.
                image = None
        given = {**options, "tone": chosen or turn.rules.default_tone}
        return replace(build("caption", topic, given, turn.deps.offer, image), private=private)

    await asking.request(turn, wanted, private=private)


async def _can_be_seen(turn: Turn, picture: discord.Attachment) -> bool:
    """Whether the models can describe it; where they have not said so in time, the job will tell."""
    try:
        async with asyncio.timeout(PATIENCE):
            image = await choosing.sent(turn, picture)
            await seen_in(image, await turn.origin(), turn.desk)
    except TimeoutError:
        return True
    except NoAnswer:
        return False
    return True


async def described(turn: Turn, press: Press) -> None:
    """The form comes back."""
    fields = turn.fields
    topic, private = fields.pop("topic", ""), press.target == PRIVATE

    async def wanted() -> MemberRequest:
        return replace(build("caption", topic, fields, turn.deps.offer), private=private)

    await asking.request(turn, wanted, private=private)


HANDLERS = {"described": described}
