"""What an engine's error means to the person who asked."""

from bot.domain.errors import Reason
from engines.contract import Cancelled, EngineError, EngineUnreachable, InvalidInput, ModelUnavailable, OutOfMemory


def engine_reason(error: EngineError) -> Reason:
    """The sentence for an engine's error."""
    match error:
        case InvalidInput():
            return Reason.of("engine-invalid-input", detail=str(error))
        case ModelUnavailable():
            return Reason.of("model-unavailable", detail=str(error))
        case OutOfMemory():
            return Reason.of("out-of-memory")
        case Cancelled():
            return Reason.of("deadline-passed")
        case EngineUnreachable():
            return Reason.of("engine-unreachable")
        case _:
            return Reason.of("engine-failed")
