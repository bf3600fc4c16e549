"""Migrations make exactly the tables that the models describe, and errors say what to do."""

import asyncio
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import StorageUnavailable
from bot.domain.identity import Origin, Platform
from bot.storage import database as schema
from bot.storage.database import check, open_database, ready, upgrade
from bot.storage.tables import metadata
from bot.storage.unit_of_work import SqlUnitOfWork


async def test_migrations_and_models_agree(database: AsyncEngine) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_upgrading_twice_changes_nothing(database: AsyncEngine) -> None:
    before, after = await upgrade(database)
    assert before == after
    await check(database)


async def test_a_flag_of_before_is_a_judgement_now(database_url: str) -> None:
    engine = open_database(database_url)

    def before(connection: Connection) -> None:
        config = schema._config(database_url)
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(text("INSERT INTO members VALUES ('m', 'en', 'Ada', 0), ('n', 'en', 'Bo', 0)"))
        connection.execute(text("INSERT INTO accounts VALUES ('discord', '1', 'm'), ('web', '2', 'n')"))
        values = "'prompt', 'hold', 'hate', 0.7, 'rules', 0"
        flags = f"('f', 'm', 'j', {values}), ('g', 'n', NULL, {values}), ('h', 'gone', NULL, {values})"
        connection.execute(text(f"INSERT INTO flags VALUES {flags}"))
        columns = "id, kind, member_id, platform, origin, request, units, status, settlement, created_at, deadline_at"
        origin = '{"community_id": "9", "age_restricted": true}'
        row = f"'j', 'avatar', 'm', 'discord', '{origin}', '{{}}', 4, 'held', 'reserved', 0, 0"
        more = "attempts, cancel_requested, approved"
        # The colon of JSON would begin a parameter's name.
        insert = f"INSERT INTO jobs ({columns}, {more}) VALUES ({row}, 0, false, false)".replace(": ", "\\: ")
        connection.execute(text(insert))
        case = "'c', 'j', 'prompt', '{}', 'rejected', 0, 5, 'mod', ''"
        known = "id, job_id, stage, cause, status, opened_at, decided_at, decided_by, note"
        connection.execute(text(f"INSERT INTO review_cases ({known}) VALUES ({case})"))

    async with engine.begin() as connection:
        await connection.run_sync(before)
    await upgrade(engine)
    await check(engine)
    async with engine.connect() as connection:
        kept = "id, member_id, platform, community_id, channel_kind, verdict"
        rows = await connection.execute(text(f"SELECT {kept} FROM screenings ORDER BY id"))
        assert [tuple(row) for row in rows] == [
            ("f", "m", "discord", "9", "age-restricted", "hold"),
            ("g", "n", "web", "", "general", "hold"),
        ]
        rows = await connection.execute(text("SELECT settled_at, strike FROM review_cases"))
        assert [(row.settled_at, bool(row.strike)) for row in rows] == [(5.0, False)]
    async with SqlUnitOfWork(engine) as tx:
        (screening,) = await tx.screenings.within(Platform.DISCORD, "9", 0, 1)
    assert [(signal.category.value, signal.score) for signal in screening.signals] == [("hate", 0.7)]
    await engine.dispose()


async def test_an_upload_of_before_is_one_of_several_now(database_url: str) -> None:
    engine = open_database(database_url)

    def before(connection: Connection) -> None:
        config = schema._config(database_url)
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        connection.execute(text("INSERT INTO members VALUES ('m', 'en', 'Ada', 0)"))
        columns = "id, kind, member_id, platform, origin, request, units, status, settlement, created_at, deadline_at"
        request = '{"prompt": "a fox"}'.replace(": ", "\\: ")
        origin = '{"platform": "web", "user_id": "ada", "channel_id": "c", "role": "owner"}'.replace(": ", "\\: ")
        for name, upload in (("j", "'ab.upload'"), ("k", "NULL")):
            row = f"'{name}', 'avatar', 'm', 'web', '{origin}', '{request}', 4, 'held', 'reserved', 0, 0"
            insert = f"INSERT INTO jobs ({columns}, attempts, cancel_requested, approved, upload) VALUES"
            connection.execute(text(f"{insert} ({row}, 0, false, false, {upload})"))
        artifact = "'a', 'j', 'm', 0, 'cd.png', 'image/png', 'cd', 1, 64, 64, 7, 0"
        connection.execute(text(f"INSERT INTO artifacts VALUES ({artifact}, NULL)"))

    async with engine.begin() as connection:
        await connection.run_sync(before)
    await upgrade(engine)
    await check(engine)
    async with SqlUnitOfWork(engine) as tx:
        with_upload, without = await tx.jobs.get("j"), await tx.jobs.get("k")
        picture = await tx.artifacts.get("a")
        kept = await tx.artifacts.known(["ab.upload", "other.upload"], 0)
    assert with_upload and with_upload.uploads == ("ab.upload",)
    assert without and without.uploads == ()
    assert picture and (picture.alt, picture.kept) == ("", True)
    assert kept == {"ab.upload"}
    await engine.dispose()


async def test_an_empty_database_says_what_to_run(database_url: str) -> None:
    engine = open_database(database_url)
    with pytest.raises(StorageUnavailable, match="database-older"):
        await check(engine)
    await engine.dispose()


async def test_an_empty_database_gets_its_tables_and_an_older_one_is_left_alone(database_url: str) -> None:
    engine = open_database(database_url)
    await ready(engine)
    await check(engine)
    async with engine.begin() as connection:
        await connection.execute(text("DELETE FROM alembic_version"))
    with pytest.raises(StorageUnavailable, match="database-older"):
        await ready(engine)
    await engine.dispose()


async def test_a_newer_database_is_refused(database: AsyncEngine) -> None:
    async with database.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'from-the-future'"))
    with pytest.raises(StorageUnavailable, match="database-newer"):
        await check(database)
    with pytest.raises(StorageUnavailable, match="database-newer"):
        await ready(database)
    with pytest.raises(StorageUnavailable, match="database-newer"):
        await upgrade(database)


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "huashen.db").write_bytes(b"this is not a database" * 100)
    engine = open_database(f"sqlite+aiosqlite:///{tmp_path / 'huashen.db'}")
    with pytest.raises(StorageUnavailable, match="database-corrupt"):
        await check(engine)
    await engine.dispose()


async def test_transactions_on_sqlite_take_their_turn(sqlite_database: AsyncEngine) -> None:
    finished: list[int] = []

    async def one(number: int) -> None:
        async with SqlUnitOfWork(sqlite_database) as tx:
            await tx.members.resolve(Origin(Platform.CONSOLE, f"member-{number}", "c"))
            await tx.commit()
        finished.append(number)

    await asyncio.gather(*(one(number) for number in range(40)))
    assert finished == sorted(finished)


async def test_waiting_too_long_for_a_turn_says_so(
    sqlite_database: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_database.pool, "_timeout", 0.05)
    async with sqlite_database.connect():
        with pytest.raises(StorageUnavailable, match="database-locked"):
            async with SqlUnitOfWork(sqlite_database) as tx:
                await tx.jobs.queued()
