"""Communities' tone examples in the database."""

from sqlalchemy import ColumnElement, and_, delete, insert, select, update

from bot.domain.identity import Platform
from bot.domain.voice import ToneExample
from bot.storage.connection import PatientConnection
from bot.storage.tables import tone_examples


class SqlToneExamples:
    """Tone examples in the database."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def all(self, platform: Platform, community_id: str) -> list[ToneExample]:
        """A community's examples, oldest first."""
        table = tone_examples.c
        chosen = select(table.id, table.topic, table.caption, table.added_by, table.added_at)
        rows = chosen.where(_of(platform, community_id)).order_by(table.added_at, table.id)
        return [ToneExample(**row._mapping) for row in await self._connection.execute(rows)]

    async def add(self, platform: Platform, community_id: str, example: ToneExample) -> None:
        """Store one."""
        await self._connection.execute(
            insert(tone_examples).values(
                id=example.id,
                platform=platform.value,
                community_id=community_id,
                topic=example.topic,
                caption=example.caption,
                added_by=example.added_by,
                added_at=example.added_at,
            )
        )

    async def change(self, platform: Platform, community_id: str, example: ToneExample) -> bool:
        """Other words for one; False when there is none of this id."""
        changed = update(tone_examples).where(_of(platform, community_id), tone_examples.c.id == example.id)
        return (
            await self._connection.execute(changed.values(topic=example.topic, caption=example.caption))
        ).rowcount == 1

    async def remove(self, platform: Platform, community_id: str, example_id: str) -> bool:
        """Forget one; False when there is none of this id."""
        gone = delete(tone_examples).where(_of(platform, community_id), tone_examples.c.id == example_id)
        return (await self._connection.execute(gone)).rowcount == 1


def _of(platform: Platform, community_id: str) -> ColumnElement[bool]:
    return and_(tone_examples.c.platform == platform.value, tone_examples.c.community_id == community_id)
