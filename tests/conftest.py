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


async def created(server: str, template: str = "template1") -> str:
    """The URL of a new database on a PostgreSQL server, a copy of `template`."""
    name = f"test_{uuid.uuid4().hex}"
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    await engine.dispose()
    return server.rsplit("/", 1)[0] + f"/{name}"


async def migrate(url: str) -> None:
    """Give an empty database the newest schema."""
    engine = open_database(url)
    await upgrade(engine)
    await engine.dispose()


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The name of a database with the newest schema and nothing in it: copying is quicker than migrating."""
    url = asyncio.run(created(postgres_url))
    asyncio.run(migrate(url))
    return url.rsplit("/", 1)[1]


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    return await created(request.getfixturevalue("postgres_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def newest(request: pytest.FixtureRequest) -> tuple[str, str] | None:
    """A PostgreSQL server and the name of a database to copy there; None for SQLite."""
    if request.param == "sqlite":
        return None
    return request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres_template")


@pytest.fixture
async def database(newest: tuple[str, str] | None, migrated: Path, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """An open database with the newest schema, once of each kind."""
    if newest is None:
        url = f"sqlite+aiosqlite:///{shutil.copy(migrated, tmp_path / 'test.db')}"
    else:
        url = await created(*newest)
    engine = open_database(url)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema and nothing in it."""
    path = tmp_path_factory.mktemp("database") / "migrated.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
async def sqlite_database(migrated: Path, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """An open SQLite database with the newest schema, for what does not depend on the kind."""
    engine = open_database(f"sqlite+aiosqlite:///{shutil.copy(migrated, tmp_path / 'test.db')}")
    yield engine
    await engine.dispose()
