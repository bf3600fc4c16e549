"""What moderators know of a member in their community: how they stand, and how it came to that."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.community_policy import StrikePolicy
from bot.domain.errors import NotFound
from bot.domain.identity import Member, Platform, community_key
from bot.domain.moderation import ReviewCase, Verdict
from bot.domain.sanctions import Sanction, Standing, Strike, standing
from bot.ports import Clock, Transactions
from bot.usecases import policy


@dataclass(frozen=True, slots=True)
class Dossier:
    """A member in one place: strikes and sanctions of all time, newest first, and what the screens said of them."""

    member: Member
    standing: Standing
    rules: StrikePolicy
    strikes: tuple[Strike, ...]
    sanctions: tuple[Sanction, ...]
    cases: tuple[ReviewCase, ...]
    judged: Mapping[Verdict, int]


async def dossier(
    member_id: str, platform: Platform, community_id: str | None, transactions: Transactions, clock: Clock
) -> Dossier:
    """A member by id; NotFound for one of whom this place knows nothing."""
    key = community_key(platform, community_id)
    async with transactions() as tx:
        member = await tx.members.get(member_id)
        cases = await tx.reviews.of_member(member_id, platform, community_id)
        judged = await tx.screenings.of_member(member_id, platform, community_id)
        if member is None or not (cases or judged):
            raise NotFound("member-not-found")
        rules = (await policy.in_force(tx, platform, community_id)).strikes
        strikes, made = await tx.sanctions.strikes(member_id, key), await tx.sanctions.of(member_id, platform, key)
    now = clock.now()
    return Dossier(
        member, standing(strikes, made, rules, now), rules, tuple(strikes), tuple(made), tuple(cases), judged
    )
