"""One running school a module: recorder, Telegram, `./truccam run`, and four people."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from simulator.telegram import Phone
from tests.end_to_end.outside import Outside, outside, together


@dataclass(frozen=True)
class Running:
    """A running service and the people who use it."""

    outside: Outside
    guard: Phone
    teacher: Phone
    principal: Phone
    it: Phone


async def running(outside: Outside) -> Running:
    """Start the service and enrol four people while it runs."""
    await outside.start()
    guard, teacher, principal, it = await together(
        outside.enrolled("guard", "Sơn", 1001),
        outside.enrolled("teacher", "Cô Lan", 1002),
        outside.enrolled("principal", "Cô Hằng", 1003),
        outside.enrolled("it", "Anh Dũng", 1004),
    )
    return Running(outside, guard, teacher, principal, it)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def school(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with outside(tmp_path_factory.mktemp("school")) as one:
        yield await running(one)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
