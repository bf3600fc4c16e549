"""What a community's owner decided about moderation, every version of it, and what another would have changed."""

from dataclasses import replace

from bot.domain.community_policy import PRESETS, CommunityPolicy, PolicyVersion
from bot.domain.errors import Conflict, InvalidRequest, NotAllowed, NotFound
from bot.domain.identity import Origin, Platform, Role, community_key
from bot.domain.requests import clean_text
from bot.domain.screenings import Simulation, simulate
from bot.ports import Clock, Transactions, UnitOfWork
from bot.usecases import audit

NOTE_LIMIT = 500


async def current(origin: Origin, transactions: Transactions) -> CommunityPolicy:
    """The policy of the place a request comes from."""
    async with transactions() as tx:
        return await in_force(tx, origin.platform, origin.community_id)


async def in_force(tx: UnitOfWork, platform: Platform, community_id: str | None) -> CommunityPolicy:
    """The policy of a community, or with None of a platform's private chats; the standard one where nobody chose."""
    return await tx.policies.current(platform, community_id) or CommunityPolicy()


async def change(
    origin: Origin,
    policy: CommunityPolicy,
    expected_version: int,
    transactions: Transactions,
    clock: Clock,
    note: str = "",
) -> CommunityPolicy:
    """Give the owner's community a policy; Conflict when it is no longer at the version that they have seen."""
    community_id = _owned(origin)
    return await put(origin.platform, community_id, policy, origin.asker, transactions, clock, note, expected_version)


async def restore(
    origin: Origin, version: int, expected_version: int, transactions: Transactions, clock: Clock
) -> CommunityPolicy:
    """An earlier policy again, as the newest version."""
    community_id = _owned(origin)
    async with transactions() as tx:
        earlier = await tx.policies.version(origin.platform, community_id, version)
    if earlier is None and version:
        raise NotFound("policy-no-version", version=version)
    return await change(
        origin, earlier or CommunityPolicy(), expected_version, transactions, clock, f"restored {version}"
    )


async def versions(origin: Origin, transactions: Transactions) -> list[PolicyVersion]:
    """Every policy that the owner's community ever had, newest first."""
    community_id = _owned(origin)
    async with transactions() as tx:
        return await tx.policies.versions(origin.platform, community_id)


async def put(
    platform: Platform,
    community_id: str | None,
    policy: CommunityPolicy,
    by: str,
    transactions: Transactions,
    clock: Clock,
    note: str = "",
    expected_version: int | None = None,
) -> CommunityPolicy:
    """Append a policy as whoever owns the machine; without `expected_version` whatever is there is followed."""
    now = clock.now()
    async with transactions() as tx:
        before = await in_force(tx, platform, community_id)
        if expected_version not in (None, before.version):
            raise Conflict("policy-changed", version=before.version)
        after = replace(policy, version=before.version + 1)
        # Of two who follow the same version, the table's key lets one win.
        if not await tx.policies.add(platform, community_id, after, by, clean_text(note)[:NOTE_LIMIT], now):
            raise Conflict("policy-changed", version=after.version)
        key = community_key(platform, community_id)
        await audit.log(tx, now, by, key, "policy-change", f"version {after.version}", preset=after.preset)
        await tx.commit()
    return after


async def simulated(
    candidate: CommunityPolicy, platform: Platform, community_id: str | None, since: float, transactions: Transactions
) -> Simulation:
    """What a policy would have made of a community's judgements since then."""
    async with transactions() as tx:
        return simulate(await tx.screenings.within(platform, community_id, since, float("inf")), candidate)


def preset(name: str) -> CommunityPolicy:
    """A preset by its name; InvalidRequest naming the known ones."""
    if name not in PRESETS:
        raise InvalidRequest("preset-unknown", value=name[:40], known=", ".join(PRESETS))
    return PRESETS[name]


def _owned(origin: Origin) -> str:
    """The community that the asker may decide for."""
    if not origin.community_id:
        raise InvalidRequest("community-needed")
    if origin.role is not Role.OWNER:
        raise NotAllowed("owners-only")
    return origin.community_id
