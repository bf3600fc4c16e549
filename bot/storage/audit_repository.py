"""The audit log in the database."""

from collections.abc import Mapping, Sequence

from sqlalchemy import insert, select, update

from bot.domain.audit import START, Detail, Entry, chained
from bot.storage.connection import PatientConnection
from bot.storage.statements import insert_if_new
from bot.storage.tables import audit, audit_head

_HEAD = select(audit_head).where(audit_head.c.id == 1)
_LOCKED = _HEAD.with_for_update()
_ADVANCE = update(audit_head).where(audit_head.c.id == 1)
_ADD = insert(audit)


class SqlAuditLog:
    """The audit log; every transaction that writes to it does so last, for until its end nobody else can."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def append(
        self, at: float, actor: str, community: str, action: str, subject: str, detail: Mapping[str, Detail]
    ) -> Entry:
        """Add an entry behind the last one; until the transaction ends nobody else adds one."""
        # There must be a row to lock, or two would both follow the same entry.
        await insert_if_new(self._connection, audit_head, {"id": 1, "seq": 0, "hash": START})
        head = await self._connection.first(_LOCKED)
        assert head is not None
        seq = head.seq + 1
        content = (at, actor, community, action, subject, dict(detail))
        entry = Entry(seq, *content, head.hash, chained(head.hash, seq, *content))
        row = {name: getattr(entry, name) for name in audit.c.keys()}  # noqa: SIM118
        await self._connection.execute(_ADD, row)
        await self._connection.execute(_ADVANCE, {"seq": seq, "hash": entry.hash})
        return entry

    async def head(self) -> tuple[int, str]:
        """Number and hash of the last entry."""
        head = await self._connection.first(_HEAD)
        return (head.seq, head.hash) if head else (0, START)

    async def entries(
        self, after: int, limit: int, since: float = 0.0, community: str | None = None
    ) -> Sequence[Entry]:
        """Entries behind number `after`, in order, of everywhere or of one community."""
        rows = select(audit).where(audit.c.seq > after, audit.c.at >= since).order_by(audit.c.seq).limit(limit)
        if community is not None:
            rows = rows.where(audit.c.community == community)
        return [Entry(**row._asdict()) for row in await self._connection.execute(rows)]
