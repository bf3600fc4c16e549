"""What members reported, in the database."""

from uuid import uuid4

from sqlalchemy import func, select, update

from bot.domain.moderation import CaseStatus, Report
from bot.storage.connection import PatientConnection
from bot.storage.statements import insert_if_new
from bot.storage.tables import cases, reports


class SqlReports:
    """Reports in the database."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def add(self, job_id: str, member_id: str, note: str, now: float) -> bool:
        """Store a report; False when this member already reported the job."""
        row = {"id": uuid4().hex, "job_id": job_id, "member_id": member_id, "note": note, "created_at": now}
        return await insert_if_new(self._connection, reports, row)

    async def count(self, member_id: str, since: float) -> int:
        """How many reports a member made since then."""
        made = select(func.count()).where(reports.c.member_id == member_id, reports.c.created_at > since)
        return await self._connection.scalar(made) or 0

    async def unheard(self, job_id: str) -> int:
        """How many reports of a job have led to no case."""
        waiting = select(func.count()).where(reports.c.job_id == job_id, reports.c.case_id.is_(None))
        return await self._connection.scalar(waiting) or 0

    async def heard(self, job_id: str, case_id: str) -> None:
        """All reports of a job that had led to none belong to this case."""
        waiting = reports.c.job_id == job_id, reports.c.case_id.is_(None)
        await self._connection.execute(update(reports).where(*waiting).values(case_id=case_id))

    async def dismissed(self, member_id: str, limit: int) -> list[bool]:
        """Of a member's last reports that were decided, newest first: whether what they reported was kept."""
        decided = cases.c.status.in_([CaseStatus.APPROVED.value, CaseStatus.REJECTED.value])
        rows = (
            select(cases.c.status)
            .join(reports, reports.c.case_id == cases.c.id)
            .where(reports.c.member_id == member_id, decided)
            .order_by(reports.c.created_at.desc(), reports.c.id)
            .limit(limit)
        )
        return [row.status == CaseStatus.APPROVED.value for row in await self._connection.execute(rows)]

    async def of_case(self, case_id: str) -> list[Report]:
        """The reports behind a case, oldest first."""
        rows = select(reports).where(reports.c.case_id == case_id).order_by(reports.c.created_at, reports.c.id)
        found = await self._connection.execute(rows)
        return [Report(row.job_id, row.member_id, row.note, row.created_at) for row in found]
