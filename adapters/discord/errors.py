"""What went wrong, as one sentence for the person who asked; silence where nobody is left to tell."""

import aiohttp
import discord
import structlog
from discord import app_commands

from adapters.discord.turn import Turn
from bot.domain.errors import HuashenError, NotFound, Reason

log = structlog.get_logger()

_TOO_LATE = {10062, 10015, 50027, 40060}
"""Unknown interaction, unknown webhook, invalid token, already acknowledged."""
_THEIRS = {"job-not-found", "picture-not-found"}


async def explain(turn: Turn, error: Exception) -> None:
    """Tell the asker; what nobody expected goes to the log with its trace."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, discord.HTTPException) and error.code in _TOO_LATE:
        log.warning("an interaction was gone before it was answered", code=error.code)
        return
    reason = sentence(turn, error)
    if reason.message == "unexpected":
        log.error("an interaction failed", error=type(error).__name__, exc_info=error)
    try:
        await turn.say(reason)
    except (discord.HTTPException, aiohttp.ClientError, OSError, RuntimeError) as late:
        # RuntimeError is aiohttp's 'Session is closed', when the client was replaced meanwhile.
        log.warning("an error could not be told", reason=reason.message, error=type(late).__name__)


def sentence(turn: Turn, error: Exception) -> Reason:
    """The sentence for an error."""
    match error:
        case NotFound() if error.reason.message in _THEIRS and _of_somebody_else(turn):
            return Reason.of("not-yours")
        case HuashenError():
            return error.reason
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return Reason.of("old-button")
        case app_commands.TransformerError() | app_commands.CheckFailure():
            return Reason.of("request-malformed")
    return Reason.of("unexpected")


def _of_somebody_else(turn: Turn) -> bool:
    """Whether the message whose button was pressed answers another member."""
    message = turn.interaction.message
    asked = message.interaction_metadata if message else None
    return asked is not None and asked.user.id != turn.interaction.user.id
