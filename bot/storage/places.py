"""A community that goes on under another id, as a Telegram group does that became a supergroup.

Rows that name it are read, changed here and written back: the two databases write JSON differently, and it happens
once in a group's life.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, or_, select, update

from bot.domain.identity import Platform, community_key
from bot.storage.connection import PatientConnection
from bot.storage.mapping import rules_from_json, rules_to_json
from bot.storage.statements import insert_if_new
from bot.storage.tables import (
    cases,
    communities,
    consents,
    drafts,
    jobs,
    policies,
    sanctions,
    screenings,
    strikes,
    tone_examples,
)

_PLACES = ("community_id", "channel_id", "parent_channel_id")
"""Where an origin names it."""


def review_channel() -> ColumnElement[str]:
    """The channel in which a community's moderators see cases; null where there is none."""
    channel: ColumnElement[str] = communities.c.rules["review_channel"].as_string()
    return channel


async def move(connection: PatientConnection, platform: Platform, old: str, new: str) -> None:
    """Everything that names a community, or a channel in it, names the new one; a second time there is nothing left."""
    for table in (jobs, consents, drafts):
        rows = select(table.c.id, table.c.origin).where(
            table.c.platform == platform.value,
            or_(*(_names(table.c.origin[place].as_string(), old) for place in _PLACES)),
        )
        moved = [
            {
                "its_id": row.id,
                "origin": row.origin | {place: _renamed(row.origin.get(place), old, new) for place in _PLACES},
            }
            for row in await connection.execute(rows.with_for_update())
        ]
        if moved:
            await connection.execute(update(table).where(table.c.id == bindparam("its_id")), moved)
    await _move_rules(connection, platform, old, new)
    await _move_moderation(connection, platform, old, new)
    of_platform = cases.c.job_id.in_(select(jobs.c.id).where(jobs.c.platform == platform.value))
    shown = select(cases.c.id, cases.c.card_channel).where(_names(cases.c.card_channel, old), of_platform)
    cards = [
        {"its_id": row.id, "card_channel": _renamed(row.card_channel, old, new)}
        for row in await connection.execute(shown.with_for_update())
    ]
    if cards:
        await connection.execute(update(cases).where(cases.c.id == bindparam("its_id")), cards)


async def _move_moderation(connection: PatientConnection, platform: Platform, old: str, new: str) -> None:
    """Its policies, unless the new id has some, judgements, examples, strikes and sanctions; the audit log stays."""
    here = policies.c.platform == platform.value
    chosen = await connection.scalar(select(policies.c.version).where(here, policies.c.community_id == new).limit(1))
    if chosen is None:
        moved = update(policies).where(here, policies.c.community_id == old)
        await connection.execute(moved.values(community_id=new))
    judged = screenings.c.platform == platform.value, screenings.c.community_id == old
    await connection.execute(update(screenings).where(*judged).values(community_id=new))
    collected = tone_examples.c.platform == platform.value, tone_examples.c.community_id == old
    await connection.execute(update(tone_examples).where(*collected).values(community_id=new))
    before, after = community_key(platform, old), community_key(platform, new)
    for table in (strikes, sanctions):
        await connection.execute(update(table).where(table.c.community == before).values(community=after))


async def _move_rules(connection: PatientConnection, platform: Platform, old: str, new: str) -> None:
    """Its own rules, and those of communities whose moderators sit in it. Rules made under the new id win."""
    ours = communities.c.platform == platform.value
    touched = select(communities).where(ours, or_(communities.c.community_id == old, _names(review_channel(), old)))
    for row in (await connection.execute(touched.with_for_update())).all():
        rules = rules_from_json(row.rules)
        rules = replace(
            rules,
            review_channel=_renamed(rules.review_channel, old, new),
            channels=frozenset(_renamed(channel, old, new) or channel for channel in rules.channels),
        )
        values: dict[str, Any] = row._asdict() | {"rules": rules_to_json(rules)}
        if row.community_id == old:
            await insert_if_new(connection, communities, values | {"community_id": new})
            await connection.execute(delete(communities).where(ours, communities.c.community_id == old))
        else:
            this = communities.c.community_id == row.community_id
            await connection.execute(update(communities).where(ours, this).values(rules=values["rules"]))


def _names(column: ColumnElement[str], place: str) -> ColumnElement[bool]:
    """Whether a column names a place or, after a slash, a part of it."""
    return or_(column == place, column.startswith(f"{place}/", autoescape=True))


def _renamed(value: str | None, old: str, new: str) -> str | None:
    """The new name of a place, with the part of it that was meant."""
    if value is None or value.partition("/")[0] != old:
        return value
    return new + value[len(old) :]
