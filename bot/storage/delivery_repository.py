"""The outbox in the database."""

from collections.abc import Collection, Sequence
from uuid import uuid4

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.identity import Platform
from bot.domain.jobs import Delivery, DeliveryStatus, Job, JobStatus
from bot.storage.mapping import delivery_from_row
from bot.storage.models import DeliveryRow, JobRow

_DUE = (
    select(DeliveryRow.id)
    .where(
        DeliveryRow.status == DeliveryStatus.PENDING.value,
        DeliveryRow.next_attempt_at <= bindparam("now"),
        DeliveryRow.platform.in_(bindparam("platforms", expanding=True)),
        DeliveryRow.job_id.not_in(bindparam("besides", expanding=True)),
    )
    .order_by(DeliveryRow.next_attempt_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(DeliveryRow)
    .where(DeliveryRow.id == _DUE.scalar_subquery(), DeliveryRow.next_attempt_at <= bindparam("now"))
    .values(attempts=DeliveryRow.attempts + 1, next_attempt_at=bindparam("retry_at"))
    .returning(DeliveryRow)
    .execution_options(populate_existing=True, synchronize_session=False)
)


class SqlDeliveries:
    """The outbox."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, job: Job, told: JobStatus, now: float) -> None:
        """Put it into the outbox."""
        self._session.add(
            DeliveryRow(
                id=uuid4().hex,
                job_id=job.id,
                told=told.value,
                platform=job.origin.platform.value,
                status=DeliveryStatus.PENDING.value,
                next_attempt_at=now,
                created_at=now,
            )
        )
        await self._session.flush()

    async def claim(
        self, platforms: Sequence[Platform], now: float, retry_at: float, besides: Collection[str] = ()
    ) -> Delivery | None:
        """The next due delivery, of a job not among `besides`; it comes back at `retry_at` unless marked."""
        given = {"now": now, "retry_at": retry_at, "besides": list(besides)}
        row = await self._session.scalar(_CLAIM, given | {"platforms": [platform.value for platform in platforms]})
        if row is None:
            return None
        origin = await self._session.scalar(select(JobRow.origin).where(JobRow.id == row.job_id))
        return delivery_from_row(row, origin or {})

    async def mark_sent(self, delivery_id: str, now: float) -> None:
        """The platform took it."""
        await self._finish(delivery_id, DeliveryStatus.SENT, now)

    async def mark_failed(self, delivery_id: str, now: float) -> None:
        """The platform will never take it."""
        await self._finish(delivery_id, DeliveryStatus.FAILED, now)

    async def postpone(self, delivery_id: str, until: float) -> None:
        """Try again at `until`."""
        await self._session.execute(
            update(DeliveryRow).where(DeliveryRow.id == delivery_id).values(next_attempt_at=until)
        )

    async def _finish(self, delivery_id: str, status: DeliveryStatus, now: float) -> None:
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery_id)
            .values(status=status.value, finished_at=now)
            .execution_options(synchronize_session=False)
        )
