"""The outbox in the database."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import Executable, bindparam, select, update

from bot.domain.identity import Platform
from bot.domain.jobs import Delivery, DeliveryStatus, Job, JobStatus
from bot.storage.connection import PatientConnection
from bot.storage.mapping import delivery_from_row
from bot.storage.statements import insert_into
from bot.storage.tables import deliveries, jobs

_DUE = (
    select(deliveries.c.id)
    .where(
        deliveries.c.status == DeliveryStatus.PENDING.value,
        deliveries.c.next_attempt_at <= bindparam("now"),
        deliveries.c.platform.in_(bindparam("platforms", expanding=True)),
        deliveries.c.job_id.not_in(bindparam("besides", expanding=True)),
    )
    .order_by(deliveries.c.next_attempt_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(deliveries)
    .where(deliveries.c.id == _DUE.scalar_subquery(), deliveries.c.next_attempt_at <= bindparam("now"))
    .values(attempts=deliveries.c.attempts + 1, next_attempt_at=bindparam("retry_at"))
    .returning(
        deliveries, select(jobs.c.origin).where(jobs.c.id == deliveries.c.job_id).scalar_subquery().label("origin")
    )
)
_FRESH = {"attempts": 0, "finished_at": None, "status": DeliveryStatus.PENDING.value}


@cache
def _add(dialect: str) -> Executable:
    """What was told before is told again under another id: a Messenger never sends the same id twice."""
    new = insert_into(dialect, deliveries)
    anew = {name: new.excluded[name] for name in ("id", "next_attempt_at", "created_at")}
    return new.on_conflict_do_update(index_elements=[deliveries.c.job_id, deliveries.c.told], set_=anew | _FRESH)


_CHANGE = update(deliveries).where(deliveries.c.id == bindparam("delivery_id"))


class SqlDeliveries:
    """The outbox."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def add(self, job: Job, told: JobStatus, now: float) -> None:
        """Put it into the outbox; what was told before is told again, as something new."""
        row = {
            "id": uuid4().hex,
            "job_id": job.id,
            "told": told.value,
            "platform": job.origin.platform.value,
            "status": DeliveryStatus.PENDING.value,
            "next_attempt_at": now,
            "created_at": now,
        }
        await self._connection.execute(_add(self._connection.dialect), row)

    async def claim(
        self, platforms: Sequence[Platform], now: float, retry_at: float, besides: Collection[str] = ()
    ) -> Delivery | None:
        """The next due delivery, of a job not among `besides`; it comes back at `retry_at` unless marked."""
        given = {"now": now, "retry_at": retry_at, "besides": list(besides)}
        given |= {"platforms": [platform.value for platform in platforms]}
        row = await self._connection.first(_CLAIM, given)
        return delivery_from_row(row) if row else None

    async def mark_sent(self, delivery_id: str, now: float) -> None:
        """The platform took it."""
        await self._change(delivery_id, status=DeliveryStatus.SENT.value, finished_at=now)

    async def mark_failed(self, delivery_id: str, now: float) -> None:
        """The platform will never take it."""
        await self._change(delivery_id, status=DeliveryStatus.FAILED.value, finished_at=now)

    async def postpone(self, delivery_id: str, until: float) -> None:
        """Try again at `until`."""
        await self._change(delivery_id, next_attempt_at=until)

    async def _change(self, delivery_id: str, **values: Any) -> None:
        await self._connection.execute(_CHANGE, values | {"delivery_id": delivery_id})
