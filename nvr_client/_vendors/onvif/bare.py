"""SOAP without the library: for the Media2 service (Profile T), whose WSDL onvif-zeep-async does not bring.

Requests are written as elements, answers are read by local names only.
"""

import re
from types import SimpleNamespace
from xml.etree import ElementTree as ET

from nvr_client._vendors.onvif import library
from nvr_client._vendors.onvif.faults import error_of_fault, error_of_status, has_fault
from nvr_client._vendors.onvif.library import Token
from nvr_client.errors import BadAnswer
from nvr_client.transport import Answer

_ENVELOPE = "http://www.w3.org/2003/05/soap-envelope"


def operation(namespace: str, name: str, *fields: tuple[str, str]) -> ET.Element:
    """The element of a request: an operation with plain fields, in the order of its schema."""
    element = ET.Element(f"{{{namespace}}}{name}")
    for field, text in fields:
        ET.SubElement(element, f"{{{namespace}}}{field}").text = text
    return element


def envelope(asked: ET.Element, token: Token | None) -> bytes:
    """A request as bytes; `token` puts a login into it, as the library's do."""
    root = ET.Element(f"{{{_ENVELOPE}}}Envelope")
    ET.SubElement(root, f"{{{_ENVELOPE}}}Header")
    ET.SubElement(root, f"{{{_ENVELOPE}}}Body").append(asked)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    if token is None:
        return written
    return library.signed(written, token)


def read(answer: Answer) -> ET.Element:
    """The element inside the body of an answer, all tags without namespaces.

    Raises:
        RecorderError: what its fault or its status means.
    """
    try:
        root = ET.fromstring(answer.body)  # noqa: S314 - expat limits entities; bodies are size-limited
    except ET.ParseError as error:
        if has_fault(answer):
            raise error_of_status(answer.status) from error
        raise BadAnswer("the recorder answered broken XML") from error
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    body = root.find("Body")
    told = None if body is None else next(iter(body), None)
    if told is not None and told.tag == "Fault":
        values = [re.sub(r"^.*:", "", (value.text or "").strip()) for value in told.iter("Value")]
        raise error_of_fault(
            SimpleNamespace(
                subcodes=values[1:], code="".join(values[:1]), message=told.findtext(".//Text", "")
            ),
            answer.status,
        )
    if told is None or has_fault(answer):
        raise error_of_status(answer.status)
    return told
