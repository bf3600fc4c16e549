"""Review cases in the database, with the flags behind them."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import uuid4

from sqlalchemy import ColumnElement, func, insert, select, update

from bot.domain.identity import Platform
from bot.domain.moderation import CaseStatus, Decision, ReviewCase, Signal, Stage
from bot.storage.connection import PatientConnection
from bot.storage.mapping import case_from_row
from bot.storage.tables import cases, flags, jobs


def community_of_job() -> ColumnElement[str]:
    """A job's community, for a statement that reads jobs; null in a private chat."""
    community: ColumnElement[str] = jobs.c.origin["community_id"].as_string()
    return community


class SqlReviews:
    """Cases for human eyes, and the flags behind every verdict."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def open(self, job_id: str, stage: Stage, cause: Signal, now: float) -> str:
        """A new case's id."""
        case_id = uuid4().hex
        row = {
            "id": case_id,
            "job_id": job_id,
            "stage": stage.value,
            "cause": asdict(cause),
            "status": CaseStatus.OPEN.value,
            "opened_at": now,
        }
        await self._connection.execute(insert(cases), row)
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

    async def list(
        self, status: CaseStatus, limit: int, community: tuple[Platform, str] | None = None
    ) -> list[ReviewCase]:
        """Cases of one status, oldest first, of everywhere or of one community."""
        rows = select(cases).where(cases.c.status == status.value)
        if community:
            platform, community_id = community
            rows = rows.join(jobs, jobs.c.id == cases.c.job_id)
            rows = rows.where(jobs.c.platform == platform.value, community_of_job() == community_id)
        rows = rows.order_by(cases.c.opened_at, cases.c.id).limit(limit)
        return [case_from_row(row) for row in await self._connection.execute(rows)]

    async def decide(self, case_id: str, status: CaseStatus, by: str, note: str, now: float) -> bool:
        """Decide an open case; False when somebody else was first."""
        decided = await self._connection.execute(
            update(cases)
            .where(cases.c.id == case_id, cases.c.status == CaseStatus.OPEN.value)
            .values(status=status.value, decided_by=by, decided_at=now, note=note)
        )
        return decided.rowcount == 1

    async def open_before(self, moment: float) -> Sequence[ReviewCase]:
        """Open cases older than `moment`."""
        rows = select(cases).where(cases.c.status == CaseStatus.OPEN.value, cases.c.opened_at < moment)
        return [case_from_row(row) for row in await self._connection.execute(rows)]

    async def flag(
        self, member_id: str, platform: Platform, job_id: str | None, stage: Stage, decision: Decision, now: float
    ) -> None:
        """Remember why something was not simply allowed."""
        if decision.cause is None:
            return
        await self._connection.execute(
            insert(flags).values(
                id=uuid4().hex,
                # A job that ran while its member was linked is another's by now.
                member_id=func.coalesce(
                    select(jobs.c.member_id).where(jobs.c.id == job_id).scalar_subquery(), member_id
                ),
                platform=platform.value,
                job_id=job_id,
                stage=stage.value,
                verdict=decision.verdict.value,
                category=decision.cause.category.value,
                score=decision.cause.score,
                source=decision.cause.source,
                created_at=now,
            )
        )
