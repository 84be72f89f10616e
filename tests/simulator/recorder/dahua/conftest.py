from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from yarl import URL

from simulator.recorder.dahua import SimulatedDahuaRecorder
from tests.simulator.recorder.conftest import CLOCK_OFFSET, PASSWORD, USERNAME, Clock


@dataclass
class CgiClient:
    """A plain digest client that sends paths byte for byte."""

    recorder: SimulatedDahuaRecorder
    session: aiohttp.ClientSession
    statuses: list[int] = field(default_factory=list)

    async def get(self, path: str) -> tuple[int, bytes]:
        url = URL(f"http://127.0.0.1:{self.recorder.http_port}/cgi-bin/{path}", encoded=True)
        async with self.session.get(url) as answer:
            self.statuses.append(answer.status)
            return answer.status, await answer.read()

    async def values(self, path: str) -> dict[str, str]:
        status, body = await self.get(path)
        assert status == 200, body
        return dict(line.split("=", 1) for line in body.decode().splitlines() if "=" in line)


def shown(true: datetime) -> str:
    """The digits that the recorder under test shows at a true instant, as they stand in a query."""
    local = (true + CLOCK_OFFSET).astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    return quote(f"{local:%Y-%m-%d %H:%M:%S}", safe=":-")


def load(channel: int, start: datetime, *, seconds: float) -> str:
    end = start + timedelta(seconds=seconds)
    times = f"startTime={shown(start)}&endTime={shown(end)}"
    return f"loadfile.cgi?action=startLoad&channel={channel}&{times}&subtype=0"


@pytest.fixture
async def dahua(clock: Clock) -> AsyncIterator[SimulatedDahuaRecorder]:
    async with SimulatedDahuaRecorder(
        username=USERNAME, password=PASSWORD, now=clock.now, clock_offset=CLOCK_OFFSET
    ) as running:
        yield running


@pytest.fixture
async def cgi(dahua: SimulatedDahuaRecorder) -> AsyncIterator[CgiClient]:
    digest = aiohttp.DigestAuthMiddleware(USERNAME, PASSWORD)
    async with aiohttp.ClientSession(middlewares=(digest,)) as session:
        yield CgiClient(dahua, session)


@pytest.fixture
async def wrong_cgi(dahua: SimulatedDahuaRecorder) -> AsyncIterator[CgiClient]:
    digest = aiohttp.DigestAuthMiddleware(USERNAME, "sai")
    async with aiohttp.ClientSession(middlewares=(digest,)) as session:
        yield CgiClient(dahua, session)
