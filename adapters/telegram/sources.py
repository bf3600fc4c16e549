"""The pictures that a command begins from: sent along, or in the message that it replies to."""

from telegram import Message

from adapters.actions import ActionKind
from adapters.chat.payload import unpack
from adapters.telegram import grid
from adapters.telegram.files import fetch, picture_in
from adapters.telegram.turn import Turn
from bot.domain.errors import InvalidRequest, NotFound
from bot.domain.requests import Source
from bot.usecases import account
from bot.usecases.upload import check_upload

_OF_PICTURES = frozenset({ActionKind.VARIATIONS, ActionKind.DOWNLOAD, ActionKind.CHOOSE, "picture", "open"})
_OF_JOBS = frozenset({ActionKind.AGAIN, ActionKind.ANOTHER, ActionKind.EDIT, "back", grid.AGAIN})
"""Kinds of buttons that carry the id of a picture, and of the job that a message answers."""


async def given(turn: Turn) -> Source | None:
    """The picture that comes with a command or that it replies to: one's own by its id, any other by its bytes.

    InvalidRequest where the message holds several of one's own.
    """
    bot = turn.house.outlet.bot
    if found := picture_in(turn.message):
        return Source(image=await fetch(found, bot))
    replied = turn.message.reply_to_message
    shown = _targets(replied, _OF_PICTURES)
    if own := [artifact_id for artifact_id in shown if await _is_own(turn, artifact_id)]:
        if len(shown) > 1:
            raise InvalidRequest("telegram-which")
        return Source(own[0])
    found = picture_in(replied)
    return Source(image=await fetch(found, bot)) if found else None


async def sent(turn: Turn) -> bytes | None:
    """The bytes of the picture that comes with a command, or that it replies to."""
    found = picture_in(turn.message) or picture_in(turn.message.reply_to_message)
    return await fetch(found, turn.house.outlet.bot) if found else None


async def kept(turn: Turn, image: bytes | None) -> str | None:
    """A picture for a request that is only being put together. What the screens refuse is not kept."""
    if image is None:
        return None
    await check_upload(image, await turn.origin(), turn.desk)
    return (await turn.desk.artifacts.put(image, ".upload")).name


async def job_in(turn: Turn, message: Message | None) -> str | None:
    """The job that a message of ours answers."""
    if jobs := _targets(message, _OF_JOBS):
        return jobs[0]
    for artifact_id in _targets(message, _OF_PICTURES)[:1]:
        async with turn.desk.transactions() as tx:
            artifact = await tx.artifacts.get(artifact_id)
        return artifact.job_id if artifact else None
    return None


async def _is_own(turn: Turn, artifact_id: str) -> bool:
    try:
        await account.artwork(await turn.origin(), artifact_id, turn.desk.transactions)
    except NotFound:
        return False
    return True


def _targets(message: Message | None, kinds: frozenset[str]) -> list[str]:
    """The ids that buttons of these kinds carry, each once."""
    markup = message.reply_markup if message else None
    buttons = (button for row in (markup.inline_keyboard if markup else ()) for button in row)
    presses = (unpack(str(button.callback_data)) for button in buttons)
    return list(dict.fromkeys(press.target for press in presses if press and press.kind in kinds))
