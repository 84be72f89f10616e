"""The chain of the audit log: every kind of change shows, and shows where."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.audit import GENESIS, Chained, Entry, chain, first_break, hash_of

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LENGTH = 6


def entry(number: int) -> Entry:
    return Entry(
        at=NOW + timedelta(seconds=number),
        actor=5,
        role="guard",
        what="live:picture:shown",
        about=f"AN-2026-{number:04d}",
        article="Điều 7 khoản 1",
        channel="telegram",
        details={"camera": "C01"},
    )


@pytest.fixture
def log() -> list[Chained]:
    rows: list[Chained] = []
    for number in range(1, LENGTH + 1):
        rows.append(chain(number, entry(number), rows[-1].hash if rows else GENESIS))
    return rows


def test_a_whole_chain_has_no_break(log: list[Chained]) -> None:
    assert first_break(log) is None
    assert first_break([]) is None


CHANGES = {
    "at": NOW,
    "actor": 6,
    "role": "principal",
    "what": "live:picture:failed",
    "about": "AN-2026-9999",
    "article": "Điều 4 khoản 1",
    "channel": "zalo_bot",
    "details": {"camera": "C02"},
}


@pytest.mark.parametrize("field", CHANGES)
@pytest.mark.parametrize("number", [1, 3, LENGTH])
def test_a_changed_entry_is_found(log: list[Chained], field: str, number: int) -> None:
    row = log[number - 1]
    changed = replace(row, entry=replace(row.entry, **{field: CHANGES[field]}))  # type: ignore[arg-type] # one field a time
    assert first_break([*log[: number - 1], changed, *log[number:]]) == number


@pytest.mark.parametrize("number", range(1, LENGTH))
def test_a_missing_entry_is_found(log: list[Chained], number: int) -> None:
    assert first_break([*log[: number - 1], *log[number:]]) == number


@pytest.mark.parametrize("number", range(1, LENGTH))
def test_two_swapped_entries_are_found(log: list[Chained], number: int) -> None:
    log[number - 1], log[number] = log[number], log[number - 1]
    assert first_break(log) == number


@pytest.mark.parametrize("number", [1, 4])
def test_an_entry_rewritten_with_its_own_hash_breaks_the_next_one(log: list[Chained], number: int) -> None:
    row = log[number - 1]
    log[number - 1] = chain(number, replace(row.entry, actor=1), row.previous)
    assert first_break(log) == number + 1


def test_a_doubled_entry_is_found(log: list[Chained]) -> None:
    assert first_break([*log[:3], log[2], *log[3:]]) == 4


def test_a_chain_that_does_not_begin_at_the_beginning_is_broken(log: list[Chained]) -> None:
    assert first_break(log[2:]) == 1
    assert first_break([chain(1, entry(1), "f" * 64)]) == 1


def test_the_hash_does_not_depend_on_how_time_or_details_are_written(log: list[Chained]) -> None:
    first = log[0]
    hanoi = first.entry.at.astimezone(timezone(timedelta(hours=7)))
    assert hash_of(1, replace(first.entry, at=hanoi), GENESIS) == first.hash
    two = replace(first.entry, details={"a": 1, "b": 2})
    turned = replace(first.entry, details={"b": 2, "a": 1})
    assert hash_of(1, two, GENESIS) == hash_of(1, turned, GENESIS)


def test_no_details_and_empty_details_are_the_same(log: list[Chained]) -> None:
    entry_without = replace(log[0].entry, details=None)
    assert hash_of(1, entry_without, GENESIS) == hash_of(1, replace(entry_without, details={}), GENESIS)
