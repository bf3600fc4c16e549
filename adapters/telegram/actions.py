"""What the buttons under an answer do. Each reads ids from the press, everything else from the database."""

import asyncio

from telegram import InlineKeyboardButton as Button

from adapters import pictures
from adapters.actions import ActionKind
from adapters.chat.making import MAKERS
from adapters.chat.payload import Press, pack
from adapters.presentation import attachment
from adapters.telegram import asking, choosing, guide
from adapters.telegram.page import MARKUP, Page, Photo
from adapters.telegram.place import stands_in
from adapters.telegram.render import of_picture
from adapters.telegram.turn import Turn
from adapters.voices import collected, position
from bot.domain.jobs import JobStatus, JobView
from bot.domain.requests import MixRequest
from bot.usecases import account, remake
from bot.usecases import voice as voice_cases
from bot.usecases.report import report


async def made(turn: Turn, press: Press) -> None:
    """Something anew from a finished answer."""
    await asking.make(turn, lambda origin: MAKERS[press.kind](press, origin, turn.desk))


async def tones(turn: Turn, press: Press) -> None:
    """Which tone?"""
    await account.view(await turn.origin(), press.target, turn.desk.transactions)
    await turn.acknowledge()
    locale = turn.words.locale
    choices = [
        Button(tone.label(locale), callback_data=pack(ActionKind.TONE.value, press.target, tone.key))
        for tone in turn.tones
    ]
    back = Button(f"◀️ {turn.words.text('back')}", callback_data=pack("back", press.target))
    rows = [tuple(choices[index : index + 3]) for index in range(0, len(choices), 3)]
    await turn.change_buttons((*rows, (back,)))


async def voice(turn: Turn, press: Press) -> None:
    """'Sounds like us': a caption becomes an example; of several, which?"""
    origin, desk = await turn.origin(freshly=True), turn.desk
    job = (await account.shown(origin, press.target, desk.transactions)).job
    texts = job.result.texts if job.result else ()
    if press.extra or len(texts) == 1:
        count = await voice_cases.approve(origin, job.id, position(press.extra), desk)
        await turn.say(*collected(count))
        return
    await turn.acknowledge(turn.words.text("voice-which"))
    choices = tuple(
        Button(f"🗣️ {number}", callback_data=pack(ActionKind.VOICE.value, job.id, str(number)))
        for number in range(1, len(texts) + 1)
    )
    back = Button(f"◀️ {turn.words.text('back')}", callback_data=pack("back", job.id))
    await turn.change_buttons((choices, (back,)))


async def one_picture(turn: Turn, press: Press) -> None:
    """What can be done with one of several."""
    artifact, job, _ = await account.shown_picture(
        await turn.origin(), press.target, turn.desk.transactions, turn.desk.artifacts
    )
    await turn.acknowledge()
    if stands_in(job.origin, turn.message):
        await turn.change_buttons(of_picture(attachment(artifact, job), turn.words, job))
    else:
        # It stands there alone.
        await turn.change_buttons((await turn.house.messenger.page(JobView(job, (artifact,)))).keyboard)


async def back(turn: Turn, press: Press) -> None:
    """The buttons of the whole answer again."""
    view = await account.shown(await turn.origin(), press.target, turn.desk.transactions)
    await turn.acknowledge()
    await turn.change_buttons((await turn.house.messenger.page(view)).keyboard)


async def edit(turn: Turn, press: Press) -> None:
    """The old words and options, to be changed."""
    view = await account.view(await turn.origin(), press.target, turn.desk.transactions)
    # Said at once where the picture that it began from is not to be had again.
    await remake.upload(view.job, turn.desk)
    if isinstance(view.job.request, MixRequest):
        await choosing.from_job(turn, view.job)
    else:
        await guide.from_job(turn, view.job)


async def base(turn: Turn, press: Press) -> None:
    """What to make of this picture."""
    await guide.from_picture(turn, press.target)


async def download(turn: Turn, press: Press) -> None:
    """The file as it was made, uncompressed."""
    artifact, job, data = await account.shown_picture(
        await turn.origin(), press.target, turn.desk.transactions, turn.desk.artifacts
    )
    await turn.acknowledge()
    shown = attachment(artifact, job)
    await turn.house.outlet.file(turn.place, Photo(data, shown.filename), turn.message.message_id)


async def crop(turn: Turn, press: Press) -> None:
    """How it will look small and round, on light and on dark."""
    _, job, data = await account.shown_picture(
        await turn.origin(), press.target, turn.desk.transactions, turn.desk.artifacts
    )
    await turn.acknowledge()
    preview = await asyncio.to_thread(pictures.circles, data)
    style = (await turn.house.messenger.style(job.origin)).covering(job)
    text = MARKUP.plain(turn.words.text("viewer-crops"))
    await turn.show(Page((text,), Photo(preview, "circles.png", style.spoiler)))


async def cancel(turn: Turn, press: Press) -> None:
    """Stop a job; its message says so."""
    origin, desk = await turn.origin(freshly=True), turn.desk
    status = await account.cancel(origin, press.target, desk.transactions, desk.events, desk.clock)
    await turn.acknowledge(turn.words.text("stopping" if status is JobStatus.RUNNING else "job-cancelled"))
    if status is JobStatus.CANCELLED:
        await turn.house.living.finish(press.target)
        job = await turn.house.answers.job(press.target)
        await turn.house.messenger.refresh(JobView(job))


async def delete(turn: Turn, press: Press) -> None:
    """For good, so ask first."""
    origin, words = await turn.origin(freshly=True), turn.words
    artifact = await account.deletable(origin, press.target, turn.desk.transactions)
    job = await turn.house.answers.job(artifact.job_id)
    await turn.acknowledge(words.text("delete-question"))
    yes = Button(f"🗑️ {words.text('confirm-yes')}", callback_data=pack("deleted", press.target))
    before = ("back", job.id) if job.request.count == 1 else ("picture", artifact.id)
    no = Button(f"◀️ {words.text('back')}", callback_data=pack(*before))
    await turn.change_buttons(((yes,), (no,)))


async def deleted(turn: Turn, press: Press) -> None:
    """Out of the gallery, and out of the message that shows it."""
    origin, desk = await turn.origin(freshly=True), turn.desk
    artifact = await account.delete_picture(origin, press.target, desk.transactions, desk.clock)
    await turn.acknowledge(turn.words.text("picture-deleted"))
    view = await account.shown(origin, artifact.job_id, desk.transactions)
    await turn.house.messenger.take_out(view, artifact)
    if not stands_in(view.job.origin, turn.message):
        # It was shown again from the gallery.
        await turn.house.outlet.delete(turn.place, [turn.message.message_id])


async def reported(turn: Turn, press: Press) -> None:
    """The moderators hear of it."""
    origin, desk = await turn.origin(), turn.desk
    _, job, _ = await account.shown_picture(origin, press.target, desk.transactions, desk.artifacts)
    await report(origin, job.id, "", desk.transactions, desk.clock, desk.events)
    await turn.acknowledge(turn.words.text("reported"))


HANDLERS = dict.fromkeys(MAKERS, made) | {
    "back": back,
    "base": base,
    "cancel": cancel,
    "crop": crop,
    "delete": delete,
    "deleted": deleted,
    "download": download,
    "edit": edit,
    "picture": one_picture,
    "report": reported,
    "tones": tones,
    "voice": voice,
}
