"""Somebody's profile picture is drawn upon only when they said so, this once."""

from dataclasses import replace
from uuid import uuid4

from bot.domain.consent import Answer, Consent
from bot.domain.errors import Conflict, InvalidRequest, NotAllowed, NotFound
from bot.domain.identity import Origin, Platform
from bot.domain.moderation import Stage
from bot.domain.requests import AvatarRequest
from bot.ports import Clock, Transactions, UnitOfWork
from bot.usecases import community, policy
from bot.usecases.sanctions import refusal
from bot.usecases.screen import judged, remember
from bot.usecases.submit import Desk

LIFETIME = 86_400.0
"""Seconds in which a question can be answered."""
OPEN_LIMIT = 3
"""Questions that one asker may have open, so that nobody asks a whole community."""


async def ask(request: AvatarRequest, origin: Origin, subject_user_id: str, desk: Desk) -> Consent:
    """Keep a request until the person whose picture it wants has answered.

    The question is read by others, so what the community or the screens do not simply let pass is not asked at all.
    """
    rules = await community.rules(origin, desk.transactions)
    if unwanted := rules.refusal(request, origin):
        raise NotAllowed(unwanted.message, **unwanted.values())
    moderation, now = await policy.current(origin, desk.transactions), desk.clock.now()
    words = desk.moderator.screen_text(request.prompt, moderation.own_terms)
    decision = await judged([words], moderation.of(origin), Stage.PROMPT)
    async with desk.transactions() as tx:
        member = await tx.members.resolve(origin, to_ask=True)
        if barred := await refusal(tx, member.id, origin, now):
            raise NotAllowed(barred.message, **barred.values())
        await remember(tx, decision, Stage.PROMPT, origin, moderation, member.id, None, now)
        await tx.commit()
    if not decision.verdict.passes and decision.cause:
        raise InvalidRequest("blocked", category=decision.cause.category.value)
    consent = Consent(uuid4().hex, origin, subject_user_id, replace(request, image=None, lent=True), now)
    async with desk.transactions() as tx:
        if await tx.consents.refused(origin.platform, subject_user_id):
            raise NotAllowed("portrait-refused")
        if await tx.consents.unanswered(origin, now - LIFETIME) >= OPEN_LIMIT:
            raise NotAllowed("consent-too-many", limit=OPEN_LIMIT)
        await tx.consents.add(consent)
        await tx.commit()
    return consent


async def question(consent_id: str, origin: Origin, transactions: Transactions, clock: Clock) -> Consent:
    """A question that waits for this very person's answer."""
    async with transactions() as tx:
        return await _waiting(tx, consent_id, origin, clock.now())


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
        consent = await _waiting(tx, consent_id, origin, now)
        if not await tx.consents.answer(consent.id, said, now):
            raise Conflict("consent-already-answered")
        if for_good and not allowed:
            await tx.consents.refuse(origin.platform, origin.user_id, now)
        await tx.commit()
    return replace(consent, answer=said)


async def _waiting(tx: UnitOfWork, consent_id: str, origin: Origin, now: float) -> Consent:
    consent = await tx.consents.get(consent_id)
    if consent is None or consent.created_at < now - LIFETIME:
        raise NotFound("consent-gone")
    if (origin.platform, origin.user_id) != (consent.origin.platform, consent.subject_user_id):
        raise NotAllowed("consent-not-yours")
    if consent.answer is not None:
        raise Conflict("consent-already-answered")
    return consent


async def refuse(origin: Origin, transactions: Transactions, clock: Clock) -> None:
    """The member's picture is refused to everybody, whoever might ask."""
    async with transactions() as tx:
        await tx.consents.refuse(origin.platform, origin.user_id, clock.now())
        await tx.commit()


async def refuses(platform: Platform, user_id: str, transactions: Transactions) -> bool:
    """Whether somebody refused for good."""
    async with transactions() as tx:
        return await tx.consents.refused(platform, user_id)


async def take_back(origin: Origin, transactions: Transactions) -> bool:
    """The member may be asked again; False when nothing was refused for good."""
    async with transactions() as tx:
        lifted = await tx.consents.forget_refusal(origin.platform, origin.user_id)
        await tx.commit()
    return lifted
