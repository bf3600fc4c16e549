"""The way out: messages sent, edited and taken away, and what Telegram has against it in words the outbox knows.

An edit may be said twice, and says the same; a new message must not. So a job's answer is one message, sent before
anything else and remembered (adapters/telegram/answer.py), and edited from then on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import structlog
from telegram import InputMediaAnimation, InputMediaPhoto, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from adapters.telegram.budget import Budget, Priority
from adapters.telegram.page import Page, Photo
from adapters.telegram.place import Place
from bot.ports import AddresseeGone, PlatformBusy

log = structlog.get_logger()

RECONNECT = 5.0
"""Seconds after which a message is tried again that Telegram could not take."""
UNKNOWN = 60.0
"""The same where Telegram does not know our token."""
Bot = ExtBot[Priority]
T = TypeVar("T")

_SAME = "message is not modified"
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", "message to delete not found")
_RIGHTS = ("not enough rights", "have no rights", "chat_write_forbidden", "chat_send_", "need administrator rights")
_OTHER_KIND = "there is no text in the message to edit"


class MessageGone(Exception):
    """The message that should be changed is not there any more, or is not ours to change."""


class NoRight(AddresseeGone):
    """The bot may not do this in this chat, but perhaps something less."""


class Outlet:
    """Writes as the bot. Raises PlatformBusy, AddresseeGone, NoRight, and MessageGone where something is changed."""

    def __init__(self, bot: Bot, moved: Callable[[int, int], Awaitable[None]]) -> None:
        self.bot = bot
        self.moved = moved
        """Told when a group has become a supergroup, with the old and the new id."""
        self.ready = False
        """Whether Telegram has answered us yet."""

    async def send(
        self, place: Place, page: Page, priority: Priority, reply_to: int | None = None, *, silent: bool = False
    ) -> Message:
        """A new message; a reply where there is something left to reply to."""
        given = self._given(page, priority) | {
            "chat_id": place.chat_id,
            "message_thread_id": place.thread_id,
            "reply_parameters": _reply(reply_to),
            "reply_markup": page.markup,
            "disable_notification": silent or None,
        }
        if page.photo is None:
            return await self._sent(place, self.bot.send_message(text=page.text, **_no_preview(), **given))
        photo = page.photo
        given |= {"filename": photo.name, "caption": page.text, "has_spoiler": photo.spoiler or None}
        if photo.moving:
            return await self._sent(place, self.bot.send_animation(animation=photo.media, **given))
        return await self._sent(place, self.bot.send_photo(photo=photo.media, **given))

    async def edit(self, place: Place, message_id: int, page: Page, priority: Priority) -> Message | None:
        """Change a message; words can become a picture, and the other way its caption changes.

        Answers the message where Telegram does, None when it was like this already.
        """
        given = self._given(page, priority) | {
            "chat_id": place.chat_id,
            "message_id": message_id,
            "reply_markup": page.buttons,
        }
        given_media = {key: value for key, value in given.items() if key != "parse_mode"}
        try:
            if page.photo:
                media = _media(page.photo, page.text)
                return _message(await self._sent(place, self.bot.edit_message_media(media=media, **given_media)))
            try:
                text = self.bot.edit_message_text(text=page.text, **_no_preview(), **given)
                return _message(await self._sent(place, text))
            except _OtherKind:
                caption = self.bot.edit_message_caption(caption=page.text, **given)
                return _message(await self._sent(place, caption))
        except _Same:
            return None

    async def buttons(self, place: Place, message_id: int, page: Page) -> None:
        """Only the buttons of a message become those of a page."""
        try:
            await self._sent(
                place,
                self.bot.edit_message_reply_markup(
                    chat_id=place.chat_id, message_id=message_id, reply_markup=page.buttons
                ),
            )
        except _Same:
            return

    async def album(self, place: Place, photos: tuple[Photo, ...], reply_to: int | None) -> list[Message]:
        """Several pictures together."""
        media = [_photo(photo) for photo in photos]
        sent = self.bot.send_media_group(
            chat_id=place.chat_id,
            media=media,
            message_thread_id=place.thread_id,
            reply_parameters=_reply(reply_to),
            rate_limit_args=Priority.RESULT,
        )
        return list(await self._sent(place, sent))

    async def file(self, place: Place, photo: Photo, reply_to: int | None) -> None:
        """A picture as a file, byte for byte."""
        sent = self.bot.send_document(
            chat_id=place.chat_id,
            document=photo.data,
            filename=photo.name,
            message_thread_id=place.thread_id,
            reply_parameters=_reply(reply_to),
            disable_content_type_detection=True,
        )
        await self._sent(place, sent)

    async def delete(self, place: Place, ids: list[int]) -> bool:
        """Take messages away, each whatever becomes of the others.

        False where one still stands because Telegram no longer lets us, as after two days.
        """
        gone = True
        for message_id in ids:
            deleting = self.bot.delete_message(
                chat_id=place.chat_id, message_id=message_id, rate_limit_args=Priority.RESULT
            )
            try:
                await self._sent(place, deleting)
            except MessageGone:
                continue
            except AddresseeGone:
                gone = False
        return gone

    def waits(self, task: "asyncio.Task[Any]") -> bool:
        """Whether what a task wants sent has not been sent yet."""
        return isinstance(self.bot.rate_limiter, Budget) and self.bot.rate_limiter.waits(task)

    def _given(self, page: Page, priority: Priority) -> dict[str, Any]:
        return {"parse_mode": ParseMode.HTML, "rate_limit_args": priority}

    async def _sent(self, place: Place, sending: Coroutine[Any, Any, T]) -> T:
        """What Telegram answered, or an error that the house understands."""
        if not self.ready:
            sending.close()
            raise PlatformBusy(RECONNECT)
        try:
            return await sending
        except ChatMigrated as move:
            await self.moved(place.chat_id, move.new_chat_id)
            raise PlatformBusy(0.0) from move
        except TelegramError as error:
            raise trouble(error) from error


class _Same(Exception):
    """It was like this already."""


class _OtherKind(Exception):
    """The message is a picture, and has a caption instead of a text."""


def trouble(error: TelegramError) -> Exception:
    """What an error of Telegram's means to the house."""
    said = error.message.lower()
    match error:
        case RetryAfter():
            after = error.retry_after
            return PlatformBusy(float(after.total_seconds() if hasattr(after, "total_seconds") else after))
        case InvalidToken():
            return PlatformBusy(UNKNOWN)
        case BadRequest() if _SAME in said:
            return _Same()
        case BadRequest() if _OTHER_KIND in said:
            return _OtherKind()
        case BadRequest() if any(gone in said for gone in _GONE):
            return MessageGone(said)
        case BadRequest() | Forbidden() if any(right in said for right in _RIGHTS):
            return NoRight(said)
        case BadRequest() | Forbidden():
            # Whatever Telegram has against it here (blocked, kicked, deleted), it may take elsewhere.
            log.info("telegram does not take a message", error=said[:100])
            return AddresseeGone(said)
        case NetworkError():
            return PlatformBusy(RECONNECT)
    return PlatformBusy(RECONNECT)


def _media(photo: Photo, caption: str) -> InputMediaPhoto | InputMediaAnimation:
    return InputMediaAnimation(photo.media, **_described(photo, caption)) if photo.moving else _photo(photo, caption)


def _photo(photo: Photo, caption: str | None = None) -> InputMediaPhoto:
    return InputMediaPhoto(photo.media, **_described(photo, caption))


def _described(photo: Photo, caption: str | None) -> dict[str, Any]:
    return {
        "caption": caption,
        "parse_mode": ParseMode.HTML if caption else None,
        "has_spoiler": photo.spoiler or None,
        "filename": None if photo.file_id else photo.name,
    }


def _reply(message_id: int | None) -> ReplyParameters | None:
    return ReplyParameters(message_id, allow_sending_without_reply=True) if message_id else None


def _no_preview() -> dict[str, Any]:
    return {"link_preview_options": LinkPreviewOptions(is_disabled=True)}


def _message(answer: Message | bool) -> Message | None:
    return answer if isinstance(answer, Message) else None
