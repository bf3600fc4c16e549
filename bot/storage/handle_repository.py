"""What platforms call the pictures that they were sent, in the database."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.domain.identity import Platform
from bot.domain.jobs import JobStatus
from bot.storage.connection import PatientConnection
from bot.storage.statements import insert_into
from bot.storage.tables import artifacts, handles, jobs


class SqlHandles:
    """Handles in the database."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def put(self, platform: Platform, artifact_id: str, handle: str) -> None:
        """Remember a picture's handle; the newest counts."""
        row = {"platform": platform.value, "artifact_id": artifact_id, "handle": handle}
        new = insert_into(self._connection.dialect, handles)
        newest = new.on_conflict_do_update(index_elements=handles.primary_key, set_={"handle": new.excluded.handle})
        await self._connection.execute(newest, row)

    async def of(self, platform: Platform, artifact_ids: Sequence[str]) -> dict[str, str]:
        """The handles that a platform gave these pictures; one that is not to be seen any more has none."""
        rows = (
            select(handles.c.artifact_id, handles.c.handle)
            .join(artifacts, artifacts.c.id == handles.c.artifact_id)
            .join(jobs, jobs.c.id == artifacts.c.job_id)
            .where(
                handles.c.platform == platform.value,
                handles.c.artifact_id.in_(artifact_ids),
                artifacts.c.deleted_at.is_(None),
                jobs.c.status.in_([JobStatus.READY.value, JobStatus.DELIVERED.value]),
            )
        )
        return {row.artifact_id: row.handle for row in await self._connection.execute(rows)}
