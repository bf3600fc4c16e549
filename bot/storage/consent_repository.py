"""Questions for somebody's picture, and who never wants to be asked, in the database."""

from dataclasses import asdict

from sqlalchemy import delete, func, insert, select, update

from bot.domain.consent import Answer, Consent
from bot.domain.identity import Origin, Platform
from bot.storage.connection import PatientConnection
from bot.storage.mapping import consent_from_row, request_to_json
from bot.storage.statements import insert_if_new
from bot.storage.tables import consents, refusals


class SqlConsents:
    """Consents and refusals in the database."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def add(self, consent: Consent) -> None:
        """Store a question."""
        row = {
            "id": consent.id,
            "platform": consent.origin.platform.value,
            "asker_user_id": consent.origin.user_id,
            "subject_user_id": consent.subject_user_id,
            "origin": asdict(consent.origin),
            "request": request_to_json(consent.request),
            "created_at": consent.created_at,
        }
        await self._connection.execute(insert(consents), row)

    async def get(self, consent_id: str) -> Consent | None:
        """A question by id."""
        row = await self._connection.first(select(consents).where(consents.c.id == consent_id))
        return consent_from_row(row) if row else None

    async def unanswered(self, asker: Origin, since: float) -> int:
        """How many questions of this asker wait for an answer."""
        waiting = select(func.count()).where(
            consents.c.asker_user_id == asker.user_id,
            consents.c.platform == asker.platform.value,
            consents.c.created_at >= since,
            consents.c.answer.is_(None),
        )
        return await self._connection.scalar(waiting) or 0

    async def answer(self, consent_id: str, answer: Answer, now: float) -> bool:
        """Answer an open question; False when it already was."""
        answered = await self._connection.execute(
            update(consents)
            .where(consents.c.id == consent_id, consents.c.answer.is_(None))
            .values(answer=answer.value, answered_at=now)
        )
        return answered.rowcount == 1

    async def refuse(self, platform: Platform, user_id: str, now: float) -> None:
        """Remember that this person never wants to be asked."""
        row = {"platform": platform.value, "user_id": user_id, "created_at": now}
        await insert_if_new(self._connection, refusals, row)

    async def refused(self, platform: Platform, user_id: str) -> bool:
        """Whether this person never wants to be asked."""
        row = select(refusals.c.user_id).filter_by(platform=platform.value, user_id=user_id)
        return await self._connection.scalar(row) is not None

    async def forget_refusal(self, platform: Platform, user_id: str) -> bool:
        """This person may be asked again; False when they always could."""
        gone = await self._connection.execute(
            delete(refusals).where(refusals.c.platform == platform.value, refusals.c.user_id == user_id)
        )
        return gone.rowcount == 1
