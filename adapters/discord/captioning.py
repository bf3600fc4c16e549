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
from adapters.discord.choosing import PATIENCE, Place
from adapters.discord.declared import given, key
from adapters.discord.forms import PRIVATE, caption_form
from adapters.discord.messages import picture_of
from adapters.discord.turn import Turn
from adapters.voices import known_tones
from bot.domain.errors import NoAnswer
from bot.domain.requests import PROMPT_LIMIT, MemberRequest, Source


async def describe(turn: Turn, message: discord.Message) -> None:
    """From the menu of a message: from the words that its picture has, else about what it shows."""
    picture = picture_of(message)
    topic = (picture.description or "")[:PROMPT_LIMIT]
    if not topic:
        await of_picture(turn, (None, picture), "", None, {})
        return

    async def wanted() -> MemberRequest:
        return build("caption", topic, {"tone": turn.rules.default_tone}, turn.offer)

    await asking.request(turn, wanted)


async def of_picture(
    turn: Turn, place: Place, topic: str, tone: str | None, options: Mapping[str, str], *, private: bool = False
) -> None:
    """About a picture that was named or sent, and `topic`; a form where there is none and nothing is seen."""
    if not topic and not await _can_be_seen(turn, place):
        await turn.origin()
        chosen = key(turn.tones, tone, turn) or turn.rules.default_tone
        count = int(options["count"]) if "count" in options else None
        await turn.ask(caption_form(turn.words, turn.tones, chosen, options.get("length"), count, private=private))
        return

    async def wanted() -> MemberRequest:
        (picture,) = await choosing.chosen(turn, place)
        if topic:
            try:
                await choosing.seen(turn, picture)
            except NoAnswer:
                # Its words are enough; the screens have looked at it.
                picture = Source()
        chosen = key(known_tones(turn.deps.tones, turn.rules), tone, turn) or turn.rules.default_tone
        fields = {**options, **given(tone=chosen, picture=picture.artifact_id)}
        return replace(build("caption", topic, fields, turn.offer, picture.image), private=private)

    await asking.request(turn, wanted, private=private)


async def _can_be_seen(turn: Turn, place: Place) -> bool:
    """Whether the models can describe it; where they have not said so in time, the job will tell."""
    try:
        async with asyncio.timeout(PATIENCE):
            (picture,) = await choosing.chosen(turn, place)
            await choosing.seen(turn, picture)
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
        return replace(build("caption", topic, fields, turn.offer), private=private)

    await asking.request(turn, wanted, private=private)


HANDLERS = {"described": described}
