"""What went wrong, as one sentence for the person who asked; silence where nobody is left to tell."""

import structlog

from adapters.chat.payload import unpack
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
    elif isinstance(error, NotFound) and error.reason.message in _THEIRS and await _of_somebody_else(turn):
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


async def _of_somebody_else(turn: Turn) -> bool:
    """Whether what was pressed for is another member's."""
    press = unpack(turn.query.data or "") if turn.query else None
    if press is None:
        return False
    async with turn.desk.transactions() as tx:
        artifact = await tx.artifacts.get(press.target)
        job = await tx.jobs.get(artifact.job_id if artifact else press.target)
        return job is not None and job.member_id != (await tx.members.resolve(await turn.origin())).id
