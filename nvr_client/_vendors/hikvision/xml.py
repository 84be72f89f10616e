"""ISAPI's XML: read by local names only, and its error codes turned into our errors.

Namespaces differ between firmware lines (hikvision.com, isapi.org, urn:psialliance-org, std-cgi.com) and even
between parent and child in one document, so they are dropped. Old firmware leaves `&` unescaped, uses
prefixes that it never declares, and ends documents with a zero byte.
"""

import re
from xml.etree import ElementTree as ET

from nvr_client.errors import (
    AccessRefused,
    BadAnswer,
    Busy,
    CameraOffline,
    NotAllowed,
    NotSupported,
    RecorderError,
)
from nvr_client.transport import Answer

_BLANK = b"\x00 \t\r\n"
_PREFIX = re.compile(rb"(</?)[A-Za-z_][\w.-]*:(?=[A-Za-z_])")
_BARE_AMPERSAND = re.compile(rb"&(?!(?:[A-Za-z]+|#[0-9]+|#x[0-9A-Fa-f]+);)")


class DeviceFault(BadAnswer):
    """The device names an error of its own (500, deviceError); another way may work."""


class BadRequestBody(BadAnswer):
    """The device does not read this form of the request (400, badXmlContent); another form may work."""


def looks_like_xml(body: bytes) -> bool:
    """Whether a body begins like XML, after a byte order mark and blanks; no header is to be trusted."""
    return body.removeprefix(b"\xef\xbb\xbf").lstrip(_BLANK)[:1] == b"<"


def parse(body: bytes) -> ET.Element:
    """The document's root, every tag without its namespace. Raises `BadAnswer` where it is not XML."""
    cleaned = _BARE_AMPERSAND.sub(b"&amp;", body.removeprefix(b"\xef\xbb\xbf").strip(_BLANK))
    try:
        root = _element(cleaned)
    except ET.ParseError:
        # A camera name in the wrong encoding or a prefix without a namespace must not hide the whole list.
        text = re.sub(r"^<\?xml[^>]*\?>", "", cleaned.decode("utf-8", "replace"))
        try:
            root = _element(_PREFIX.sub(rb"\1", text.encode()))
        except ET.ParseError as error:
            raise BadAnswer("the recorder answered broken XML") from error
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def _element(body: bytes) -> ET.Element:
    return ET.fromstring(body)  # noqa: S314 - expat itself limits entity expansion; bodies are size-limited


def text_of(element: ET.Element, *paths: str) -> str:
    """The first of these paths that has text, stripped; "" where none has."""
    for path in paths:
        found = element.findtext(path)
        if found is not None and found.strip():
            return found.strip()
    return ""


def check(answer: Answer) -> Answer:
    """The same answer if it is a good one; raises what its status or error document means otherwise."""
    error = error_of(answer)
    if error is not None:
        raise error
    return answer


_BY_SUB_STATUS: dict[str, type[RecorderError]] = {
    "notsupport": NotSupported,
    "notsupported": NotSupported,
    "methodnotallowed": NotSupported,
    "invalidoperation": NotSupported,
    "devicebusy": Busy,
    "nomemory": Busy,
    "toomanyconnections": Busy,
    "deviceerror": DeviceFault,
    "unauthorized": NotAllowed,
    "lowprivilege": NotAllowed,
    "badauthorization": NotAllowed,
    "userlocked": AccessRefused,
    "badxmlformat": BadRequestBody,
    "badxmlcontent": BadRequestBody,
    "badparameters": BadRequestBody,
    "badurlformat": NotSupported,
    "novideo": CameraOffline,
    "nosignal": CameraOffline,
    "channeloffline": CameraOffline,
    "ipcoffline": CameraOffline,
    "cameraoffline": CameraOffline,
}
# 2, 5 and 7 are from the specification, the others were seen in dumps of real devices.
_BY_STATUS_CODE: dict[str, type[RecorderError]] = {
    "2": Busy,
    "3": DeviceFault,
    "4": NotSupported,
    "5": BadRequestBody,
    "6": BadRequestBody,
    "7": DeviceFault,
}
_BY_HTTP: dict[int, type[RecorderError]] = {
    400: BadRequestBody,
    403: NotAllowed,
    404: NotSupported,
    405: NotSupported,
    408: Busy,
    411: NotSupported,
    429: Busy,
    500: DeviceFault,
    501: NotSupported,
    502: Busy,
    503: Busy,
    504: Busy,
}
_FINE = {"", "0", "1"}


def error_of(answer: Answer) -> RecorderError | None:
    """What is wrong with an answer; None for a good one.

    An error document may come with HTTP 200. A sub-status is more exact than the status code, which is more
    exact than HTTP's: 403 may mean a missing right or a missing feature.
    """
    code = sub = root_tag = ""
    if looks_like_xml(answer.body):
        try:
            root = parse(answer.body)
        except BadAnswer:
            root = None
        root_tag = "" if root is None else root.tag
        if root is not None and root_tag in {"ResponseStatus", "Error", "userCheck"}:
            code = text_of(root, "statusCode", "statusValue")
            sub = text_of(root, "subStatusCode")
    unnamed = root_tag == "Error" and not code and not sub
    good_http = 200 <= answer.status < 300  # noqa: PLR2004 - HTTP's own success range
    if good_http and not unnamed and code in _FINE and sub.lower() in {"", "ok"}:
        return None
    kind = (
        _BY_SUB_STATUS.get(sub.lower())
        or _BY_STATUS_CODE.get(code)
        or _BY_HTTP.get(answer.status)
        or BadAnswer
    )
    said = " ".join(part for part in (f"HTTP {answer.status}", _word(code), _word(sub)) if part)
    return kind(f"the recorder answered {said}")


def _word(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]", "", text)[:40]
