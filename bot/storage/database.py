"""Open the database, and say in plain words what is wrong with it when it cannot be used."""

from functools import partial
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as QueueTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.domain.errors import StorageUnavailable
from bot.storage.sqlite import connect

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def open_database(url: str) -> AsyncEngine:
    """An engine for `sqlite+aiosqlite:///path` or `postgresql+asyncpg://...`, set up for many writers."""
    try:
        if make_url(url).get_backend_name() != "sqlite":
            return create_async_engine(url, pool_size=32, pool_pre_ping=True)
        # One connection, for which transactions queue in order. Several would meet at the write lock, where SQLite
        # lets them sleep and try again: under 16 members that took seconds, and some heard 'database is locked'.
        open_file = partial(connect, make_url(url).database or ":memory:")
        return create_async_engine(url, async_creator=open_file, pool_size=1, max_overflow=0)
    except (SQLAlchemyError, ImportError, ValueError) as error:  # no URL, no driver for it, no number for a port
        raise StorageUnavailable("database-unreachable") from error


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


async def upgrade(engine: AsyncEngine) -> tuple[str | None, str]:
    """Bring the schema up to date; answers the revision before and after."""
    url = engine.url.render_as_string(hide_password=False)
    head = ScriptDirectory.from_config(_config(url)).get_current_head() or ""

    def run(connection: Connection) -> str | None:
        config = _config(url)
        config.attributes["connection"] = connection
        before = MigrationContext.configure(connection).get_current_revision()
        _refuse_newer(before, config)
        command.upgrade(config, "head")
        return before

    async with _plain_errors(), engine.begin() as connection:
        return await connection.run_sync(run), head


async def ready(engine: AsyncEngine) -> None:
    """Give an empty database its tables; any other must be what this version needs, as `check` says."""

    def empty(connection: Connection) -> bool:
        return not inspect(connection).get_table_names()

    async with _plain_errors(), engine.connect() as connection:
        fresh = await connection.run_sync(empty)
    if fresh:
        await upgrade(engine)
    await check(engine)


async def check(engine: AsyncEngine) -> None:
    """Raise StorageUnavailable, saying what to run, unless the schema is exactly what this version needs."""

    def revision(connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()

    config = _config(engine.url.render_as_string(hide_password=False))
    async with _plain_errors(), engine.connect() as connection:
        current = await connection.run_sync(revision)
    _refuse_newer(current, config)
    if current != ScriptDirectory.from_config(config).get_current_head():
        raise StorageUnavailable("database-older", current=current or "-")


def _refuse_newer(current: str | None, config: Config) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise StorageUnavailable("database-newer", current=current)


class _plain_errors:
    """Turn the driver's errors into StorageUnavailable with a sentence that says what to do."""

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, DBAPIError | QueueTimeout | OSError):
            raise storage_error(error) from error


def storage_error(error: Exception) -> StorageUnavailable:
    """What a driver's error means to the owner."""
    text = str(getattr(error, "orig", error)).lower()
    if "locked" in text or isinstance(error, QueueTimeout):
        return StorageUnavailable("database-locked")
    if "full" in text or "no space" in text:
        return StorageUnavailable("disk-full")
    if "malformed" in text or "not a database" in text:
        return StorageUnavailable("database-corrupt")
    if "no such table" in text or "no such column" in text or "does not exist" in text:
        return StorageUnavailable("database-older", current="-")
    return StorageUnavailable("database-unreachable")
