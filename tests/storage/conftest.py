"""A store, and two people of the school, in a database of the test's own (`tests/conftest.py`)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from domain.chat import Account
from domain.people import Person, Role
from storage.store import Store

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """A store on that database."""
    opened = await Store.open(url)
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
