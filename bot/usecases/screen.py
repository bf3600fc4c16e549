"""Ask the screens and decide, failing closed: a screen that breaks is a reason to hold, never to pass."""

from collections.abc import Awaitable, Iterable, Sequence

from bot.domain.errors import HuashenError
from bot.domain.moderation import (
    Category,
    Decision,
    ModerationPolicy,
    Signal,
    Verdict,
    decide,
)


async def judged(questions: Iterable[Awaitable[Sequence[Signal]]], policy: ModerationPolicy) -> Decision:
    """The verdict over the answers of several screens."""
    signals: list[Signal] = []
    decision = Decision(Verdict.ALLOW)
    for question in questions:
        try:
            signals += await question
        except HuashenError:
            raise
        except Exception as error:
            signals.append(Signal(Category.UNSCREENED, 1.0, type(error).__name__))
        decision = decide(signals, policy)
    return decision
