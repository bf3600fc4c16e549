"""The commands that members type. To add one: a function here, its place in COMMANDS, `command-<name>` in locales."""

from contextlib import suppress

from telegram import Message

from adapters.chat.payload import unpack
from adapters.commandline import build, parse
from adapters.telegram import (
    appealing,
    asking,
    casework,
    guide,
    linking,
    measuring,
    panels,
    questions,
    reviewing,
    rules,
    safety,
)
from adapters.telegram.files import fetch, picture_in
from adapters.telegram.turn import Turn
from bot.domain.errors import InvalidRequest, NotFound
from bot.domain.identity import Origin
from bot.domain.outcomes import Outcome
from bot.domain.requests import clean_text, prompt_of
from bot.usecases import account
from bot.usecases.submit import submit
from bot.usecases.upload import check_upload

_OF_JOBS = frozenset({"again", "another", "back", "edit"})
"""Buttons that carry the id of the job that a message answers."""


async def avatar(turn: Turn, text: str) -> None:
    """Draw, from the picture in the message or in the one that it replies to, where there is one."""
    origin = await turn.origin()
    image = await _picture(turn)
    line = parse(f"/avatar {text}")
    if not line.text and not line.options:
        await guide.begin(turn, "avatar", upload=await _kept(turn, image))
        return
    options = {"style": turn.rules.default_style or ""} | dict(line.options)
    request = build("avatar", line.text, options, turn.offer, image)
    await asking.follow(turn, await submit(request, origin, turn.desk))


async def caption(turn: Turn, text: str) -> None:
    """Write. A picture that comes without words is asked about: nobody here can see yet."""
    line = parse(f"/caption {text}")
    topic = line.text or await _ours(turn)
    image = await _picture(turn) if line.text or not topic else None
    if image is not None:
        await check_upload(image, await turn.origin(), turn.desk)
    replied = turn.message.reply_to_message
    if not topic and replied and replied.from_user != turn.house.outlet.bot.bot and image is None:
        topic = replied.text or replied.caption or ""
    if not topic:
        await turn.origin()
        await guide.begin(turn, "caption", upload=await _kept(turn, image))
        return

    async def making(origin: Origin) -> Outcome:
        options = {"tone": turn.rules.default_tone} | dict(line.options)
        return await submit(build("caption", topic, options, turn.offer), origin, turn.desk)

    await asking.make(turn, making)


async def _ours(turn: Turn) -> str:
    """The words that somebody asked for an answer of ours with, which the message replies to; else nothing."""
    job_id = None if picture_in(turn.message) else _job_in(turn.message.reply_to_message)
    if job_id:
        with suppress(NotFound):
            view = await account.shown(await turn.origin(), job_id, turn.desk.transactions)
            return prompt_of(view.job.request)
    return ""


def _job_in(message: Message | None) -> str | None:
    """The job that a message of ours answers."""
    markup = message.reply_markup if message else None
    for button in (button for row in (markup.inline_keyboard if markup else ()) for button in row):
        press = unpack(str(button.callback_data))
        if press and press.kind in _OF_JOBS:
            return press.target
    return None


async def review(turn: Turn, text: str) -> None:
    """The cases that wait; in reply to an answer of ours, whoever asked for that."""
    job_id = _job_in(turn.message.reply_to_message)
    if job_id and not turn.alone:
        await measuring.point_to_member(turn, job_id)
    else:
        await reviewing.show_next(turn)


async def _picture(turn: Turn) -> bytes | None:
    """The picture that comes with a command, or that it replies to."""
    found = picture_in(turn.message) or picture_in(turn.message.reply_to_message)
    return await fetch(found, turn.house.outlet.bot) if found else None


async def _kept(turn: Turn, image: bytes | None) -> str | None:
    """A picture for a request that is only being put together. What the screens refuse is not kept."""
    if image is None:
        return None
    await check_upload(image, await turn.origin(), turn.desk)
    return (await turn.desk.artifacts.put(image, ".upload")).name


async def plain(turn: Turn, text: str) -> None:
    """Words or a picture without a command, in private: an answer to a question of ours, or something to begin with."""
    await turn.origin()
    found = picture_in(turn.message)
    image = await fetch(found, turn.house.outlet.bot) if found else None
    text = clean_text(text)
    if image is None and text and await answered(turn, text):
        return
    if image is None and not text:
        raise InvalidRequest("telegram-what")
    if text:
        # Said now rather than after two presses, where there is too much of it.
        build("avatar", text, {}, turn.offer)
    await guide.offer(turn, text, await _kept(turn, image))


async def answered(turn: Turn, text: str) -> bool:
    """Words that answer a question of ours; False where none was asked."""
    draft = await questions.asked(turn)
    if draft is None:
        return False
    await _TAKERS.get(draft.kind, guide.take)(turn, draft, text)
    return True


async def start(turn: Turn, text: str) -> None:
    """The first word in a private chat, or a link that leads to something."""
    if text.startswith(rules.REVIEW_HERE):
        await rules.review_here(turn, text.removeprefix(rules.REVIEW_HERE))
    elif text.startswith(appealing.APPEAL):
        await appealing.begin(turn, text.removeprefix(appealing.APPEAL))
    elif text.startswith(reviewing.PAGE):
        await safety.open_page(turn, text.removeprefix(reviewing.PAGE))
    elif text.startswith(measuring.MEMBER):
        await measuring.show_member(turn, text.removeprefix(measuring.MEMBER))
    elif text == linking.PRIVATE:
        await linking.show(turn)
    else:
        await panels.start(turn, text)


_TAKERS = {appealing.KIND: appealing.take, casework.NOTE: casework.take_note}
"""Who takes the words of an answer, by the kind of its question; all other kinds are requests."""
COMMANDS = {
    "avatar": avatar,
    "caption": caption,
    "gallery": panels.show_gallery,
    "quota": panels.show_quota,
    "jobs": panels.show_jobs,
    "help": panels.show_help,
    "start": start,
    "link": linking.show,
    "review": review,
    "settings": rules.show,
}
ANONYMOUS = frozenset({"help", "settings", "start"})
"""Commands that need not know who asks: an administrator may hide behind the group."""
