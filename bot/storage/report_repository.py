"""What members reported, in the database."""

from uuid import uuid4

from sqlalchemy import func, select

from bot.storage.connection import PatientConnection
from bot.storage.statements import insert_if_new
from bot.storage.tables import reports


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
