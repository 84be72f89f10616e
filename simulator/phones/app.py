"""The web application behind the phones page."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

from aiohttp import BodyPartReader, web

from simulator.phones.board import SchoolBoard
from simulator.phones.live import LivePage
from simulator.phones.people import Owner, phone_owners
from simulator.telegram import SimulatedTelegram
from simulator.telegram.errors import ApiError

_STATIC = Path(__file__).parent / "static"
_CHUNK_BYTES = 256 * 1024
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def phones_app(
    telegram: SimulatedTelegram, school: SchoolBoard, owners: Sequence[Owner] | None = None
) -> web.Application:
    """The page with its live connection; mount it at any prefix, or serve it as it is.

    Args:
        telegram: A started pretend Telegram.
        school: Clock, cameras and switches beside the phones.
        owners: The phones to show; the four people of `PEOPLE` when None.
    """
    shown = tuple(owners) if owners is not None else phone_owners(telegram, school.now().date())
    return _PhonesPage(telegram, school, shown).application()


class _PhonesPage:
    def __init__(self, telegram: SimulatedTelegram, school: SchoolBoard, owners: Sequence[Owner]) -> None:
        self._telegram = telegram
        self._school = school
        self._owners = {owner.phone.user_id: owner for owner in owners}
        self._pages: set[LivePage] = set()

    def application(self) -> web.Application:
        app = web.Application(middlewares=[_only_this_page], client_max_size=64 * 1024 * 1024)
        app.router.add_get("/", self._index)
        app.router.add_get("/live", self._live)
        app.router.add_get("/files/{user_id:\\d+}/{file_id}", self._file)
        app.router.add_post("/attach/{user_id:\\d+}", self._attach)
        app.router.add_static("/static", _STATIC)
        app.on_shutdown.append(self._hang_up)
        return app

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(_STATIC / "index.html", headers={"Cache-Control": "no-cache"})

    async def _live(self, request: web.Request) -> web.StreamResponse:
        page = LivePage(self._telegram, self._school, tuple(self._owners.values()))
        self._pages.add(page)
        try:
            return await page.serve(request)
        finally:
            self._pages.discard(page)

    async def _hang_up(self, _app: web.Application) -> None:
        for page in tuple(self._pages):
            await page.close()

    async def _file(self, request: web.Request) -> web.StreamResponse:
        owner = self._owner(request)
        file = owner.phone.file(request.match_info["file_id"])
        if file is None:
            raise web.HTTPNotFound
        kind = "attachment" if file.kind == "document" else "inline"
        headers = {
            "Content-Type": file.mime_type,
            "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(file.name)}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
        }
        return web.FileResponse(file.path, headers=headers)

    async def _attach(self, request: web.Request) -> web.StreamResponse:
        phone = self._owner(request).phone
        caption, kind, answered = "", "document", ""
        with tempfile.TemporaryDirectory(prefix="phone-") as folder:
            path: Path | None = None
            async for part in await request.multipart():
                if not isinstance(part, BodyPartReader):
                    raise web.HTTPBadRequest
                if part.filename is not None:
                    path = Path(folder) / (Path(part.filename).name or "tep")
                    await _save(part, path)
                elif part.name == "caption":
                    caption = await part.text()
                elif part.name == "kind":
                    kind = await part.text()
                elif part.name == "reply_to":
                    answered = await part.text()
            if path is None:
                raise web.HTTPBadRequest
            reply_to = next(
                (message for message in phone.messages if str(message.message_id) == answered), None
            )
            send = {"photo": phone.send_photo, "video": phone.send_video}.get(kind, phone.send_document)
            try:
                await send(path, caption, reply_to=reply_to)
            except ApiError as error:
                # What is no picture, or too large for one, still goes as a file, as from a real phone.
                if kind != "photo":
                    raise web.HTTPBadRequest(text=error.description) from error
                await phone.send_document(path, caption, reply_to=reply_to)
        return web.json_response({"ok": True})

    def _owner(self, request: web.Request) -> Owner:
        owner = self._owners.get(int(request.match_info["user_id"]))
        if owner is None:
            raise web.HTTPNotFound
        return owner


async def _save(part: BodyPartReader, path: Path) -> None:
    with path.open("wb") as target:
        while chunk := await part.read_chunk(_CHUNK_BYTES):
            await asyncio.to_thread(target.write, chunk)


@web.middleware
async def _only_this_page(request: web.Request, handler: _Handler) -> web.StreamResponse:
    # A page of another site that happens to be open in the same browser must not write for our people.
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden
    return await handler(request)
