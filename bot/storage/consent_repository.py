"""Questions for somebody's picture, and who never wants to be asked, in the database."""

from dataclasses import asdict

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.consent import Answer, Consent
from bot.domain.identity import Origin, Platform
from bot.storage.mapping import consent_from_row, request_to_json
from bot.storage.models import ConsentRow, RefusalRow
from bot.storage.statements import insert_if_new


class SqlConsents:
    """Consents and refusals in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, consent: Consent) -> None:
        """Store a question."""
        self._session.add(
            ConsentRow(
                id=consent.id,
                platform=consent.origin.platform.value,
                asker_user_id=consent.origin.user_id,
                subject_user_id=consent.subject_user_id,
                origin=asdict(consent.origin),
                request=request_to_json(consent.request),
                created_at=consent.created_at,
            )
        )
        await self._session.flush()

    async def get(self, consent_id: str) -> Consent | None:
        """A question by id."""
        row = await self._session.get(ConsentRow, consent_id, populate_existing=True)
        return consent_from_row(row) if row else None

    async def unanswered(self, asker: Origin, since: float) -> int:
        """How many questions of this asker wait for an answer."""
        waiting = select(func.count()).where(
            ConsentRow.asker_user_id == asker.user_id,
            ConsentRow.platform == asker.platform.value,
            ConsentRow.created_at >= since,
            ConsentRow.answer.is_(None),
        )
        return await self._session.scalar(waiting) or 0

    async def answer(self, consent_id: str, answer: Answer, now: float) -> bool:
        """Answer an open question; False when it already was."""
        answered = await self._session.execute(
            update(ConsentRow)
            .where(ConsentRow.id == consent_id, ConsentRow.answer.is_(None))
            .values(answer=answer.value, answered_at=now)
            .execution_options(synchronize_session=False)
        )
        return isinstance(answered, CursorResult) and answered.rowcount == 1

    async def refuse(self, platform: Platform, user_id: str, now: float) -> None:
        """Remember that this person never wants to be asked."""
        row = {"platform": platform.value, "user_id": user_id, "created_at": now}
        await insert_if_new(self._session, RefusalRow, row)

    async def refused(self, platform: Platform, user_id: str) -> bool:
        """Whether this person never wants to be asked."""
        row = select(RefusalRow.user_id).filter_by(platform=platform.value, user_id=user_id)
        return await self._session.scalar(row) is not None

    async def forget_refusal(self, platform: Platform, user_id: str) -> bool:
        """This person may be asked again; False when they always could."""
        gone = await self._session.execute(
            delete(RefusalRow)
            .where(RefusalRow.platform == platform.value, RefusalRow.user_id == user_id)
            .execution_options(synchronize_session=False)
        )
        return isinstance(gone, CursorResult) and gone.rowcount == 1
