"""What was measured comes back as it was, one row a day, the latest on top."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, text

from domain.people import Role
from domain.regulation import Act, Grant
from domain.retention import CameraDay, DiskState, KnownCamera, Measured, RecorderState, Stretch
from storage.migrate import downgrade, upgrade
from storage.store import Store
from storage.tables import rights

DAY = date(2026, 11, 22)
START = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
END = START + timedelta(days=1)
MEASURED = Measured("C01", DAY, "2026-11-22T01:00", END, START, START, "")
STATE = RecorderState(
    "dau-ghi-1", DAY, "2026-11-22T01:00", END, (DiskState("1", "ok", True, 6_000_000_000_000),), 94.0
)


def a_day(code: str = "C01", day: date = DAY) -> CameraDay:
    hour = timedelta(hours=1)
    parts = (Stretch(START, START + 2 * hour), Stretch(START + 3 * hour, END))
    return CameraDay(code, day, START, END, END + hour, parts)


async def test_a_day_comes_back_to_the_second_and_is_replaced_by_a_later_search(store: Store) -> None:
    async with store.begin() as uow:
        await uow.retention.put_day(a_day())
        await uow.retention.put_day(a_day("C02"))
        await uow.commit()
    async with store.reading() as uow:
        assert await uow.retention.days(DAY) == {"C01": [a_day()], "C02": [a_day("C02")]}
        assert await uow.retention.days(DAY, "C02") == {"C02": [a_day("C02")]}
        assert await uow.retention.days(DAY + timedelta(days=1)) == {}
    again = replace(a_day(), parts=())
    async with store.begin() as uow:
        await uow.retention.put_day(again)
        await uow.retention.forget_days(["C02"])
        await uow.commit()
    async with store.reading() as uow:
        assert await uow.retention.days(DAY) == {"C01": [again]}


async def test_the_latest_measurement_of_each_camera_and_recorder_is_given(store: Store) -> None:
    later = replace(
        MEASURED, day=DAY + timedelta(days=1), kept_since=None, oldest_at=None, problem="BadAnswer"
    )
    other = replace(MEASURED, camera_code="C02")
    finished = replace(STATE, finished_at=END)
    async with store.begin() as uow:
        for one in (later, MEASURED, other):
            await uow.retention.put_measured(one)
        await uow.retention.put_recorder(STATE)
        await uow.retention.put_recorder(finished)
        await uow.retention.put_recorder(replace(STATE, day=DAY - timedelta(days=1), disks=()))
        await uow.commit()
    async with store.reading() as uow:
        assert await uow.retention.measured() == {"C01": later, "C02": other}
        assert await uow.retention.recorders() == {"dau-ghi-1": finished}


async def test_old_rows_are_forgotten_and_known_cameras_are_not(store: Store) -> None:
    known = KnownCamera("C01", "dau-ghi-1/1", START, True, END, None)
    async with store.begin() as uow:
        await uow.retention.remember(replace(known, joined=False, first_measured_at=None))
        await uow.retention.remember(known)
        await uow.retention.put_day(a_day())
        await uow.retention.put_measured(MEASURED)
        await uow.retention.put_recorder(STATE)
        await uow.retention.forget_before(DAY + timedelta(days=1))
        await uow.commit()
    async with store.reading() as uow:
        assert await uow.retention.known() == {"C01": known}
        assert await uow.retention.days(DAY) == {}
        assert await uow.retention.measured() == {}
        assert await uow.retention.recorders() == {}


async def test_a_role_table_that_was_filled_before_gets_the_new_rights(store: Store) -> None:
    async with store._writing() as connection:
        await downgrade(connection, "0001")
        await connection.commit()
    async with store.reading() as uow:
        assert (await uow.role_table.rights()).of(Role.GUARD, Act.SEE_RETENTION) is None
    await store.migrate()
    async with store.reading() as uow:
        table = await uow.role_table.rights()
    guard = table.of(Role.GUARD, Act.SEE_RETENTION)
    assert guard is not None
    assert guard.grant is Grant.SUMMARY
    assert table.of(Role.UNIT_HEAD, Act.SEE_RETENTION) is not None


async def test_a_role_table_that_was_emptied_stays_empty(store: Store) -> None:
    async with store._writing() as connection:
        await downgrade(connection, "0001")
        await connection.execute(delete(rights))
        await upgrade(connection)
        left = (await connection.execute(text("SELECT COUNT(*) FROM rights"))).scalar_one()
        await connection.commit()
    assert left == 0
