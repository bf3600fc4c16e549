"""Two members become one person, or an account leaves it.

The accounts of everybody concerned are held (see `SqlMembers.hold`), so on PostgreSQL a job that is submitted at that
very moment waits, and then finds whose it is. If one came by another way, the foreign key of jobs.member_id would
refuse it, or refuse to let its member go, rather than leave it with nobody. On SQLite transactions take turns.
"""

from uuid import uuid4

from sqlalchemy import delete, func, insert, select, update

from bot.domain.identity import Origin
from bot.storage.connection import PatientConnection
from bot.storage.tables import accounts, artifacts, jobs, members, reports, sanctions, screenings, strikes


async def merge(connection: PatientConnection, lost: str, kept: str) -> None:
    """Everything of one member is another's, and the one is gone."""
    # What both reported is reported once.
    either = reports.alias()
    twice = reports.c.job_id.in_(select(either.c.job_id).where(either.c.member_id == kept))
    await connection.execute(delete(reports).where(reports.c.member_id == lost, twice))
    # What was copied when they parted, below, counts once.
    for table, same in ((strikes, ("case_id",)), (sanctions, ("community", "kind", "at"))):
        kept_one = table.alias()
        twin = [kept_one.c[name] == table.c[name] for name in same]
        copied = select(kept_one.c.id).where(kept_one.c.member_id == kept, *twin).exists()
        await connection.execute(delete(table).where(table.c.member_id == lost, copied))
    for table in (accounts, jobs, artifacts, screenings, reports, strikes, sanctions):
        await connection.execute(update(table).where(table.c.member_id == lost).values(member_id=kept))
    both = members.alias()
    served = select(func.max(both.c.served_at)).where(both.c.id.in_([lost, kept])).scalar_subquery()
    await connection.execute(update(members).where(members.c.id == kept).values(served_at=served))
    await connection.execute(delete(members).where(members.c.id == lost))


async def split(connection: PatientConnection, member_id: str, origin: Origin) -> None:
    """An account becomes a member of its own, with the jobs that were asked for by it and what belongs to them."""
    alone, platform = uuid4().hex, origin.platform.value
    before = members.alias()
    # It has been served as the person was: leaving is no way to the front of the queue.
    served = select(before.c.served_at).where(before.c.id == member_id).scalar_subquery()
    new = {"id": alone, "locale": origin.locale, "display_name": origin.display_name, "served_at": served}
    await connection.execute(insert(members).values(**new))
    this = accounts.c.platform == platform, accounts.c.user_id == origin.user_id
    await connection.execute(update(accounts).where(*this).values(member_id=alone))
    by_it = jobs.c.platform == platform, jobs.c.origin["user_id"].as_string() == origin.user_id
    await connection.execute(update(jobs).where(jobs.c.member_id == member_id, *by_it).values(member_id=alone))
    its_jobs = select(jobs.c.id).where(jobs.c.member_id == alone)
    await connection.execute(update(artifacts).where(artifacts.c.job_id.in_(its_jobs)).values(member_id=alone))
    # No person has two accounts on one platform, and nobody reports across platforms.
    there = select(jobs.c.id).where(jobs.c.platform == platform)
    for table, its_own in ((screenings, screenings.c.platform == platform), (reports, reports.c.job_id.in_(there))):
        await connection.execute(update(table).where(table.c.member_id == member_id, its_own).values(member_id=alone))
    # Leaving is no way out of a sanction either: both keep what is not lifted.
    for table in (strikes, sanctions):
        kept = select(table).where(table.c.member_id == member_id, table.c.lifted_at.is_(None))
        copies = [row._asdict() | {"id": uuid4().hex, "member_id": alone} for row in await connection.execute(kept)]
        if copies:
            await connection.execute(insert(table), copies)
