"""What moderators do about a case before they decide it, in the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, or_, select, update

from bot.domain.moderation import CaseStatus, Note, Opinion
from bot.storage.connection import PatientConnection
from bot.storage.statements import insert_into
from bot.storage.tables import cases, notes, opinions

_OPEN = cases.c.status == CaseStatus.OPEN.value


class SqlCasework:
    """Claims, notes and opinions in the database."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def claim(self, case_id: str, by: str, now: float, until: float) -> bool:
        """Take an open case for a while; False when somebody else has it."""
        free = or_(cases.c.claimed_by.is_(None), cases.c.claimed_by == by, cases.c.claimed_until <= now)
        return await self._change(case_id, _OPEN, free, claimed_by=by, claimed_until=until)

    async def unclaim(self, case_id: str, by: str) -> bool:
        """Give it back; False when somebody else has it."""
        return await self._change(case_id, cases.c.claimed_by == by, claimed_by=None, claimed_until=None)

    async def escalate(self, case_id: str, now: float) -> bool:
        """From now on only an owner decides; False when that was so, or it is decided."""
        free = {"claimed_by": None, "claimed_until": None}
        return await self._change(case_id, _OPEN, cases.c.escalated_at.is_(None), escalated_at=now, **free)

    async def want_second(self, case_id: str, by: str) -> bool:
        """From now on somebody else decides; False when that was so, or it is decided."""
        free = {"claimed_by": None, "claimed_until": None}
        return await self._change(case_id, _OPEN, cases.c.second_wanted_by.is_(None), second_wanted_by=by, **free)

    async def note(self, note: Note) -> None:
        """Add a note."""
        row = {"id": note.id, "case_id": note.case_id, "made_by": note.by, "text": note.text, "at": note.at}
        await self._connection.execute(insert(notes), row)

    async def notes(self, case_id: str) -> list[Note]:
        """The notes about a case, oldest first."""
        rows = select(notes).where(notes.c.case_id == case_id).order_by(notes.c.at, notes.c.id)
        return [
            Note(row.id, row.case_id, row.made_by, row.text, row.at) for row in await self._connection.execute(rows)
        ]

    async def opine(self, opinion: Opinion) -> None:
        """Remember what a moderator thinks; the newest counts."""
        row = {"case_id": opinion.case_id, "made_by": opinion.by, "approve": opinion.approve, "at": opinion.at}
        newest = insert_into(self._connection.dialect, opinions)
        newest = newest.on_conflict_do_update(
            index_elements=opinions.primary_key,
            set_={"approve": newest.excluded.approve, "at": newest.excluded.at},
        )
        await self._connection.execute(newest, row)

    async def opinions(self, case_ids: Sequence[str]) -> list[Opinion]:
        """What moderators thought of these cases, oldest first."""
        rows = select(opinions).where(opinions.c.case_id.in_(list(case_ids))).order_by(opinions.c.at)
        found = await self._connection.execute(rows) if case_ids else ()
        return [Opinion(row.case_id, row.made_by, row.approve, row.at) for row in found]

    async def _change(self, case_id: str, *expected: Any, **values: Any) -> bool:
        changed = update(cases).where(cases.c.id == case_id, *expected).values(**values)
        return (await self._connection.execute(changed)).rowcount == 1
