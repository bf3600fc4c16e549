"""From a member's wish to a job: acknowledge, submit, and let the answer live."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

import discord

from adapters.chat.wording import Style
from adapters.discord.page import Page
from adapters.discord.parsing import attachment_address
from adapters.discord.render import compose
from adapters.discord.turn import House, Turn
from adapters.presentation import Reply, of_outcome
from bot.domain.errors import InvalidRequest, NotFound, Reason
from bot.domain.identity import Origin, Platform
from bot.domain.outcomes import Accepted, Held, Outcome, Refused
from bot.domain.requests import IMAGE_LIMIT, MemberRequest
from bot.i18n import translator
from bot.ports import AddresseeGone, PlatformBusy
from bot.usecases import account
from bot.usecases.submit import submit

Making = Callable[[Origin], Awaitable[Outcome]]
"""Submits something for whoever asks."""


async def request(turn: Turn, build: Callable[[], Awaitable[MemberRequest]], *, private: bool = False) -> None:
    """Submit what `build` makes of the member's words once the community's rules are known."""
    desk = turn.desk

    async def make(origin: Origin) -> Outcome:
        return await submit(await build(), origin, desk)

    await remake(turn, make, private=private)


async def remake(turn: Turn, make: Making, *, private: bool = False) -> None:
    """Acknowledge, have `make` submit something, and let the message live until it is done."""
    await turn.think(ephemeral=private)
    origin = await turn.origin()
    await follow(turn, origin, await make(origin))


async def follow(turn: Turn, origin: Origin, outcome: Outcome) -> None:
    """Let the message that `origin` names live until the job is done, or say why there is none."""
    match outcome:
        case Refused():
            reply = of_outcome(outcome)
            await turn.say(reply.message, *reply.notes)
        case Accepted(job_id=job_id):
            style = Style.under(turn.rules, origin, turn.deps.choices(turn.rules), turn.interaction.filesize_limit)
            turn.house.living.begin(job_id, origin, style)
        case Held(job_id=job_id):
            style = Style.under(turn.rules, origin, turn.deps.choices(turn.rules))
            job = (await account.view(origin, job_id, turn.desk.transactions)).job
            reply = of_outcome(outcome)
            # Held it is, whether Discord can be told now or not: what becomes of it comes through the outbox.
            with suppress(PlatformBusy):
                # Why is between the member and the moderators: everybody reads only that it waits.
                public = replace(reply, message=Reason.of("held-public"), notes=())
                await turn.house.outlet.edit(origin, compose(public, style, job))
            await confide(turn, origin, reply, job_id)


async def confide(turn: Turn, asker: Origin, reply: Reply, nonce: str) -> None:
    """The whole answer for the asker alone: beside the message, or by themselves where another person pressed."""
    words = translator(asker.locale)
    page = Page("\n".join(words.text(line) for line in (reply.message, *reply.notes)))
    with suppress(PlatformBusy, AddresseeGone):
        if asker.user_id == str(turn.interaction.user.id):
            await turn.aside(page)
        else:
            await turn.house.outlet.tell(asker.user_id, page, nonce)


async def resume(house: House) -> None:
    """After a restart, messages of jobs that wait or run live on."""
    for job in await account.unfinished(Platform.DISCORD, house.deps.desk.transactions):
        style = await house.messenger.style(job.origin, house.outlet.size_limit(job.origin))
        house.living.begin(job.id, job.origin, style)


async def download(turn: Turn, attachment: discord.Attachment) -> bytes:
    """A member's picture, through Discord; its size is checked before a byte is fetched."""
    if attachment.size > IMAGE_LIMIT:
        raise InvalidRequest("image-too-large", limit_mb=IMAGE_LIMIT // 1024**2)
    attachment.url = attachment_address(attachment.url, turn.deps.reach.cdn_base)
    try:
        return await attachment.read()
    except (discord.NotFound, discord.Forbidden):
        raise NotFound("attachment-gone") from None
