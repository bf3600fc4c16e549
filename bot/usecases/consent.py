"""Somebody's profile picture is drawn upon only when they said so, this once."""

from dataclasses import replace
from uuid import uuid4

from bot.domain.consent import Answer, Consent
from bot.domain.errors import Conflict, NotAllowed, NotFound
from bot.domain.identity import Origin
from bot.domain.requests import AvatarRequest
from bot.ports import Clock, Transactions

LIFETIME = 86_400.0
"""Seconds in which a question can be answered."""
OPEN_LIMIT = 3
"""Questions that one asker may have open, so that nobody asks a whole community."""


async def ask(
    request: AvatarRequest, origin: Origin, subject_user_id: str, transactions: Transactions, clock: Clock
) -> Consent:
    """Keep a request until the person whose picture it wants has answered."""
    now = clock.now()
    consent = Consent(uuid4().hex, origin, subject_user_id, replace(request, image=None), now)
    async with transactions() as tx:
        if await tx.consents.refused(origin.platform, subject_user_id):
            raise NotAllowed("portrait-refused")
        if await tx.consents.unanswered(origin, now - LIFETIME) >= OPEN_LIMIT:
            raise NotAllowed("consent-too-many", limit=OPEN_LIMIT)
        await tx.consents.add(consent)
        await tx.commit()
    return consent


async def answer(
    consent_id: str,
    origin: Origin,
    transactions: Transactions,
    clock: Clock,
    *,
    allowed: bool,
    for_good: bool = False,
) -> Consent:
    """The person's answer, once; `for_good` refuses everybody from now on."""
    now = clock.now()
    said = Answer.ALLOWED if allowed else Answer.REFUSED
    async with transactions() as tx:
        consent = await tx.consents.get(consent_id)
        if consent is None or consent.created_at < now - LIFETIME:
            raise NotFound("consent-gone")
        if (origin.platform, origin.user_id) != (consent.origin.platform, consent.subject_user_id):
            raise NotAllowed("consent-not-yours")
        if not await tx.consents.answer(consent.id, said, now):
            raise Conflict("consent-already-answered")
        if for_good and not allowed:
            await tx.consents.refuse(origin.platform, origin.user_id, now)
        await tx.commit()
    return replace(consent, answer=said)


async def take_back(origin: Origin, transactions: Transactions) -> bool:
    """The member may be asked again; False when nothing was refused for good."""
    async with transactions() as tx:
        lifted = await tx.consents.forget_refusal(origin.platform, origin.user_id)
        await tx.commit()
    return lifted
