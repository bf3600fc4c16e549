"""A community's rules: what its owner decides for it, and what everybody else goes by."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from bot import captions, prompting
from bot.domain.community import CommunityRules
from bot.domain.errors import InvalidRequest, NotAllowed
from bot.domain.identity import Origin, Platform, Role
from bot.domain.requests import OWN_TONE
from bot.ports import Clock, Transactions, UnitOfWork

DAY_LIMIT = 1_000_000
"""Units a day that an owner can write; the machine's own limit is what counts above it."""


async def rules(origin: Origin, transactions: Transactions) -> CommunityRules:
    """The rules of the place a request comes from; the defaults in a private chat."""
    async with transactions() as tx:
        return await rules_in(tx, origin)


async def rules_in(tx: UnitOfWork, origin: Origin) -> CommunityRules:
    """The same within a transaction."""
    return await tx.communities.get(origin.platform, origin.community_id) if origin.community_id else CommunityRules()


async def change(
    origin: Origin, transactions: Transactions, clock: Clock, *, languages: Collection[str] = (), **changes: Any
) -> CommunityRules:
    """Change fields of CommunityRules by name; `languages` are those that the house speaks."""
    community_id = _owned(origin)
    async with transactions() as tx:
        current = await tx.communities.get(origin.platform, community_id, to_change=True)
        changed = replace(current, **changes)
        _check(changed, changes.keys(), languages)
        await tx.communities.put(origin.platform, community_id, changed, _who(origin), clock.now())
        await tx.commit()
        return changed


async def reset(origin: Origin, transactions: Transactions, clock: Clock) -> CommunityRules:
    """Back to the defaults."""
    community_id, defaults = _owned(origin), CommunityRules()
    async with transactions() as tx:
        await tx.communities.put(origin.platform, community_id, defaults, _who(origin), clock.now())
        await tx.commit()
        return defaults


async def moved(platform: Platform, old_id: str, new_id: str, transactions: Transactions) -> None:
    """A community goes on under another id, with its rules, what its members asked for and what they used of it."""
    old, new = (f"community:{platform.value}:{community_id}" for community_id in (old_id, new_id))
    async with transactions() as tx:
        await tx.communities.move(platform, old_id, new_id)
        await tx.quotas.merge(old, into=new)
        await tx.commit()


def _owned(origin: Origin) -> str:
    """The community that the asker may decide for."""
    if not origin.community_id:
        raise InvalidRequest("community-needed")
    if origin.role is not Role.OWNER:
        raise NotAllowed("owners-only")
    return origin.community_id


def _who(origin: Origin) -> str:
    return f"{origin.platform.value}:{origin.user_id}"


def _check(rules: CommunityRules, changed: Collection[str], languages: Collection[str]) -> None:
    """Refuse what cannot be; what was not changed may be of a time when there were other styles."""
    if "styles" in changed or "default_style" in changed:
        for key in (*rules.styles, *([rules.default_style] if rules.default_style else [])):
            prompting.style(key)
        if rules.default_style and not rules.offers_style(rules.default_style):
            raise InvalidRequest("default-style-not-offered", style=rules.default_style)
    if "tones" in changed or "default_tone" in changed:
        for key in {*rules.tones, rules.default_tone} - {OWN_TONE}:
            captions.tone(key)
        if not rules.offers_tone(rules.default_tone):
            raise InvalidRequest("default-tone-not-offered", tone=rules.default_tone)
    if not all(0 <= limit <= DAY_LIMIT for limit in rules.member_day.values()):
        raise InvalidRequest("out-of-range", name="quota", low=0, high=DAY_LIMIT)
    if "language" in changed and rules.language is not None and rules.language not in languages:
        raise InvalidRequest("language-unknown", language=rules.language, known=", ".join(languages))
