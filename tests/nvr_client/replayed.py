"""A recorder that is gone, back from its diagnostics file: it answers what it answered then, in order."""

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from yarl import URL

_OPERATION = re.compile(rb"<(?:[\w-]+:)?Body[^>]*>\s*<(?:[\w-]+:)?(\w+)")
_UNAUTHORIZED = 401


@dataclass
class ReplayedDevice:
    """Answers requests of one diagnostics document; the login is let in, for its answers are not in the file.

    A request is known by its path, its `action`, `name` and `channel`, and its SOAP operation, because ids
    and times differ from run to run. Where it was answered several times, the answers come in turn and the
    last stays.
    """

    document: dict[str, Any]
    unknown: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._answers: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for one in self.document["exchanges"]:
            if one["status"] != _UNAUTHORIZED:
                key = _key(one["method"], URL(one["target"]), one.get("sent", "").encode())
                self._answers[key].append(one)

    async def handle(self, request: web.Request) -> web.Response:
        """The answer of then; 404 to what was not asked then."""
        key = _key(request.method, request.rel_url, await request.read())
        told = self._answers.get(key)
        if not told:
            self.unknown.append(" ".join(key))
            return web.Response(status=404)
        one = told.pop(0) if len(told) > 1 else told[0]
        headers = {"Content-Type": one["headers"].get("content-type", "application/octet-stream")}
        return web.Response(status=one["status"], body=one.get("body", "").encode(), headers=headers)


def read_document(path: Path) -> dict[str, Any]:
    """A diagnostics file."""
    document = json.loads(path.read_text("utf-8"))
    assert isinstance(document, dict)
    return document


def _key(method: str, target: URL, sent: bytes) -> tuple[str, ...]:
    operation = _OPERATION.search(sent)
    query = (target.query.get(name, "") for name in ("action", "name", "channel"))
    return (method, target.path, *query, operation[1].decode() if operation else "")
