"""What is remembered for moderators' eyes, as Protocols."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.identity import Platform
from bot.domain.moderation import (
    CaseStatus,
    Category,
    DueCard,
    Note,
    Opinion,
    Report,
    ReviewCase,
    Signal,
    Stage,
)


class Reviews(Protocol):
    """Cases for human eyes."""

    async def open(self, job_id: str, stage: Stage, cause: Signal, now: float, first_case_id: str | None = None) -> str:
        """A new case's id; Conflict when its first case was appealed before."""
        ...

    async def get(self, case_id: str) -> ReviewCase | None:
        """A case by id, or by the first characters of it when they name just one."""
        ...

    async def open_for(self, job_id: str) -> ReviewCase | None:
        """The case of a job that waits for a decision."""
        ...

    async def of_job(self, job_id: str) -> Sequence[ReviewCase]:
        """All cases of a job, newest first."""
        ...

    async def of_member(self, member_id: str, platform: Platform, community_id: str | None) -> Sequence[ReviewCase]:
        """The cases about a member's work in a community, newest first."""
        ...

    async def list(
        self, status: CaseStatus, limit: int, community: tuple[Platform, str] | None = None
    ) -> Sequence[ReviewCase]:
        """Cases of one status, oldest first, of everywhere or of one community."""
        ...

    async def decide(
        self,
        case_id: str,
        status: CaseStatus,
        by: str,
        note: str,
        now: float,
        *,
        reason: Category | None = None,
        strike: bool = False,
        settles_at: float | None = None,
    ) -> bool:
        """Decide an open case; False when somebody else was first. Without `settles_at` it has taken effect."""
        ...

    async def undo(self, case_id: str, now: float) -> bool:
        """Take a decision back that has not taken effect and whose time is not over; False otherwise."""
        ...

    async def settle(self, case_id: str, now: float) -> bool:
        """The decision takes effect now; False when it has, or was taken back."""
        ...

    async def settling(self, now: float) -> Sequence[ReviewCase]:
        """Decisions whose time to be taken back is over."""
        ...

    async def overturn(self, case: ReviewCase, status: CaseStatus, by: str, note: str, now: float) -> bool:
        """Give a decided case another status; False when it is no longer as `case` says."""
        ...

    async def mark_overturned(self, case_id: str, now: float) -> None:
        """An appeal against a case's decision was upheld."""
        ...

    async def withdraw(self, case_id: str, now: float) -> None:
        """What a decision was about is gone."""
        ...

    async def open_before(self, moment: float) -> Sequence[ReviewCase]:
        """Open cases older than `moment`."""
        ...

    async def within(
        self, platform: Platform, community_id: str | None, since: float, until: float
    ) -> Sequence[ReviewCase]:
        """A community's cases that were decided from `since` to before `until`, or are open."""
        ...

    async def moderators(self, platform: Platform, community_id: str | None) -> set[str]:
        """Everybody who ever decided a case of a community."""
        ...


class Casework(Protocol):
    """What moderators do about a case before they decide it."""

    async def claim(self, case_id: str, by: str, now: float, until: float) -> bool:
        """Take an open case for a while; False when somebody else has it."""
        ...

    async def unclaim(self, case_id: str, by: str) -> bool:
        """Give it back; False when somebody else has it."""
        ...

    async def escalate(self, case_id: str, now: float) -> bool:
        """From now on only an owner decides; False when that was so, or it is decided."""
        ...

    async def want_second(self, case_id: str, by: str) -> bool:
        """From now on somebody else decides; False when that was so, or it is decided."""
        ...

    async def note(self, note: Note) -> None:
        """Add a note."""
        ...

    async def notes(self, case_id: str) -> list[Note]:
        """The notes about a case, oldest first."""
        ...

    async def opine(self, opinion: Opinion) -> None:
        """Remember what a moderator thinks; the newest counts."""
        ...

    async def opinions(self, case_ids: Sequence[str]) -> list[Opinion]:
        """What moderators thought of these cases, oldest first."""
        ...


class Cards(Protocol):
    """Where moderators were shown a case, and what was said there."""

    async def due(self, platform: Platform, now: float, limit: int) -> list[DueCard]:
        """Cases whose card is missing, or tells of an earlier state; oldest first."""
        ...

    async def shown(self, case_id: str, channel_id: str, message_id: str, shows: str) -> None:
        """The card is there, and tells what a DueCard's `shows` named."""
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

    async def unheard(self, job_id: str) -> int:
        """How many reports of a job have led to no case."""
        ...

    async def heard(self, job_id: str, case_id: str) -> None:
        """All reports of a job that had led to none belong to this case."""
        ...

    async def dismissed(self, member_id: str, limit: int) -> list[bool]:
        """Of a member's last reports that were decided, newest first: whether what they reported was kept."""
        ...

    async def of_case(self, case_id: str) -> list[Report]:
        """The reports behind a case, oldest first."""
        ...
