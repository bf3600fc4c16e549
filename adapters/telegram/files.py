"""Pictures in messages: which, whether it is one at all, and its bytes, whose size is known before one is fetched."""

from dataclasses import dataclass

from telegram import Message
from telegram.error import BadRequest, TelegramError

from adapters.telegram.outlet import Bot, trouble
from bot.domain.errors import InvalidRequest, NotFound
from bot.domain.requests import IMAGE_LIMIT

_TOO_BIG = "file is too big"


@dataclass(frozen=True, slots=True)
class Found:
    """A picture in a message, not fetched yet."""

    file_id: str
    size: int


def picture_in(message: Message | None) -> Found | None:
    """A message's picture; None where it has nothing that could be one. InvalidRequest where it is something else."""
    if message is None:
        return None
    if message.photo:
        fitting = [photo for photo in message.photo if (photo.file_size or 0) <= IMAGE_LIMIT] or message.photo
        largest = max(fitting, key=lambda photo: photo.width * photo.height)
        return Found(largest.file_id, largest.file_size or 0)
    if document := message.document:
        if not (document.mime_type or "").startswith("image/"):
            raise InvalidRequest("image-unreadable")
        return Found(document.file_id, document.file_size or 0)
    if sticker := message.sticker:
        if sticker.is_animated or sticker.is_video:
            raise InvalidRequest("telegram-moving")
        return Found(sticker.file_id, sticker.file_size or 0)
    if message.animation or message.video or message.video_note:
        raise InvalidRequest("telegram-moving")
    if message.voice or message.audio:
        raise InvalidRequest("image-unreadable")
    return None


async def fetch(found: Found, bot: Bot) -> bytes:
    """The bytes. InvalidRequest when there are too many, NotFound when Telegram has them no longer."""
    if found.size > IMAGE_LIMIT:
        raise _too_large()
    try:
        file = await bot.get_file(found.file_id)
        if (file.file_size or 0) > IMAGE_LIMIT:
            raise _too_large()
        data = bytes(await file.download_as_bytearray())
    except BadRequest as error:
        if _TOO_BIG in error.message.lower():
            raise _too_large() from None
        raise NotFound("attachment-gone") from error
    except TelegramError as error:
        raise trouble(error) from error
    if len(data) > IMAGE_LIMIT:
        raise _too_large()
    return data


def _too_large() -> InvalidRequest:
    return InvalidRequest("image-too-large", limit_mb=IMAGE_LIMIT // 1024**2)
