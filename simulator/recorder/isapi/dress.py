"""The outside of XML documents, which differs from one firmware line to the next."""

import re

from aiohttp import web

from simulator.recorder.isapi.switches import IsapiSwitches
from simulator.recorder.isapi.xml import NAMESPACE

_NAMESPACES = {
    "hikvision": NAMESPACE,
    "isapi": "http://www.isapi.org/ver20/XMLSchema",
    "psia": "urn:psialliance-org",
    "std-cgi": "http://www.std-cgi.com/ver20/XMLSchema",
}
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>\s*")
_XMLNS = re.compile(r' xmlns="[^"]*"')
_OTHERWISE = re.compile(r"<(hdd|searchMatchItem|InputProxyChannel|timeSpan|localTime|id)>")


def dressed(answer: web.StreamResponse, switches: IsapiSwitches) -> web.StreamResponse:
    """The same answer as this firmware would write it."""
    if not isinstance(answer, web.Response) or not isinstance(answer.body, bytes):
        return answer
    if "xml" not in answer.content_type:
        return answer
    text = _DECLARATION.sub("", answer.body.decode())
    text = _in_namespace(text, switches.namespace)
    if switches.declaration:
        text = '<?xml version="1.0" encoding="UTF-8" ?>\n' + text
    if switches.byte_order_mark:
        text = "\ufeff" + text
    answer.body = text.encode() + (b"\x00" if switches.ends_with_zero else b"")
    return answer


def _in_namespace(text: str, namespace: str | None) -> str:
    if namespace is None:
        return text
    if namespace == "mixed":
        return _OTHERWISE.sub(rf'<\1 xmlns="{_NAMESPACES["isapi"]}">', text)
    if namespace in _NAMESPACES:
        return _XMLNS.sub(f' xmlns="{_NAMESPACES[namespace]}"', text)
    text = re.sub(r"<(/?)(\w)", r"<\1dev:\2", text)
    return _XMLNS.sub(f' xmlns:dev="{NAMESPACE}"' if namespace == "prefix" else "", text)
