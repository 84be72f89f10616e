"""SOAP 1.2 as an ONVIF device speaks it: requests read by local names, answers from templates, faults."""

from dataclasses import dataclass
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from aiohttp import web

_SPACES = {
    "env": "http://www.w3.org/2003/05/soap-envelope",
    "ter": "http://www.onvif.org/ver10/error",
    "tt": "http://www.onvif.org/ver10/schema",
    "tds": "http://www.onvif.org/ver10/device/wsdl",
    "trt": "http://www.onvif.org/ver10/media/wsdl",
    "tr2": "http://www.onvif.org/ver20/media/wsdl",
    "trc": "http://www.onvif.org/ver10/recording/wsdl",
    "tse": "http://www.onvif.org/ver10/search/wsdl",
    "trp": "http://www.onvif.org/ver10/replay/wsdl",
    "tev": "http://www.onvif.org/ver10/events/wsdl",
    "wsa": "http://www.w3.org/2005/08/addressing",
    "wsnt": "http://docs.oasis-open.org/wsn/b-2",
    "tns1": "http://www.onvif.org/ver10/topics",
}


class Fault(Exception):
    """The device refuses; `subcodes` without their prefix `ter:`, outer one first."""

    def __init__(self, *subcodes: str, receiver: bool = False) -> None:
        super().__init__(*subcodes)
        self.subcodes = subcodes
        self.receiver = receiver


NOT_AUTHORIZED = ("NotAuthorized",)
NOT_IMPLEMENTED = ("ActionNotSupported",)


@dataclass(frozen=True, slots=True)
class SoapRequest:
    """What a client asks for: the operation, its element and the header, tags without namespaces.

    `about` is the `id` of the address that was asked, as pull points have it.
    """

    operation: str
    body: ET.Element
    header: ET.Element | None
    about: str = ""

    def text(self, path: str) -> str:
        """The text at a path below the operation; "" where there is none."""
        return (self.body.findtext(path) or "").strip()


def read(document: bytes, about: str = "") -> SoapRequest:
    """Raises `Fault` for anything that is no SOAP request."""
    try:
        root = ET.fromstring(document)  # noqa: S314 - only our own clients and tests write to the simulator
    except ET.ParseError as problem:
        raise Fault("WellFormed") from problem
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    body = root.find("Body")
    if body is None or not len(body):
        raise Fault("InvalidArgs")
    return SoapRequest(body[0].tag, body[0], root.find("Header"), about)


def answer(content: str) -> web.Response:
    """An answer around the content of its body."""
    return _document(content, status=200)


def refusal(fault: Fault) -> web.Response:
    """A fault as devices send it: 400 where the sender is to blame, 500 where the receiver is."""
    code = ""
    for subcode in reversed(fault.subcodes):
        code = f"<env:Subcode><env:Value>ter:{subcode}</env:Value>{code}</env:Subcode>"
    side = "Receiver" if fault.receiver else "Sender"
    content = (
        f"<env:Fault><env:Code><env:Value>env:{side}</env:Value>{code}</env:Code>"
        f'<env:Reason><env:Text xml:lang="en">{escape(fault.subcodes[0])}</env:Text></env:Reason></env:Fault>'
    )
    return _document(content, status=500 if fault.receiver else 400)


def in_own_prefixes(response: web.Response) -> None:
    """Write an answer anew, with default namespaces; only what stands in texts keeps prefixes."""
    root = ET.fromstring(response.text or "")  # noqa: S314 - our own answer
    kept = " ".join(f'xmlns:{prefix}="{_SPACES[prefix]}"' for prefix in ("env", "ter", "tns1"))
    response.text = f'<?xml version="1.0"?>\n<!-- NVR -->\n{_element(root, "", kept)}'


def _element(element: ET.Element, outer: str, more: str = "") -> str:
    space, _, name = element.tag[1:].rpartition("}")
    attributes = f" {more}" if more else ""
    if space != outer:
        attributes += f" xmlns={quoteattr(space)}"
    for key, value in element.items():
        attributes += f" {key.rpartition('}')[2]}={quoteattr(value)}"
    inside = escape(element.text or "") + "".join(
        _element(child, space) + escape(child.tail or "") for child in element
    )
    return f"<{name}{attributes}>{inside}</{name}>"


def _document(content: str, *, status: int) -> web.Response:
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _SPACES.items())
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><env:Envelope {spaces}><env:Body>{content}</env:Body>'
        "</env:Envelope>"
    )
    return web.Response(text=text, status=status, content_type="application/soap+xml")
