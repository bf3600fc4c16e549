"""A Reply as a Telegram message. CPU work happens here: call `compose` in a thread when there are pictures."""

from collections.abc import Sequence
from dataclasses import replace

from telegram import InlineKeyboardButton as Button

from adapters import pictures
from adapters.actions import Action, ActionKind
from adapters.chat.payload import pack
from adapters.chat.wording import SYMBOLS, Style, lines
from adapters.presentation import Attachment, Reply
from adapters.telegram import grid
from adapters.telegram.page import MARKUP, Keyboard, Page, Photo, in_rows
from bot.domain.jobs import Job
from bot.domain.requests import prompt_of
from bot.i18n import Translator

PREVIEW = 256
"""Pixels to which a preview is enlarged at least: Telegram shows small pictures as thumbnails."""
_PRIVATE_MATTERS = {ActionKind.REPORT}
"""Actions that need others: where a member is alone with the bot, they report to nobody."""


def compose(
    reply: Reply, style: Style, job: Job | None = None, images: Sequence[bytes] = (), handles: Sequence[str | None] = ()
) -> Page:
    """The whole message; `images` are the bytes of the reply's attachments, `handles` Telegram's ids of them.

    One picture stands in the message itself, several follow as an album; children to choose from are one picture.
    """
    page = Page(tuple(lines(reply, style, MARKUP, job)), keyboard=_keyboard(reply, style.words, alone=_alone(job)))
    known, style = handles or [None] * len(images), style.covering(job)
    if job is not None and grid.shows(job, len(images)):
        return grid.page(page.lines, job, reply.attachments, images, style)
    photos = tuple(
        _photo(attachment, image, style, handle)
        for attachment, image, handle in zip(reply.attachments, images, known, strict=True)
    )
    if len(photos) == 1:
        said = _shown_as(reply.attachments[0], job)
        return replace(page, lines=(page.lines[0], *said, *page.lines[1:]), photo=photos[0])
    return replace(page, album=photos)


def unfinished(reply: Reply, style: Style, job: Job, preview: bytes | None = None, texts: Sequence[str] = ()) -> Page:
    """A message about work in hand, with as much of the result as may be shown."""
    page = compose(replace(reply, texts=tuple(texts)), style, job)
    if preview is None:
        return page
    return replace(page, photo=Photo(pictures.enlarged(preview, PREVIEW), "preview.png", style.spoiler))


def of_picture(attachment: Attachment, words: Translator, job: Job) -> Keyboard:
    """What can be done with one of several pictures, and the way back."""
    back = Button(f"◀️ {words.text('back')}", callback_data=pack("back", job.id))
    return (*_rows((), attachment, words, alone=_alone(job)), (back,))


def button(action: Action, words: Translator) -> Button:
    """An action as a button."""
    label = f"{SYMBOLS[action.kind]} {words.text(action.label)}"
    kind = "tones" if action.kind is ActionKind.TONE else action.kind.value
    return Button(label, callback_data=pack(kind, action.artifact_id or action.job_id))


def _keyboard(reply: Reply, words: Translator, *, alone: bool) -> Keyboard:
    """Buttons for the job first, two in a row; then for its picture, or a number for each of several."""
    only = reply.attachments[0] if len(reply.attachments) == 1 else None
    rows = _rows(reply.actions, only, words, alone=alone)
    if len(reply.attachments) > 1:
        numbers = [
            Button(f"🖼️ {number}", callback_data=pack("picture", attachment.artifact.id))
            for number, attachment in enumerate(reply.attachments, 1)
        ]
        rows = (*rows, tuple(numbers))
    return rows


def _rows(actions: Sequence[Action], picture: Attachment | None, words: Translator, *, alone: bool) -> Keyboard:
    """Two in a row; what can be made of a picture comes last, three in a row, for these names are short."""
    actions = (*actions, *(picture.actions if picture else ()))
    first = [button(action, words) for action in actions if not (alone and action.kind in _PRIVATE_MATTERS)]
    last = [button(action, words) for action in picture.studio] if picture else []
    return (*in_rows(first, 2), *in_rows(last, 3))


def _shown_as(picture: Attachment, job: Job | None) -> tuple[str, ...]:
    """What a picture shows, where no words of its member's say it: Telegram knows no alt text."""
    told = picture.artifact.alt if job is None or not prompt_of(job.request) else ""
    return (MARKUP.small(told),) if told else ()


def _alone(job: Job | None) -> bool:
    return job is None or job.origin.community_id is None


def _photo(attachment: Attachment, image: bytes, style: Style, handle: str | None) -> Photo:
    if attachment.artifact.animated:
        return _moving(attachment, image, style, handle)
    data, name = pictures.fit(image, attachment.filename, style.size_limit)
    return Photo(data, name, style.spoiler, handle)


def _moving(attachment: Attachment, image: bytes, style: Style, handle: str | None) -> Photo:
    """An animation as Telegram plays it, GIF or MP4; one that it has already needs no work."""
    name = attachment.filename
    if attachment.artifact.media_type == "image/webp":
        name = f"{name.rpartition('.')[0]}.gif"
        image = b"" if handle else pictures.gif(image, style.size_limit)
    return Photo(image, name, style.spoiler, handle, moving=True)
