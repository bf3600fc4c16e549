"""Ask the screens and decide, failing closed: a screen that breaks is a reason to hold, never to pass."""

from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import replace
from uuid import uuid4

from bot.domain.community_policy import ChannelKind, CommunityPolicy
from bot.domain.errors import HuashenError
from bot.domain.identity import Origin
from bot.domain.moderation import (
    Category,
    Decision,
    ModerationPolicy,
    Signal,
    Stage,
    Verdict,
    decide,
)
from bot.domain.screenings import Screening
from bot.ports import UnitOfWork


async def judged(
    questions: Iterable[Awaitable[Sequence[Signal]]], policy: ModerationPolicy, stage: Stage | None = None
) -> Decision:
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
        decision = decide(signals, policy, stage)
    return decision


async def remember(
    tx: UnitOfWork,
    decision: Decision,
    stage: Stage,
    origin: Origin,
    policy: CommunityPolicy,
    member_id: str,
    job_id: str | None,
    now: float,
) -> None:
    """Keep a judgement, whatever it was, without the words or the picture that it is about; its cause comes first."""
    signals = sorted(decision.signals, key=lambda signal: signal is not decision.cause)
    await tx.screenings.add(
        Screening(
            id=uuid4().hex,
            job_id=job_id,
            member_id=member_id,
            platform=origin.platform,
            community_id=origin.community_id,
            kind=ChannelKind.of(origin),
            stage=stage,
            signals=tuple(replace(signal, evidence="") for signal in signals),
            verdict=decision.verdict,
            policy_version=policy.version,
            at=now,
        )
    )
