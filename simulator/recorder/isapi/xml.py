"""Reading and writing ISAPI's XML."""

from typing import Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from aiohttp import web

NAMESPACE: Final = "http://www.hikvision.com/ver20/XMLSchema"

_STATUS: Final = {
    "ok": (200, 1, "OK"),
    "deviceBusy": (503, 2, "Device Busy"),
    "deviceError": (500, 3, "Device Error"),
    "notSupport": (403, 4, "Invalid Operation"),
    "badParameters": (400, 4, "Invalid Operation"),
    "unauthorized": (401, 4, "Invalid Operation"),
    "badXmlFormat": (400, 5, "Invalid XML Format"),
    "badXmlContent": (400, 6, "Invalid XML Content"),
}
"""subStatusCode -> HTTP status, statusCode, statusString."""


class Refusal(Exception):
    """A request that ends in a `ResponseStatus` with this subStatusCode."""

    def __init__(self, sub_status: str) -> None:
        super().__init__(sub_status)
        self.sub_status = sub_status


def node(tag: str, *children: str | int | None, **attributes: str) -> str:
    """One element; children are ready XML. Use `text` for an element that holds words."""
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{written}>{''.join(str(child) for child in children if child is not None)}</{tag}>"


def text(tag: str, value: str | int) -> str:
    """One element with words in it, escaped."""
    return f"<{tag}>{escape(str(value))}</{tag}>"


def document(tag: str, *children: str, status: int = 200, namespace: str = NAMESPACE) -> web.Response:
    """An answer with one root element."""
    body = node(tag, *children, version="2.0", xmlns=namespace)
    return web.Response(
        status=status,
        body=f'<?xml version="1.0" encoding="UTF-8" ?>\n{body}'.encode(),
        headers={"Content-Type": 'application/xml; charset="UTF-8"'},
    )


def response_status(path: str, sub_status: str, *, http_status: int | None = None) -> web.Response:
    """A `ResponseStatus` answer; its usual HTTP status unless another is given."""
    usual, code, words = _STATUS[sub_status]
    return document(
        "ResponseStatus",
        text("requestURL", path),
        text("statusCode", code),
        text("statusString", words),
        text("subStatusCode", sub_status),
        status=usual if http_status is None else http_status,
    )


def parse(body: bytes) -> ET.Element:
    """The root of a request's body, its namespaces taken away.

    Raises:
        Refusal: it is no XML.
    """
    try:
        root = ET.fromstring(body)  # noqa: S314 - a client of the pretend recorder is a test or the demo
    except ET.ParseError as problem:
        raise Refusal("badXmlFormat") from problem
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root
