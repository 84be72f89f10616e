"""One request of a bot: its parameters whichever way they came, and its file parts."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from simulator.telegram.errors import ApiError, bad_request
from simulator.telegram.files import UPLOAD_LIMIT_BYTES, FileStore, Upload

_REQUEST_SLACK_BYTES = 1024 * 1024


@dataclass
class Call:
    """A method with its parameters.

    Attributes:
        method: Lower-case name; the real server ignores case.
        params: Values as sent: text from forms, JSON types from a JSON body.
        uploads: File parts by field name.
    """

    method: str
    params: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A parameter as text; empty when absent."""
        value = self.params.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; the default when absent or unreadable, as on the real server."""
        try:
            return int(self.params.get(name, default))
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """A truth value: true, "true", "True", 1, "1", "yes"."""
        return self.text(name).lower() in {"true", "1", "yes", "t", "y"}

    def structure(self, name: str) -> Any:
        """A JSON parameter, serialised or not; None when absent.

        Raises:
            ApiError: 400 when it is no JSON.
        """
        value = self.params.get(name)
        if isinstance(value, str):
            if not value:
                return None
            try:
                return json.loads(value)
            except ValueError as error:
                raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from error
        return value


async def read_call(request: web.Request, method: str, files: FileStore) -> Call:
    """Read a request: query string, JSON, form or multipart; file parts go to disk as they come.

    Raises:
        ApiError: 413 above 50 MB, 400 on a body that cannot be read.
    """
    call = Call(method.lower(), dict(request.query))
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError as error:
            raise bad_request("can't parse JSON object") from error
        if not isinstance(body, dict):
            raise bad_request("can't parse JSON object")
        call.params |= body
    elif request.content_type == "multipart/form-data":
        await _read_multipart(request, call, files)
    elif request.can_read_body:
        call.params |= dict(await request.post())
    return call


async def _read_multipart(request: web.Request, call: Call, files: FileStore) -> None:
    total_bytes = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise bad_request("can't parse multipart body")
        if part.filename is None:
            call.params[part.name] = await part.text()
            continue
        suffix = "." + part.filename.rsplit(".", 1)[-1].lower() if "." in part.filename else ""
        path = files.new_path(suffix)
        size_bytes = 0
        with path.open("wb") as target:
            while chunk := await part.read_chunk(256 * 1024):
                size_bytes += len(chunk)
                total_bytes += len(chunk)
                if total_bytes <= UPLOAD_LIMIT_BYTES + _REQUEST_SLACK_BYTES:
                    target.write(chunk)
        mime_type = part.headers.get("Content-Type", "application/octet-stream")
        call.uploads[part.name] = Upload(path, part.filename, mime_type, size_bytes)
    if any(upload.size_bytes > UPLOAD_LIMIT_BYTES for upload in call.uploads.values()):
        raise ApiError(413, "Request Entity Too Large")
