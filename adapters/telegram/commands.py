"""The commands that members type. To add one: a function here, its place in COMMANDS, `command-<name>` in locales."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from adapters.asking import request_from
from adapters.commandline import CommandLine, build, parse
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
    sources,
    studio,
)
from adapters.telegram.files import fetch, picture_in
from adapters.telegram.turn import Turn
from bot.domain.errors import InvalidRequest, NoAnswer, NotFound
from bot.domain.identity import Origin
from bot.domain.outcomes import Outcome
from bot.domain.requests import clean_text, prompt_of
from bot.usecases import account
from bot.usecases.describe import describe
from bot.usecases.submit import submit


async def avatar(turn: Turn, text: str) -> None:
    """Draw, from the picture in the message or in the one that it replies to, where there is one."""
    await turn.origin()
    image = await sources.sent(turn)
    line = parse(f"/avatar {text}")
    if not line.text and not line.options:
        await guide.begin(turn, "avatar", upload=await sources.kept(turn, image))
        return
    await _make(turn, line, {"style": turn.rules.default_style or ""}, image)


async def caption(turn: Turn, text: str) -> None:
    """Write: about words, about what a picture shows, or both."""
    line = parse(f"/caption {text}")
    topic = line.text or await _ours(turn)
    image = await sources.sent(turn) if line.text or not topic else None
    seen = image is not None and await _seen(turn, image)
    replied = turn.message.reply_to_message
    if not topic and replied and replied.from_user != turn.house.outlet.bot.bot and image is None:
        topic = replied.text or replied.caption or ""
    if not topic and not seen and not line.options.get("picture"):
        await turn.origin()
        kept = (await turn.desk.artifacts.put(image, ".upload")).name if image else None
        await guide.begin(turn, "caption", upload=kept)
        return
    await turn.origin()
    await _make(turn, replace(line, text=topic), {"tone": turn.rules.default_tone}, image if seen else None)


async def _make(turn: Turn, line: CommandLine, defaults: Mapping[str, str], image: bytes | None) -> None:
    line = replace(line, options={**defaults, **line.options})

    async def making(origin: Origin) -> Outcome:
        request = await request_from(line, turn.offer, origin, turn.desk, image)
        return await submit(request, origin, turn.desk)

    await asking.make(turn, making)


async def _seen(turn: Turn, image: bytes) -> bool:
    """Whether it can be said what a picture shows; what the screens refuse is said at once."""
    await turn.think()
    try:
        await describe(image, await turn.origin(), turn.desk)
    except NoAnswer:
        return False
    return True


async def _ours(turn: Turn) -> str:
    """The words that somebody asked for an answer of ours with, which the message replies to; else nothing."""
    job_id = None if picture_in(turn.message) else await sources.job_in(turn, turn.message.reply_to_message)
    if job_id:
        with suppress(NotFound):
            view = await account.shown(await turn.origin(), job_id, turn.desk.transactions)
            return prompt_of(view.job.request)
    return ""


async def review(turn: Turn, text: str) -> None:
    """The cases that wait; in reply to an answer of ours, whoever asked for that."""
    job_id = await sources.job_in(turn, turn.message.reply_to_message)
    if job_id and not turn.alone:
        await measuring.point_to_member(turn, job_id)
    else:
        await reviewing.show_next(turn)


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
    await guide.offer(turn, text, await sources.kept(turn, image))


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
    elif not await studio.start(turn, text):
        await panels.start(turn, text)


_TAKERS = {appealing.KIND: appealing.take, casework.NOTE: casework.take_note}
"""Who takes the words of an answer, by the kind of its question; all other kinds are requests."""
COMMANDS = {
    "avatar": avatar,
    "caption": caption,
    **studio.COMMANDS,
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
