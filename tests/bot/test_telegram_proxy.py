"""Telegram through a proxy of the settings, and through none of the environment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

from bot.channels.telegram import TelegramChannel
from domain.chat import Attachment
from simulator.telegram import SimulatedTelegram
from tests.bot.conftest import listening
from tests.bot.waiting import utc_now

HOST = "telegram.example"


@dataclass
class Socks5:
    """A SOCKS5 proxy that knows one host, which is really a port of this machine (RFC 1928)."""

    target_port: int
    url: str = ""
    asked: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # either side hung up
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        version, methods = await reader.readexactly(2)
        assert version == 5
        await reader.readexactly(methods)
        writer.write(b"\x05\x00")
        _, command, _, kind, length = await reader.readexactly(5)
        assert (command, kind) == (1, 3), "a connection to a host by its name"
        self.asked.append((await reader.readexactly(length)).decode())
        await reader.readexactly(2)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
        await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65_536):
            target.write(data)
            await target.drain()
    target.close()


@pytest.fixture
async def socks(telegram: SimulatedTelegram) -> AsyncIterator[Socks5]:
    proxy = Socks5(int(telegram.base_url.rpartition(":")[2]))
    tasks = set[asyncio.Task[None]]()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.create_task(proxy.serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    proxy.url = f"socks5://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield proxy
    server.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await server.wait_closed()


async def test_everything_goes_through_a_socks5_proxy(
    telegram: SimulatedTelegram, socks: Socks5, tmp_path: Path
) -> None:
    picture = tmp_path / "gate.jpg"
    Image.new("RGB", (320, 180), "navy").save(picture)
    channel = TelegramChannel(token=telegram.token, now=utc_now, api_base=f"http://{HOST}", proxy=socks.url)
    assert await channel.connect() == telegram.username
    async with listening(channel) as inbox:
        await telegram.person("Sơn", 11).send_photo(picture, "ảnh cổng")
        await inbox.next()
    attachment = inbox.got[0].body
    assert isinstance(attachment, Attachment)
    await channel.fetch(attachment, tmp_path / "fetched.jpg")
    await channel.aclose()
    assert (tmp_path / "fetched.jpg").stat().st_size == attachment.size_bytes
    assert len(socks.asked) >= 3, "calls, polls and downloads have connections of their own"
    assert set(socks.asked) == {HOST}


async def test_without_the_proxy_the_same_address_leads_nowhere(
    telegram: SimulatedTelegram, socks: Socks5
) -> None:
    channel = TelegramChannel(token=telegram.token, now=utc_now, api_base=f"http://{HOST}")
    connecting = asyncio.create_task(channel.connect())
    done, _waiting = await asyncio.wait([connecting], timeout=0.3)
    connecting.cancel()
    await asyncio.gather(connecting, return_exceptions=True)
    await channel.aclose()
    assert done == set()
    assert socks.asked == []


async def test_requests_go_through_the_proxy_of_the_settings(telegram: SimulatedTelegram) -> None:
    asked: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not asked.done():
            asked.set_result((await reader.readline()).decode())
        writer.close()

    server = await asyncio.start_server(proxy, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    channel = TelegramChannel(
        token=telegram.token,
        now=utc_now,
        api_base="http://telegram.example",
        proxy=f"http://127.0.0.1:{port}",
    )
    connecting = asyncio.create_task(channel.connect())
    assert (await asked).startswith("POST http://telegram.example/bot")
    connecting.cancel()
    await asyncio.gather(connecting, return_exceptions=True)
    await channel.aclose()
    server.close()
    await server.wait_closed()


async def test_a_proxy_of_the_environment_is_not_used(
    telegram: SimulatedTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("HTTP_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    channel = TelegramChannel(token=telegram.token, now=utc_now, api_base=telegram.base_url)
    assert await channel.connect() == telegram.username
    await channel.aclose()
