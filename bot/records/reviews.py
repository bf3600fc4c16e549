"""What is remembered for moderators' eyes, as Protocols."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.moderation import CaseStatus, Decision, ReviewCase, Signal, Stage


class Reviews(Protocol):
    """Cases for human eyes, and the flags behind every verdict."""

    async def open(self, job_id: str, stage: Stage, cause: Signal, now: float) -> str:
        """A new case's id."""
        ...

    async def get(self, case_id: str) -> ReviewCase | None:
        """A case by id, or by the first characters of it when they name just one."""
        ...

    async def list(self, status: CaseStatus, limit: int) -> list[ReviewCase]:
        """Cases of one status, oldest first."""
        ...

    async def decide(self, case_id: str, status: CaseStatus, by: str, note: str, now: float) -> bool:
        """Decide an open case; False when somebody else was first."""
        ...

    async def open_before(self, moment: float) -> Sequence[ReviewCase]:
        """Open cases older than `moment`."""
        ...

    async def flag(self, member_id: str, job_id: str | None, stage: Stage, decision: Decision, now: float) -> None:
        """Remember why something was not simply allowed."""
        ...
