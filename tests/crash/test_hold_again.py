"""A hold that runs again after a crash, or twice: the vault has what is registered, or nothing."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.bootstrap import School, school
from bot.settings import load
from domain.chat import Account
from domain.people import Person, Role
from domain.requests import FootageRequest, Hold, Purpose, RequestState
from handlers import manual
from handlers.asking import Ask
from handlers.hold import hold
from simulator.clock import ZONE
from simulator.recorder import SimulatedRecorder

PASSWORD = "mat-khau-dau-ghi"
IT_CHAT = Account("telegram", "41")


@dataclass(frozen=True)
class Desk:
    school: School
    recorder: SimulatedRecorder
    request: FootageRequest
    it: Person
    original: Path

    async def moved(self, *states: RequestState, order_code: str = "") -> None:
        async with self.school.store.begin() as uow:
            request = await uow.requests.get(self.request.id)
            assert request is not None
            for state in states:
                request = await uow.requests.move(request, state, order_code=order_code)
            await uow.commit()

    async def holds(self) -> None:
        assert await hold(self.school.tools, {"request": self.request.id}, 0) is None

    async def registered(self) -> str | None:
        """The hash of the registered original."""
        async with self.school.store.reading() as uow:
            request = await uow.requests.get(self.request.id)
            assert request is not None
            evidence = await uow.evidence.get(request.evidence_id) if request.evidence_id else None
            return evidence.sha256 if evidence else None


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A request for a minute of yesterday, and the file that a killed hold has fetched and not registered."""
    start = (datetime.now(ZONE) - timedelta(days=1)).replace(hour=9, minute=5, second=0, microsecond=0)
    async with SimulatedRecorder(username="truccam", password=PASSWORD) as recorder:
        config = tmp_path / "truccam.toml"
        config.write_text(
            f"""
[database]
url = "sqlite:///truccam.db"
[paths]
state = "."
[[recorders]]
name = "dau-ghi-1"
vendor = "hikvision"
host = "127.0.0.1"
http_port = {recorder.http_port}
rtsp_port = {recorder.rtsp_port}
username = "truccam"
password = "{PASSWORD}"
[[cameras]]
code = "C01"
name = "Cổng chính"
recorder = "dau-ghi-1"
channel = 1
""",
            encoding="utf-8",
        )
        async with school(load(config, {})) as one:
            async with one.store.begin() as uow:
                teacher = await uow.people.add("Lan", Role.TEACHER, "Cô")
                it = await uow.people.add("Dũng", Role.IT, "Anh")
                await uow.people.link(IT_CHAT, it.id, start)
                request = await uow.requests.add(
                    code="YC-2026-0001",
                    requester_id=teacher.id,
                    camera_code="C01",
                    start=start,
                    end=start + timedelta(minutes=1),
                    purpose=Purpose.EQUIPMENT,
                    reason="mất xe đạp",
                    created_at=start + timedelta(hours=1),
                    expires_at=start + timedelta(days=7),
                )
                await uow.commit()
            key = f"originals/{request.created_at.year}/{request.code}.rec"
            one.vault.path(key).write_bytes(b"whole, and not registered")
            one.vault.keep(key)
            yield Desk(one, recorder, request, it, one.vault.path(key))


async def test_what_was_fetched_and_not_registered_is_fetched_again(desk: Desk) -> None:
    await desk.holds()
    assert hashlib.sha256(desk.original.read_bytes()).hexdigest() == await desk.registered()
    assert desk.original.stat().st_mode & 0o777 == 0o400


async def test_what_was_fetched_for_a_request_that_is_refused_meanwhile_goes(desk: Desk) -> None:
    await desk.moved(RequestState.REJECTED)
    await desk.holds()
    assert not desk.original.exists()
    assert desk.recorder.calls["download"] == 0


async def test_a_hold_that_runs_twice_leaves_the_registered_original(desk: Desk) -> None:
    await desk.holds()
    before = desk.original.read_bytes()
    await desk.holds()
    assert desk.original.read_bytes() == before
    assert desk.recorder.calls["download"] == 1


async def test_try_again_tapped_twice_fetches_once(desk: Desk) -> None:
    await desk.moved(RequestState.APPROVED, RequestState.FAILED, order_code="LTX-2026-0001")
    async with desk.school.store.begin() as uow:
        await uow.requests.set_hold(desk.request.id, Hold.FAILED)
        await uow.commit()
    ask = Ask(desk.it, IT_CHAT, desk.request.created_at, data={"request": desk.request.id}, tapped=True)
    for _ in range(2):
        await manual.again(ask, desk.school.tools)
    async with desk.school.store.reading() as uow:
        assert [job.name for job in await uow.jobs.unstarted()] == ["hold"]
