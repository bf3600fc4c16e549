"""Every judgement of the screens in the database, without a word of what was judged."""

from typing import Any

from sqlalchemy import Text, bindparam, delete, func, insert, select, union

from bot.domain.community_policy import ChannelKind
from bot.domain.identity import Platform
from bot.domain.moderation import Category, Signal, Stage, Verdict
from bot.domain.screenings import Screening
from bot.storage.connection import AnyRow, PatientConnection
from bot.storage.tables import jobs, screenings, tone_examples

# A job that ran while its member was linked is another's by now: its row says whose.
_ADD = insert(screenings).values(
    member_id=func.coalesce(
        select(jobs.c.member_id).where(jobs.c.id == bindparam("its_job", type_=Text)).scalar_subquery(),
        bindparam("its_member", type_=Text),
    )
)
_HERE = (
    screenings.c.platform == bindparam("its_platform"),
    screenings.c.community_id == bindparam("its_community"),
)
_WITHIN = (
    select(screenings)
    .where(*_HERE, screenings.c.at >= bindparam("since"), screenings.c.at < bindparam("until"))
    .order_by(screenings.c.at, screenings.c.id)
)
_OF_MEMBER = (
    select(screenings.c.verdict, func.count().label("judged"))
    .where(*_HERE, screenings.c.member_id == bindparam("its_member"))
    .group_by(screenings.c.verdict)
)

_PLACES = union(*(select(table.c.platform, table.c.community_id) for table in (screenings, tone_examples))).order_by(
    "platform", "community_id"
)


class SqlScreenings:
    """Judgements in the database."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def add(self, screening: Screening) -> None:
        """Remember a judgement; of its job's member, where the job is another's by now."""
        row = {
            "id": screening.id,
            "job_id": screening.job_id,
            "its_job": screening.job_id,
            "its_member": screening.member_id,
            "platform": screening.platform.value,
            "community_id": screening.community_id or "",
            "channel_kind": screening.kind.value,
            "stage": screening.stage.value,
            "signals": [_plain(signal) for signal in screening.signals],
            "verdict": screening.verdict.value,
            "policy_version": screening.policy_version,
            "at": screening.at,
        }
        await self._connection.execute(_ADD, row)

    async def within(self, platform: Platform, community_id: str | None, since: float, until: float) -> list[Screening]:
        """A community's judgements from `since` to before `until`, oldest first."""
        here = {"its_platform": platform.value, "its_community": community_id or ""}
        rows = await self._connection.execute(_WITHIN, here | {"since": since, "until": until})
        return [_screening(row) for row in rows]

    async def of_member(self, member_id: str, platform: Platform, community_id: str | None) -> dict[Verdict, int]:
        """How a member's were judged in a community."""
        here = {"its_platform": platform.value, "its_community": community_id or "", "its_member": member_id}
        return {Verdict(row.verdict): row.judged for row in await self._connection.execute(_OF_MEMBER, here)}

    async def places(self) -> list[tuple[Platform, str | None]]:
        """Every community where something was judged or that has a voice, and with None a platform's private chats."""
        return [(Platform(row.platform), row.community_id or None) for row in await self._connection.execute(_PLACES)]

    async def forget_before(self, moment: float) -> None:
        """Forget older ones."""
        await self._connection.execute(delete(screenings).where(screenings.c.at < moment))


def _plain(signal: Signal) -> dict[str, Any]:
    """JSON has no NaN; a score that is not a number is held whatever it says, and so is UNSCREENED."""
    if signal.score != signal.score:
        signal = Signal(Category.UNSCREENED, 1.0, signal.source)
    return {"category": signal.category.value, "score": signal.score, "source": signal.source}


def _screening(row: AnyRow) -> Screening:
    return Screening(
        id=row.id,
        job_id=row.job_id,
        member_id=row.member_id,
        platform=Platform(row.platform),
        community_id=row.community_id or None,
        kind=ChannelKind(row.channel_kind),
        stage=Stage(row.stage),
        signals=tuple(Signal(Category(each["category"]), each["score"], each["source"]) for each in row.signals),
        verdict=Verdict(row.verdict),
        policy_version=row.policy_version,
        at=row.at,
    )
