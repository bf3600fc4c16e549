"""What the buttons under a finished answer do. Each handler reads ids from the press, the rest from the database."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import ButtonStyle

from adapters import pictures
from adapters.chat.decisions import NONE
from adapters.chat.making import MAKERS
from adapters.chat.payload import Press, pack, unpack
from adapters.chat.wording import clip
from adapters.commandline import Offer, build, options_of
from adapters.discord import asking, breeding, reporting, restyling, shelves
from adapters.discord.forms import base_form, edit_form
from adapters.discord.page import Page, Picture
from adapters.discord.turn import Turn
from adapters.presentation import Attachment, attachment
from adapters.voices import collected, position
from bot.domain.errors import NotFound
from bot.domain.identity import Origin
from bot.domain.jobs import Job, JobStatus, JobView
from bot.domain.outcomes import Outcome
from bot.domain.requests import (
    STYLE_BASED,
    AvatarRequest,
    CaptionRequest,
    MemberRequest,
    RestyleRequest,
    Source,
    prompt_of,
    sources,
)
from bot.usecases import account, remake
from bot.usecases import voice as voice_cases
from bot.usecases.submit import submit


async def made(turn: Turn, press: Press) -> None:
    """Something anew from a finished answer; where that was for the asker alone, this is too."""
    if press.kind == "tone":
        press = replace(press, extra=turn.values[0])
    await asking.remake(turn, lambda origin: MAKERS[press.kind](press, origin, turn.desk), private=turn.ephemeral)


async def pick(turn: Turn, press: Press) -> None:
    """The menu under several pictures: what was chosen is a press of its own."""
    chosen = unpack(turn.values[0])
    if chosen is None or chosen.kind not in OF_PICTURES:
        raise NotFound("old-button")
    await OF_PICTURES[chosen.kind](turn, chosen)


async def edit(turn: Turn, press: Press) -> None:
    """The old words in a form."""
    view = await account.view(await turn.origin(), press.target, turn.desk.transactions)
    await turn.ask(edit_form(view.job.request, press.target, turn.words, turn.styles, turn.tones))


async def edited(turn: Turn, press: Press) -> None:
    """The form comes back: what it does not ask for stays as it was."""

    async def make(origin: Origin) -> Outcome:
        job = (await account.view(origin, press.target, turn.desk.transactions)).job
        before = await remake.restored(job, turn.desk)
        return await submit(_changed(before, dict(turn.fields), turn.offer), origin, turn.desk, job.id)

    await asking.remake(turn, make, private=turn.ephemeral)


async def base(turn: Turn, press: Press) -> None:
    """What to make of this picture, in a form."""
    artifact, job = await account.artwork(await turn.origin(), press.target, turn.desk.transactions)
    style = job.request.style if isinstance(job.request, AvatarRequest | RestyleRequest) else None
    await turn.ask(base_form(prompt_of(job.request) or artifact.alt, style, press.target, turn.words, turn.styles))


async def based(turn: Turn, press: Press) -> None:
    """The form comes back: draw from that picture."""

    async def make(origin: Origin) -> Outcome:
        _, job = await account.artwork(origin, press.target, turn.desk.transactions)
        fields = dict(turn.fields)
        text = fields.pop("prompt", "")
        wanted = build("avatar", text, fields | {"style": _style(fields), "picture": press.target}, turn.offer)
        # What draws from nothing alone cannot begin from a picture.
        drawn = isinstance(job.request, AvatarRequest) and job.request.model != STYLE_BASED
        wanted = replace(wanted, private=job.request.private, model=job.request.model if drawn else "default")
        return await submit(wanted, origin, turn.desk, job.id)

    await asking.remake(turn, make, private=turn.ephemeral)


async def download(turn: Turn, press: Press) -> None:
    """The file as it was made, for the asker alone."""
    shown, job, data = await _shown(turn, press)
    limit = turn.interaction.filesize_limit
    data, name = await asyncio.to_thread(pictures.fit, data, shown.filename, limit)
    style = await turn.house.messenger.style(await turn.origin(), limit)
    await turn.show(Page(pictures=(Picture(data, name, shown.alt, style.covering(job).spoiler),)))


async def crop(turn: Turn, press: Press) -> None:
    """How it will look small and round, on light and on dark."""
    shown, job, data = await _shown(turn, press)
    preview = await asyncio.to_thread(pictures.circles, data)
    style = await turn.house.messenger.style(await turn.origin())
    picture = Picture(preview, "circles.png", shown.alt, style.covering(job).spoiler)
    await turn.show(Page(turn.words.text("viewer-crops"), pictures=(picture,)))


async def cancel(turn: Turn, press: Press) -> None:
    """Stop a job; its message says so."""
    await turn.quietly()
    origin, desk = await turn.origin(), turn.desk
    if await account.cancel(origin, press.target, desk.transactions, desk.events, desk.clock) is JobStatus.CANCELLED:
        await turn.house.living.finish(press.target)
    await show_job(turn, press.target)


async def delete(turn: Turn, press: Press) -> None:
    """For good, so ask first."""
    await account.deletable(await turn.origin(), press.target, turn.desk.transactions)
    words, custom_id = turn.words, pack("deleted", press.target)
    yes = discord.ui.Button[Any](label=words.text("confirm-yes"), style=ButtonStyle.danger, custom_id=custom_id)
    await turn.show(Page(words.text("delete-question"), items=(yes,)))


async def deleted(turn: Turn, press: Press) -> None:
    """Out of the gallery, and out of the message that shows it."""
    await turn.quietly()
    origin, desk = await turn.origin(), turn.desk
    artifact = await account.delete_picture(origin, press.target, desk.transactions, desk.clock)
    await turn.turn_to(Page(turn.words.text("picture-deleted")))
    await turn.house.messenger.refresh(await account.shown(origin, artifact.job_id, desk.transactions))


async def voice(turn: Turn, press: Press) -> None:
    """'Sounds like us': a caption becomes an example; of several, which?"""
    await turn.think(ephemeral=True)
    origin, desk = await turn.origin(), turn.desk
    job = (await account.shown(origin, press.target, desk.transactions)).job
    texts = job.result.texts if job.result else ()
    if not press.extra and len(texts) > 1:
        numbers = [
            discord.ui.Button[Any](label=clip(f"{number}. {text}", 80), custom_id=pack("voice", job.id, str(number)))
            for number, text in enumerate(texts, 1)
        ]
        await turn.show(Page(turn.words.text("voice-which"), items=tuple(numbers)))
        return
    count = await voice_cases.approve(origin, job.id, position(press.extra), desk)
    await turn.say(*collected(count))


async def show_job(turn: Turn, job_id: str) -> None:
    """The message whose button was pressed, and the job's own where that is another, as the job stands now.

    News that came meanwhile must not stay covered.
    """
    origin, messenger, message = await turn.origin(), turn.house.messenger, turn.interaction.message
    shown: JobView | None = None
    try:
        while (view := await account.shown(origin, job_id, turn.desk.transactions)) != shown:
            # A moderator may have pressed: the message stays in the words of the member whom it answers.
            await turn.turn_to(await messenger.page(view, view.job.origin, turn.interaction.filesize_limit))
            shown = view
    except NotFound:
        # A moderator stopped it: what others have not finished is not theirs to read.
        await turn.turn_to(Page(turn.words.text("job-cancelled")))
        return
    if message is not None and str(message.id) != view.job.origin.message_id:
        await messenger.refresh(view)


async def _shown(turn: Turn, press: Press) -> tuple[Attachment, Job, bytes]:
    await turn.think(ephemeral=True)
    desk = turn.desk
    artifact, job, data = await account.shown_picture(
        await turn.origin(), press.target, desk.transactions, desk.artifacts
    )
    return attachment(artifact, job), job, data


def _changed(before: MemberRequest, fields: dict[str, str], offer: Offer) -> MemberRequest:
    """A request as its form came back; what no form asks for stays, and so do the pictures that it begins from."""
    given = sources(before)
    if isinstance(before, CaptionRequest):
        text = fields.pop("topic", "")
        wanted = build("caption", text, fields | _own(given), offer, _sent(given))
    elif isinstance(before, RestyleRequest):
        wanted = build("restyle", fields.pop("prompt", ""), fields, offer, pictures=given)
    elif isinstance(before, AvatarRequest):
        text = fields.pop("prompt", "")
        kept = {name: value for name, value in options_of(before).items() if name in UNASKED}
        wanted = build("avatar", text, fields | {"style": _style(fields)} | kept | _own(given), offer, _sent(given))
    else:
        raise NotFound("old-button")
    return replace(wanted, private=before.private, model=before.model)


def _own(given: Sequence[Source]) -> dict[str, str]:
    return {"picture": given[0].artifact_id} if given and given[0].artifact_id else {}


def _sent(given: Sequence[Source]) -> bytes | None:
    return given[0].image if given else None


def _style(fields: dict[str, str]) -> str:
    return "" if fields.get("style") == NONE else fields.get("style", "")


UNASKED = ("strength", "wildness", "candidates")
"""Options of an avatar that its form has no room for."""
OF_PICTURES = {
    "base": base,
    "choose": breeding.choose,
    "crop": crop,
    "delete": delete,
    "download": download,
    "family": shelves.show_family,
    "mix": breeding.ask_second,
    "morph": breeding.ask_others,
    "refine": made,
    "report": reporting.ask_why_of_picture,
    "restyle": restyling.ask,
    "upscale": made,
    "variations": made,
}
HANDLERS = (
    OF_PICTURES
    | dict.fromkeys(MAKERS, made)
    | {
        "based": based,
        "cancel": cancel,
        "deleted": deleted,
        "edit": edit,
        "edited": edited,
        "pick": pick,
        "studio": pick,
        "voice": voice,
    }
)
