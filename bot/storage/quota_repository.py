"""Units by account and window. A reservation writes first and looks afterwards, so no two can pass on one unit."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Executable, Text, bindparam, cast, delete, func, insert, select, update

from bot.domain.jobs import Settlement
from bot.domain.quota import Charge
from bot.storage.connection import PatientConnection
from bot.storage.statements import insert_into
from bot.storage.tables import jobs, ledger, usage

_ROW = (
    usage.c.account == bindparam("its_account"),
    usage.c.window == bindparam("its_window"),
    usage.c.window_start == bindparam("its_start"),
)
_USED = select(usage.c.used).where(*_ROW)
_GIVE_BACK = update(usage).where(*_ROW).values(used=usage.c.used + bindparam("units"))
_RESERVE = insert(ledger)
_MOVE = update(jobs).where(jobs.c.id == bindparam("job_id"), jobs.c.settlement == bindparam("old"))
_ENTER = (
    insert(ledger)
    .from_select(
        ["job_id", "entry", "account", "window", "window_start", "units"],
        select(
            ledger.c.job_id,
            bindparam("new", type_=Text),
            ledger.c.account,
            ledger.c.window,
            ledger.c.window_start,
            ledger.c.units * bindparam("sign", type_=BigInteger),
        ).where(ledger.c.job_id == bindparam("job"), ledger.c.entry == Settlement.RESERVED.value),
    )
    .returning(
        ledger.c.account.label("its_account"),
        ledger.c.window.label("its_window"),
        ledger.c.window_start.label("its_start"),
        ledger.c.units,
    )
)


@cache
def _take(dialect: str) -> Executable:
    taken = insert_into(dialect, usage)
    return taken.on_conflict_do_update(
        index_elements=usage.primary_key, set_={"used": usage.c.used + taken.excluded.used}
    ).returning(usage)


class SqlQuotas:
    """Quota usage and its ledger."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def reserve(self, job_id: str, charges: Sequence[Charge]) -> Charge | None:
        """Take every charge, or answer the one without room (then roll back)."""
        # Reading `used` first and writing it later would let two askers see the same room: each row is
        # locked as it is changed, and what it says then is what counts.
        taken = await self._connection.execute(
            _take(self._connection.dialect), [_row(charge) | {"used": charge.units} for charge in charges]
        )
        used = {(row.account, row.window): row.used for row in taken}
        for charge in charges:
            if used[charge.account, charge.window.value] > charge.limit:
                return charge
        entry = {"job_id": job_id, "entry": Settlement.RESERVED.value}
        entries = [entry | _row(charge) | {"units": charge.units} for charge in charges]
        await self._connection.execute(_RESERVE, entries)
        return None

    async def settle(self, job_id: str) -> None:
        """The reservation becomes final; a second call changes nothing."""
        await self._move(job_id, Settlement.RESERVED, Settlement.SETTLED)

    async def release(self, job_id: str) -> None:
        """Give the reserved units back; a second call changes nothing."""
        await self._move(job_id, Settlement.RESERVED, Settlement.RELEASED)

    async def refund(self, job_id: str) -> None:
        """Give settled units back; a second call changes nothing."""
        await self._move(job_id, Settlement.SETTLED, Settlement.REFUNDED)

    async def used(self, account: str, window_start: int, window: str) -> int:
        """Units used by an account in a window."""
        row = {"its_account": account, "its_window": window, "its_start": window_start}
        return await self._connection.scalar(_USED, row) or 0

    async def merge(self, account: str, into: str) -> None:
        """What an account used counts for another from now on, and comes back to that one."""
        # Taken out first and put back then, so that what is reserved between the two is not lost.
        gone = await self._connection.execute(
            delete(usage)
            .where(usage.c.account == account)
            .returning(usage.c.window, usage.c.window_start, usage.c.used)
        )
        if rows := [row._asdict() | {"account": into} for row in gone]:
            await self._connection.execute(_take(self._connection.dialect), rows)
        await self._connection.execute(update(ledger).where(ledger.c.account == account).values(account=into))

    async def split(self, account: str, into: str, member_id: str) -> None:
        """What the jobs of a member used of one account counts for another from now on."""
        of_jobs = ledger.c.job_id.in_(select(jobs.c.id).where(jobs.c.member_id == member_id))
        theirs = ledger.c.account == account, of_jobs
        # What was given back is in the ledger too, below zero: the sum is what is used.
        used = cast(func.sum(ledger.c.units), BigInteger)
        rows = select(ledger.c.window, ledger.c.window_start, used.label("used")).where(*theirs)
        shares = [
            row._asdict()
            for row in await self._connection.execute(rows.group_by(ledger.c.window, ledger.c.window_start))
        ]
        if shares:
            moved = [share | {"account": into} for share in shares]
            moved += [share | {"account": account, "used": -share["used"]} for share in shares]
            await self._connection.execute(_take(self._connection.dialect), moved)
        await self._connection.execute(update(ledger).where(*theirs).values(account=into))

    async def _move(self, job_id: str, old: Settlement, new: Settlement) -> None:
        """Change the job's settlement if it is still `old`: what makes each entry happen once."""
        change = {"job_id": job_id, "old": old.value, "settlement": new.value}
        if (await self._connection.execute(_MOVE, change)).rowcount != 1:
            return
        sign = 0 if new is Settlement.SETTLED else -1
        entries = await self._connection.execute(_ENTER, {"job": job_id, "new": new.value, "sign": sign})
        back = [entry._asdict() for entry in entries]
        if sign and back:
            await self._connection.execute(_GIVE_BACK, back)


def _row(charge: Charge) -> dict[str, Any]:
    """The key of a charge's row."""
    return {"account": charge.account, "window": charge.window.value, "window_start": charge.window_start}
