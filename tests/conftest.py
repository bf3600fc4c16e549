"""Fixtures for everybody: a clock one can move, databases of both kinds, and plain words about what is skipped."""

import asyncio
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.storage.database import open_database, upgrade
from tests import postgres

# How long an example takes says something about the machine, not about the code.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

REQUIRED = os.environ.get("HUASHEN_TEST_REQUIRE", "").split()
"""What must not be skipped: CI sets 'postgresql chromium'."""


LONGEST = ("walkthrough", "training", "web")
"""Folders whose files take minutes: begun last, they would be waited for by everybody."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first."""
    items.sort(key=lambda item: next((i for i, name in enumerate(LONGEST) if name in item.path.parts), len(LONGEST)))


def cache_folder() -> Path:
    """Where prepared models are kept between runs; a data folder as far as its models go."""
    given = os.environ.get("HUASHEN_TEST_CACHE")
    return Path(given) if given else Path(tempfile.gettempdir()) / "huashen-test-cache"


def missing(what: str, how: str) -> None:
    """Skip, saying what to install; fail where CI promised to have it."""
    message = f"{what} was not found: {how}"
    if what in REQUIRED:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of our own."""
    if postgres.programs() is None:
        missing("postgresql", "install the package postgresql to run these tests on it")
    with postgres.server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    url: str = request.getfixturevalue("postgres_url")
    name = f"test_{uuid.uuid4().hex}"
    server = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with server.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await server.dispose()
    return url.rsplit("/", 1)[0] + f"/{name}"


@pytest.fixture
async def database(database_url: str, migrated: Path) -> AsyncIterator[AsyncEngine]:
    """An open database with the newest schema, once of each kind."""
    if database_url.startswith("sqlite"):
        shutil.copy(migrated, database_url.removeprefix("sqlite+aiosqlite:///"))
    engine = open_database(database_url)
    await upgrade(engine)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema and nothing in it: copying is quicker than migrating."""
    path = tmp_path_factory.mktemp("database") / "migrated.db"

    async def migrate() -> None:
        engine = open_database(f"sqlite+aiosqlite:///{path}")
        await upgrade(engine)
        await engine.dispose()

    asyncio.run(migrate())
    return path


@pytest.fixture
async def sqlite_database(migrated: Path, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """An open SQLite database with the newest schema, for what does not depend on the kind."""
    engine = open_database(f"sqlite+aiosqlite:///{shutil.copy(migrated, tmp_path / 'test.db')}")
    yield engine
    await engine.dispose()
