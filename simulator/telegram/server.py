"""The HTTP side: one bot's Bot API server on 127.0.0.1."""

import asyncio
import hmac
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from aiohttp import web

from simulator.telegram.bell import Bell
from simulator.telegram.call import read_call
from simulator.telegram.errors import ApiError
from simulator.telegram.flood import FloodLimits
from simulator.telegram.methods import METHODS
from simulator.telegram.model import Chat, Sent
from simulator.telegram.phone import Phone
from simulator.telegram.webhook import WebhookDelivery
from simulator.telegram.world import World

_BOT_ID = 7_012_345_678
_NEVER_REACHED_BYTES = 4 * 1024**3


class SimulatedTelegram:
    """A Telegram with one bot and any number of people.

    The bot calls `{base_url}/bot{token}/{method}` and downloads from `{base_url}/file/bot{token}/{path}`.
    Use as `async with SimulatedTelegram() as telegram:` or call `start` and `stop`.

    Args:
        port: TCP port on 127.0.0.1; 0 takes a free one.
        username: The bot's user name, without @.
        bot_name: The bot's first name.
        token: The bot's token; made up when None.
        now: The clock; must give aware times.
        monotonic: Seconds that never go back, for flood control only.
        limits: Flood limits.
        query_lifetime: How long a tap may be answered.
        folder: Where files are kept; a temporary one when None.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        username: str = "truccam_bot",
        bot_name: str = "Trực Cam",
        token: str | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        limits: FloodLimits | None = None,
        query_lifetime: timedelta = timedelta(minutes=1),
        folder: Path | None = None,
    ) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="telegram-") if folder is None else None
        self._folder = Path(self._temporary.name) if self._temporary else folder or Path()
        self._port = port
        self.token = token or f"{_BOT_ID}:{'AAF-simulated-bot-of-the-pretend-school'[:35]}"
        self._world = World(
            bot={
                "id": int(self.token.split(":", 1)[0]),
                "is_bot": True,
                "first_name": bot_name,
                "username": username,
            },
            now=now,
            monotonic=monotonic,
            limits=limits or FloodLimits(),
            folder=self._folder,
            query_lifetime=query_lifetime,
        )
        self._phones: dict[int, Phone] = {}
        self._cut = False
        self._slow_seconds = 0.0
        self._failures: dict[str, list[ApiError]] = {}
        self._dropped: Counter[str] = Counter()
        self._runner: web.AppRunner | None = None
        self._listener: asyncio.Server | None = None
        self._webhook = WebhookDelivery(self._world.updates, now, lambda: not self._cut)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen."""
        self._folder.mkdir(parents=True, exist_ok=True)
        # Far above the Bot API's own limit, whose 413 is part of what is simulated.
        app = web.Application(client_max_size=_NEVER_REACHED_BYTES)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        # A poller that hangs up must free its place at once.
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.5)
        await self._runner.setup()
        await self._listen()
        self._webhook.start()

    async def stop(self) -> None:
        """Stop listening, hang up on everybody, forget the files."""
        await self._webhook.stop()
        self._hang_up()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._temporary is not None:
            self._temporary.cleanup()

    @property
    def base_url(self) -> str:
        """Where the bot finds this Telegram, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def username(self) -> str:
        """The bot's user name, without @."""
        return str(self._world.bot["username"])

    @property
    def bot_name(self) -> str:
        """The bot's first name."""
        return str(self._world.bot["first_name"])

    @property
    def phones(self) -> tuple[Phone, ...]:
        """All people, in the order they came."""
        return tuple(self._phones.values())

    @property
    def sent(self) -> tuple[Sent, ...]:
        """Journal of every message of the bot that reached a phone; edits are not in it."""
        return tuple(self._world.sent)

    @property
    def calls(self) -> Counter[str]:
        """Calls that were answered `ok`, by method in lower case."""
        return Counter(self._world.calls)

    @property
    def refused(self) -> Counter[int]:
        """Calls that were refused, by status."""
        return Counter(self._world.refused)

    @property
    def pending_updates(self) -> int:
        """Updates that the bot has not confirmed yet."""
        return len(self._world.updates.waiting)

    @property
    def bell(self) -> Bell:
        """Rings at each change: `listen` to show it, `until` to wait for a condition."""
        return self._world.bell

    @property
    def is_cut(self) -> bool:
        """The school cannot reach Telegram."""
        return self._cut

    def person(self, name: str, user_id: int) -> Phone:
        """A person's phone; the same id gives the same phone again."""
        if user_id not in self._phones:
            chat = self._world.chats[user_id] = Chat(user_id, name)
            self._phones[user_id] = Phone(self._world, chat)
        return self._phones[user_id]

    async def cut(self, on: bool) -> None:  # noqa: FBT001 - a switch
        """Cut the school off Telegram, or end that: connections are refused, open ones aborted."""
        if on == self._cut:
            return
        self._cut = on
        if on:
            self._hang_up()
        elif self._runner is not None:
            await self._listen()
        self._world.bell.ring()

    def slow(self, seconds: float) -> None:
        """Let each answer take so many seconds longer; 0 ends that."""
        self._slow_seconds = seconds

    def fail_next(self, method: str, status: int, description: str, *, retry_after_seconds: int = 0) -> None:
        """Refuse the next call of a method, without doing it; calls add up."""
        error = ApiError(status, description, retry_after_seconds=retry_after_seconds or None)
        self._failures.setdefault(method.lower(), []).append(error)

    def drop_answer_next(self, method: str) -> None:
        """Do the next call of a method, but hang up instead of answering; calls add up."""
        self._dropped[method.lower()] += 1

    async def _listen(self) -> None:
        server = self._runner.server if self._runner else None
        if server is None:
            raise RuntimeError("not started")
        self._listener = await asyncio.get_running_loop().create_server(server, "127.0.0.1", self._port)
        self._port = self._listener.sockets[0].getsockname()[1]

    def _hang_up(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        if self._runner is not None and self._runner.server is not None:
            for connection in tuple(self._runner.server.connections):
                if connection.transport is not None:
                    connection.transport.abort()

    def _knows(self, request: web.Request) -> bool:
        return hmac.compare_digest(request.match_info["token"].encode(), self.token.encode())

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"].lower()
        try:
            result = await self._perform(request, name)
        except ApiError as error:
            self._world.refused[error.status] += 1
            response = _refusal(error)
        else:
            self._world.calls[name] += 1
            response = web.json_response({"ok": True, "result": result})
        if self._slow_seconds:
            await asyncio.sleep(self._slow_seconds)
        if self._dropped[name]:
            self._dropped[name] -= 1
            if request.transport is not None:
                request.transport.abort()
        return response

    async def _perform(self, request: web.Request, name: str) -> object:
        if not self._knows(request):
            raise ApiError(401, "Unauthorized")
        method = METHODS.get(name)
        if method is None:
            raise ApiError(404, "Not Found: method not found")
        call = await read_call(request, name, self._world.files)
        if self._failures.get(name):
            raise self._failures[name].pop(0)
        return await method(self._world, call)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if not self._knows(request):
            return _refusal(ApiError(401, "Unauthorized"))
        file = self._world.files.by_remote_path(request.match_info["path"])
        if file is None:
            return _refusal(ApiError(404, "Not Found"))
        return web.FileResponse(file.path, headers={"Content-Type": "application/octet-stream"})


def _refusal(error: ApiError) -> web.Response:
    body: dict[str, object] = {"ok": False, "error_code": error.status, "description": error.description}
    if error.retry_after_seconds is not None:
        body["parameters"] = {"retry_after": error.retry_after_seconds}
    return web.json_response(body, status=error.status)
