"""One person, two platforms: a code shown on one is typed on the other, and gallery and quota are one.

The account that types the code joins the person who showed it, with everything that it made and used. Unlinking takes
an account out again, with everything that it asked for itself.
"""

import secrets

from bot.domain.errors import Conflict, InvalidRequest, NotAllowed, NotFound
from bot.domain.identity import Member, Origin
from bot.domain.link import ALPHABET, LENGTH, Account, LinkCode, Linked, fingerprint, written
from bot.domain.quota import member_account
from bot.ports import Clock, Transactions, UnitOfWork

LIFETIME = 600.0
"""Seconds in which a code can be typed."""
HOUR = 3600.0
CODES = 5
"""Codes that one person can have in an hour."""
TRIES = 5
"""Wrong codes that one account can type in an hour."""


async def issue(origin: Origin, transactions: Transactions, clock: Clock) -> LinkCode:
    """A code for the person's other account; the ones before it end."""
    now = clock.now()
    code = LinkCode(written("".join(secrets.choice(ALPHABET) for _ in range(LENGTH))), now + LIFETIME)
    async with transactions() as tx:
        member = await _held(tx, origin)
        if await tx.links.issued(member.accounts, now - HOUR) >= CODES:
            raise NotAllowed("link-too-many-codes", limit=CODES)
        await tx.links.end(member.accounts, now)
        await tx.links.add(fingerprint(code.code), _account(origin), now, code.expires_at)
        await tx.commit()
    return code


async def redeem(origin: Origin, code: str, transactions: Transactions, clock: Clock) -> Linked:
    """Join the person whose code this is. A wrong code is counted; one that cannot be used here stays good."""
    now, account, hashed = clock.now(), _account(origin), fingerprint(code)
    async with transactions() as tx:
        shown_by = await tx.links.shown_by(hashed)
        mine = await _held(tx, origin, *([shown_by] if shown_by else []))
        if await tx.links.failures(account, now - HOUR) >= TRIES:
            raise NotAllowed("link-too-many-tries", limit=TRIES)
        # Of two who type it at once, one uses it.
        if shown_by is None or not await tx.links.use(hashed, now):
            await tx.links.failed(account, now)
            await tx.commit()
            raise NotFound("link-code-wrong")
        theirs = await tx.members.behind(*shown_by)
        if shown_by == account:
            raise InvalidRequest("link-same-account")
        if mine.id == theirs.id:
            raise Conflict("link-already")
        if taken := {platform for platform, _ in mine.accounts} & {platform for platform, _ in theirs.accounts}:
            raise Conflict("link-platform-taken", platform=min(taken).value)
        # Units after jobs: who settles a job holds its row, and by now everybody who did has finished.
        await tx.members.merge(mine.id, into=theirs.id)
        await tx.quotas.merge(member_account(mine.id), into=member_account(theirs.id))
        person = await tx.members.behind(*account)
        await tx.links.end(person.accounts, now)
        await tx.commit()
    return Linked(person.accounts, theirs.display_name or shown_by[1])


async def unlink(origin: Origin, transactions: Transactions, clock: Clock) -> Member:
    """Take the account that asks out of the person, with what it asked for and used; answers who it is now."""
    async with transactions() as tx:
        person = await _held(tx, origin)
        if len(person.accounts) < 2:
            raise Conflict("link-none")
        alone = await tx.members.split(person.id, origin)
        await tx.quotas.split(member_account(person.id), into=member_account(alone.id), member_id=alone.id)
        await tx.links.end(person.accounts, clock.now())
        await tx.commit()
    return alone


async def accounts(origin: Origin, transactions: Transactions) -> tuple[Account, ...]:
    """All accounts of the person who asks."""
    async with transactions() as tx:
        member = await tx.members.resolve(origin)
        await tx.commit()
    return member.accounts


def _account(origin: Origin) -> Account:
    return origin.platform, origin.user_id


async def _held(tx: UnitOfWork, origin: Origin, *others: Account) -> Member:
    """Who asks, with nobody linking, unlinking or asking for anything as them or the others until the end."""
    await tx.members.resolve(origin)
    await tx.members.hold([_account(origin), *others])
    return await tx.members.resolve(origin)
