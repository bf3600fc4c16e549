"""Review cases in the database."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Executable, Select, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import Conflict
from bot.domain.identity import Platform
from bot.domain.moderation import CaseStatus, Category, ReviewCase, Signal, Stage
from bot.storage.connection import PatientConnection
from bot.storage.mapping import case_from_row
from bot.storage.tables import cases, jobs


def community_of_job() -> ColumnElement[str]:
    """A job's community, for a statement that reads jobs; null in a private chat."""
    community: ColumnElement[str] = jobs.c.origin["community_id"].as_string()
    return community


class SqlReviews:
    """Cases for human eyes."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def open(self, job_id: str, stage: Stage, cause: Signal, now: float, first_case_id: str | None = None) -> str:
        """A new case's id; Conflict when its first case was appealed before."""
        case_id = uuid4().hex
        row = {
            "id": case_id,
            "job_id": job_id,
            "stage": stage.value,
            "cause": asdict(cause),
            "status": CaseStatus.OPEN.value,
            "opened_at": now,
            "first_case_id": first_case_id,
        }
        try:
            await self._connection.execute(insert(cases), row)
        except IntegrityError as error:
            raise Conflict("appeal-once") from error
        return case_id

    async def get(self, case_id: str) -> ReviewCase | None:
        """A case by id, or by the first characters of it when they name just one."""
        prefix = cases.c.id.startswith(case_id, autoescape=True)
        rows = (await self._connection.execute(select(cases).where(prefix).limit(2))).all() if case_id else []
        return case_from_row(rows[0]) if len(rows) == 1 else None

    async def open_for(self, job_id: str) -> ReviewCase | None:
        """The case of a job that waits for a decision."""
        waiting = select(cases).where(cases.c.job_id == job_id, cases.c.status == CaseStatus.OPEN.value)
        row = await self._connection.first(waiting.limit(1))
        return case_from_row(row) if row else None

    async def of_job(self, job_id: str) -> Sequence[ReviewCase]:
        """All cases of a job, newest first."""
        return await self._many(select(cases).where(cases.c.job_id == job_id).order_by(cases.c.opened_at.desc()))

    async def of_member(self, member_id: str, platform: Platform, community_id: str | None) -> Sequence[ReviewCase]:
        """The cases about a member's work in a community, newest first."""
        rows = _here(select(cases), platform, community_id).where(jobs.c.member_id == member_id)
        return await self._many(rows.order_by(cases.c.opened_at.desc(), cases.c.id))

    async def list(
        self, status: CaseStatus, limit: int, community: tuple[Platform, str] | None = None
    ) -> Sequence[ReviewCase]:
        """Cases of one status, oldest first, of everywhere or of one community."""
        rows = _here(select(cases), *community) if community else select(cases)
        rows = rows.where(cases.c.status == status.value).order_by(cases.c.opened_at, cases.c.id)
        return await self._many(rows.limit(limit))

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
        return await self._change(
            case_id,
            cases.c.status == CaseStatus.OPEN.value,
            status=status.value,
            decided_by=by,
            decided_at=now,
            note=note,
            reason=reason.value if reason else None,
            strike=strike,
            settles_at=settles_at,
            settled_at=None if settles_at else now,
        )

    async def undo(self, case_id: str, now: float) -> bool:
        """Take a decision back that has not taken effect and whose time is not over; False otherwise."""
        blank = {"decided_by": None, "decided_at": None, "note": "", "reason": None, "strike": False}
        still = cases.c.settled_at.is_(None), cases.c.settles_at > now
        return await self._change(case_id, *still, status=CaseStatus.OPEN.value, settles_at=None, **blank)

    async def settle(self, case_id: str, now: float) -> bool:
        """The decision takes effect now; False when it has, or was taken back."""
        due = cases.c.settled_at.is_(None), cases.c.settles_at <= now
        return await self._change(case_id, *due, settled_at=now)

    async def settling(self, now: float) -> Sequence[ReviewCase]:
        """Decisions whose time to be taken back is over."""
        due = select(cases).where(cases.c.settled_at.is_(None), cases.c.settles_at <= now)
        return await self._many(due.order_by(cases.c.settles_at, cases.c.id))

    async def overturn(self, case: ReviewCase, status: CaseStatus, by: str, note: str, now: float) -> bool:
        """Give a decided case another status; False when it is no longer as `case` says."""
        same = cases.c.status == case.status.value, cases.c.decided_at == case.decided_at
        changes = {"status": status.value, "decided_by": by, "note": note, "overturned_at": now}
        return await self._change(case.id, *same, cases.c.settled_at.is_not(None), **changes)

    async def mark_overturned(self, case_id: str, now: float) -> None:
        """An appeal against a case's decision was upheld."""
        await self._change(case_id, overturned_at=now)

    async def withdraw(self, case_id: str, now: float) -> None:
        """What a decision was about is gone."""
        await self._change(case_id, status=CaseStatus.WITHDRAWN.value, settled_at=now)

    async def open_before(self, moment: float) -> Sequence[ReviewCase]:
        """Open cases older than `moment`."""
        rows = select(cases).where(cases.c.status == CaseStatus.OPEN.value, cases.c.opened_at < moment)
        return await self._many(rows.order_by(cases.c.opened_at, cases.c.id))

    async def within(
        self, platform: Platform, community_id: str | None, since: float, until: float
    ) -> Sequence[ReviewCase]:
        """A community's cases that were decided from `since` to before `until`, or are open."""
        decided = cases.c.decided_at.is_not(None) & (cases.c.decided_at >= since) & (cases.c.decided_at < until)
        rows = _here(select(cases), platform, community_id)
        return await self._many(
            rows.where(or_(decided, cases.c.status == CaseStatus.OPEN.value)).order_by(cases.c.opened_at, cases.c.id)
        )

    async def moderators(self, platform: Platform, community_id: str | None) -> set[str]:
        """Everybody who ever decided a case of a community."""
        who = _here(select(cases.c.decided_by), platform, community_id)
        human = who.where(cases.c.status.in_([CaseStatus.APPROVED.value, CaseStatus.REJECTED.value])).distinct()
        return {row.decided_by for row in await self._connection.execute(human)}

    async def _change(self, case_id: str, *expected: ColumnElement[bool], **values: Any) -> bool:
        changed = update(cases).where(cases.c.id == case_id, *expected).values(**values)
        return (await self._connection.execute(changed)).rowcount == 1

    async def _many(self, rows: Executable) -> Sequence[ReviewCase]:
        return [case_from_row(row) for row in await self._connection.execute(rows)]


def _here(rows: Select[Any], platform: Platform, community_id: str | None) -> Select[Any]:
    """Only those whose job was asked for in a community; None is a platform's private chats."""
    rows = rows.join(jobs, jobs.c.id == cases.c.job_id).where(jobs.c.platform == platform.value)
    community = community_of_job()
    return rows.where(community == community_id if community_id else community.is_(None))
