"""What went wrong, as one sentence for the person who asked; silence where nobody is left to tell."""

import structlog

from adapters.telegram.outlet import MessageGone
from adapters.telegram.turn import Turn
from bot.domain.errors import HuashenError, NotFound, Reason
from bot.ports import AddresseeGone, PlatformBusy

log = structlog.get_logger()

_THEIRS = {"job-not-found", "picture-not-found"}


async def explain(turn: Turn, error: Exception) -> None:
    """Tell the asker; what nobody expected goes to the log with its trace."""
    if isinstance(error, AddresseeGone | MessageGone):
        log.info("nobody is left to tell", chat=turn.place.chat_id)
        return
    if isinstance(error, PlatformBusy):
        reason = Reason.of("telegram-busy")
    elif isinstance(error, NotFound) and error.reason.message in _THEIRS and _of_somebody_else(turn):
        reason = Reason.of("not-yours")
    elif isinstance(error, HuashenError):
        reason = error.reason
    else:
        log.error("an update failed", error=type(error).__name__, exc_info=error)
        reason = Reason.of("unexpected")
    try:
        await turn.say(reason)
    except (AddresseeGone, PlatformBusy, MessageGone) as late:
        log.info("an error could not be told", reason=reason.message, error=type(late).__name__)


def _of_somebody_else(turn: Turn) -> bool:
    """Whether the message whose button was pressed answers another member."""
    asked = turn.message.reply_to_message if turn.query else None
    return bool(asked and asked.from_user and asked.from_user.id != turn.user.id)
