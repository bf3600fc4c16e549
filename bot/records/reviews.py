"""What is remembered for moderators' eyes, as Protocols."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.identity import Platform
from bot.domain.moderation import CaseStatus, Decision, DueCard, ReviewCase, Signal, Stage


class Reviews(Protocol):
    """Cases for human eyes, and the flags behind every verdict."""

    async def open(self, job_id: str, stage: Stage, cause: Signal, now: float) -> str:
        """A new case's id."""
        ...

    async def get(self, case_id: str) -> ReviewCase | None:
        """A case by id, or by the first characters of it when they name just one."""
        ...

    async def open_for(self, job_id: str) -> ReviewCase | None:
        """The case of a job that waits for a decision."""
        ...

    async def list(
        self, status: CaseStatus, limit: int, community: tuple[Platform, str] | None = None
    ) -> list[ReviewCase]:
        """Cases of one status, oldest first, of everywhere or of one community."""
        ...

    async def decide(self, case_id: str, status: CaseStatus, by: str, note: str, now: float) -> bool:
        """Decide an open case; False when somebody else was first."""
        ...

    async def open_before(self, moment: float) -> Sequence[ReviewCase]:
        """Open cases older than `moment`."""
        ...

    async def flag(
        self, member_id: str, platform: Platform, job_id: str | None, stage: Stage, decision: Decision, now: float
    ) -> None:
        """Remember why something was not simply allowed."""
        ...


class Cards(Protocol):
    """Where moderators were shown a case, and what was said there."""

    async def due(self, platform: Platform, limit: int) -> list[DueCard]:
        """Cases whose card is missing, or tells of an earlier status; oldest first."""
        ...

    async def shown(self, case_id: str, channel_id: str, message_id: str, status: CaseStatus) -> None:
        """The card is there, and tells of this status."""
        ...

    async def give_up(self, case_id: str, channel_id: str) -> None:
        """The card is due again only when the community has another channel for it."""
        ...


class Reports(Protocol):
    """What members reported."""

    async def add(self, job_id: str, member_id: str, note: str, now: float) -> bool:
        """Store a report; False when this member already reported the job."""
        ...

    async def count(self, member_id: str, since: float) -> int:
        """How many reports a member made since then."""
        ...
