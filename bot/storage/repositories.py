"""Members and pictures in the database."""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import Executable, bindparam, delete, insert, or_, select, tuple_, union, update

from bot.domain.identity import Member, Origin, Platform
from bot.domain.jobs import Artifact, JobStatus
from bot.domain.link import Account
from bot.domain.moderation import CaseStatus
from bot.storage.connection import AnyRow, PatientConnection
from bot.storage.mapping import artifact_from_row, artifact_to_row
from bot.storage.persons import merge, split
from bot.storage.statements import insert_if_new
from bot.storage.tables import accounts, artifacts, cases, drafts, jobs, members, parents, vectors

_SHOWN = (JobStatus.READY.value, JobStatus.DELIVERED.value)
_WAITING = (JobStatus.QUEUED.value, JobStatus.RUNNING.value, JobStatus.HELD.value)

_MINE = accounts.alias("mine")
_WITH_ACCOUNTS = select(
    members.c.id, members.c.locale, members.c.display_name, accounts.c.platform, accounts.c.user_id
).outerjoin_from(members, accounts, accounts.c.member_id == members.c.id)
_BEHIND = _WITH_ACCOUNTS.join(_MINE, _MINE.c.member_id == members.c.id).where(
    _MINE.c.platform == bindparam("platform"), _MINE.c.user_id == bindparam("user_id")
)
# Who is about to add something to a member holds the account meanwhile: see bot/storage/persons.py.
_BEHIND_AND_STAYING = _BEHIND.with_for_update(read=True, of=_MINE)
_HOLD = (
    select(accounts.c.user_id)
    .where(
        accounts.c.member_id.in_(
            select(_MINE.c.member_id).where(
                tuple_(_MINE.c.platform, _MINE.c.user_id).in_(bindparam("accounts", expanding=True))
            )
        )
    )
    .order_by(accounts.c.platform, accounts.c.user_id)
    .with_for_update()
)
_BY_ID = _WITH_ACCOUNTS.where(members.c.id == bindparam("member_id"))
# A job that ran while its member was linked is another's by now: its row says whose.
_NEW_PICTURE = insert(artifacts).values(
    member_id=select(jobs.c.member_id).where(jobs.c.id == bindparam("its_job")).scalar_subquery()
)
_PICTURES = (
    select(artifacts)
    .where(artifacts.c.job_id.in_(bindparam("job_ids", expanding=True)), artifacts.c.deleted_at.is_(None))
    .order_by(artifacts.c.job_id, artifacts.c.position)
)
_SEEN = (
    select(artifacts)
    .join(jobs, jobs.c.id == artifacts.c.job_id)
    .where(artifacts.c.deleted_at.is_(None), jobs.c.status.in_(_SHOWN))
)


class SqlMembers:
    """People and their accounts."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def resolve(self, origin: Origin, *, to_ask: bool = False) -> Member:
        """The member behind a platform account, made on first sight."""
        behind = _BEHIND_AND_STAYING if to_ask else _BEHIND
        if found := await self._found(behind, origin.platform, origin.user_id):
            return found
        account = {"platform": origin.platform.value, "user_id": origin.user_id}
        new = {"id": uuid4().hex, "locale": origin.locale, "display_name": origin.display_name}
        await self._connection.execute(insert(members), new)
        # Two first messages of one person may race: the account's key lets one of them win.
        if not await insert_if_new(self._connection, accounts, account | {"member_id": new["id"]}):
            await self._connection.execute(delete(members).where(members.c.id == new["id"]))
        if found := await self._found(behind, origin.platform, origin.user_id):
            return found
        raise LookupError("the account was there a moment ago")

    async def behind(self, platform: Platform, user_id: str) -> Member:
        """The member behind an account that is there."""
        if found := await self._found(_BEHIND, platform, user_id):
            return found
        raise LookupError("accounts stay for ever")

    async def get(self, member_id: str) -> Member | None:
        """A member by id."""
        return _member((await self._connection.execute(_BY_ID, {"member_id": member_id})).all())

    async def hold(self, held: Sequence[Account]) -> None:
        """These people are neither linked nor unlinked, and ask for nothing, until the transaction ends."""
        keys = [(platform.value, user_id) for platform, user_id in held]
        # All their accounts, and in one order: two who link the same people wait for each other instead of both.
        await self._connection.execute(_HOLD, {"accounts": keys})

    async def merge(self, member_id: str, into: str) -> None:
        """Everything of a member is another's from now on, and the member is gone."""
        await merge(self._connection, member_id, into)

    async def split(self, member_id: str, origin: Origin) -> Member:
        """An account leaves its person, with everything that it asked for."""
        await split(self._connection, member_id, origin)
        return await self.behind(origin.platform, origin.user_id)

    async def _found(self, which: Executable, platform: Platform, user_id: str) -> Member | None:
        account = {"platform": platform.value, "user_id": user_id}
        return _member((await self._connection.execute(which, account)).all())


def _member(rows: Sequence[AnyRow]) -> Member | None:
    """One member from a row for each account."""
    if not rows:
        return None
    member_id, locale, display_name, _, _ = rows[0]
    accounts = sorted((Platform(platform), user_id) for _, _, _, platform, user_id in rows if platform)
    return Member(member_id, locale, display_name, tuple(accounts))


class SqlArtifacts:
    """The rows of pictures."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def add(self, artifact: Artifact) -> None:
        """Store a row; its file is already there."""
        row = artifact_to_row(artifact)
        await self._connection.execute(_NEW_PICTURE, row | {"its_job": artifact.job_id})

    async def get(self, artifact_id: str) -> Artifact | None:
        """A picture's row by id."""
        row = await self._connection.first(select(artifacts).where(artifacts.c.id == artifact_id))
        return artifact_from_row(row) if row else None

    async def of_jobs(self, job_ids: Sequence[str]) -> dict[str, tuple[Artifact, ...]]:
        """Rows by job, in order, deleted ones left out."""
        rows = await self._connection.execute(_PICTURES, {"job_ids": list(job_ids)}) if job_ids else ()
        found: dict[str, tuple[Artifact, ...]] = {}
        for row in rows:
            found[row.job_id] = (*found.get(row.job_id, ()), artifact_from_row(row))
        return found

    async def of_member(self, member_id: str, limit: int, before: float | None = None) -> list[Artifact]:
        """A member's delivered pictures that are kept, newest first, deleted ones left out."""
        rows = _SEEN.where(artifacts.c.member_id == member_id, artifacts.c.kept)
        if before is not None:
            rows = rows.where(artifacts.c.created_at < before)
        rows = rows.order_by(artifacts.c.created_at.desc(), artifacts.c.position).limit(limit)
        return [artifact_from_row(row) for row in await self._connection.execute(rows)]

    async def owned(self, member_id: str, artifact_ids: Sequence[str]) -> dict[str, Artifact]:
        """Those of these pictures that are a member's own, delivered and not deleted, by id."""
        rows = _SEEN.where(artifacts.c.member_id == member_id, artifacts.c.id.in_(artifact_ids))
        return {row.id: artifact_from_row(row) for row in await self._connection.execute(rows)}

    async def named(self, member_id: str, beginning: str) -> list[Artifact]:
        """The member's own pictures whose id begins so: two at most, for one of them is not meant."""
        rows = _SEEN.where(artifacts.c.member_id == member_id, artifacts.c.id.startswith(beginning, autoescape=True))
        return [artifact_from_row(row) for row in await self._connection.execute(rows.limit(2))]

    async def children(self, artifact_id: str, limit: int) -> list[Artifact]:
        """What its member made of a picture and kept, newest first."""
        made = select(parents.c.job_id).where(parents.c.artifact_id == artifact_id)
        its_members = select(artifacts.c.member_id).where(artifacts.c.id == artifact_id).scalar_subquery()
        rows = _SEEN.where(artifacts.c.job_id.in_(made), artifacts.c.kept, artifacts.c.member_id == its_members)
        rows = rows.order_by(artifacts.c.created_at.desc(), artifacts.c.position).limit(limit)
        return [artifact_from_row(row) for row in await self._connection.execute(rows)]

    async def keep(self, artifact_id: str) -> None:
        """It is in its member's gallery from now on."""
        await self._connection.execute(update(artifacts).where(artifacts.c.id == artifact_id).values(kept=True))

    async def delete(self, artifact_id: str, now: float) -> None:
        """Mark a row deleted, and forget where models put its picture."""
        await self._connection.execute(update(artifacts).where(artifacts.c.id == artifact_id).values(deleted_at=now))
        await self._connection.execute(delete(vectors).where(vectors.c.artifact_id == artifact_id))

    async def known(self, names: Sequence[str], appealable_since: float) -> set[str]:
        """Which of these file names a living row, a waiting job or a draft needs."""
        under_review = (
            select(cases.c.id)
            .where(
                cases.c.job_id == jobs.c.id,
                or_(
                    cases.c.status == CaseStatus.OPEN.value,
                    cases.c.decided_at > appealable_since,
                    cases.c.overturned_at > appealable_since,
                ),
            )
            .exists()
        )
        pictures = (
            select(artifacts.c.name)
            .join(jobs, jobs.c.id == artifacts.c.job_id)
            .where(
                artifacts.c.name.in_(names),
                artifacts.c.deleted_at.is_(None),
                or_(jobs.c.status.in_((*_SHOWN, *_WAITING)), under_review),
            )
        )
        # What a job begins from is a list in its row; few jobs wait or are looked at, so all of theirs are read.
        needed = or_(jobs.c.status.in_(_WAITING), under_review)
        uploads = await self._connection.execute(select(jobs.c.uploads).where(jobs.c.uploads.is_not(None), needed))
        begun = select(drafts.c.upload).where(drafts.c.upload.in_(names))
        kept = {row.name for row in await self._connection.execute(union(pictures, begun))}
        return kept | ({name for row in uploads for name in row.uploads} & set(names))
