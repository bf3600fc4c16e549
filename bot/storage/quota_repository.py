"""Units by account and window. Each reservation is one conditional UPDATE, so no two can pass on one unit."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CursorResult, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.jobs import Settlement
from bot.domain.quota import Charge
from bot.storage.models import JobRow, LedgerRow, UsageRow


class SqlQuotas:
    """Quota usage and its ledger."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def reserve(self, job_id: str, charges: Sequence[Charge]) -> Charge | None:
        """Take every charge, or answer the one without room (then roll back)."""
        dialect = self._session.get_bind().dialect.name
        into = postgresql.insert if dialect == "postgresql" else sqlite.insert
        rows: list[dict[str, Any]] = []
        for charge in charges:
            if charge.units > charge.limit:  # a first row has no condition
                return charge
            key = {"account": charge.account, "window": charge.window.value, "window_start": charge.window_start}
            # Reading `used` first and writing it later would let two askers see the same room: the
            # condition and the change are one statement, and the row lock orders them.
            taken = await self._session.scalar(
                into(UsageRow)
                .values(used=charge.units, **key)
                .on_conflict_do_update(
                    index_elements=list(key),
                    set_={"used": UsageRow.used + charge.units},
                    where=UsageRow.used + charge.units <= charge.limit,
                )
                .returning(UsageRow.used)
            )
            if taken is None:
                return charge
            rows.append({"job_id": job_id, "entry": Settlement.RESERVED.value, "units": charge.units, **key})
        if rows:
            await self._session.execute(insert(LedgerRow), rows)
        return None

    async def settle(self, job_id: str) -> None:
        """The reservation becomes final; a second call changes nothing."""
        if await self._move(job_id, Settlement.RESERVED, Settlement.SETTLED):
            await self._enter(job_id, Settlement.SETTLED, 0)

    async def release(self, job_id: str) -> None:
        """Give the reserved units back; a second call changes nothing."""
        if await self._move(job_id, Settlement.RESERVED, Settlement.RELEASED):
            await self._give_back(job_id, Settlement.RELEASED)

    async def refund(self, job_id: str) -> None:
        """Give settled units back; a second call changes nothing."""
        if await self._move(job_id, Settlement.SETTLED, Settlement.REFUNDED):
            await self._give_back(job_id, Settlement.REFUNDED)

    async def used(self, account: str, window_start: int, window: str) -> int:
        """Units used by an account in a window."""
        key = {"account": account, "window": window, "window_start": window_start}
        return await self._session.scalar(select(UsageRow.used).filter_by(**key)) or 0

    async def _move(self, job_id: str, old: Settlement, new: Settlement) -> bool:
        """Change the job's settlement if it is still `old`: what makes each entry happen once."""
        moved = await self._session.execute(
            update(JobRow)
            .where(JobRow.id == job_id, JobRow.settlement == old.value)
            .values(settlement=new.value)
            .execution_options(synchronize_session=False)
        )
        return isinstance(moved, CursorResult) and moved.rowcount == 1

    async def _enter(self, job_id: str, entry: Settlement, sign: int) -> Sequence[LedgerRow]:
        reserved = await self._session.scalars(
            select(LedgerRow).where(LedgerRow.job_id == job_id, LedgerRow.entry == Settlement.RESERVED.value)
        )
        rows = reserved.all()
        entries = [
            {
                "job_id": job_id,
                "entry": entry.value,
                "account": row.account,
                "window": row.window,
                "window_start": row.window_start,
                "units": sign * row.units,
            }
            for row in rows
        ]
        if entries:
            await self._session.execute(insert(LedgerRow), entries)
        return rows

    async def _give_back(self, job_id: str, entry: Settlement) -> None:
        for row in await self._enter(job_id, entry, -1):
            await self._session.execute(
                update(UsageRow)
                .filter_by(account=row.account, window=row.window, window_start=row.window_start)
                .values(used=UsageRow.used - row.units)
            )
