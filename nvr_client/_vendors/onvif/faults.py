"""What a SOAP fault or an HTTP status means for the caller (ONVIF core specification, 5.11)."""

import re
from typing import Any

from nvr_client.errors import AccessRefused, BadAnswer, Busy, NotAllowed, NotSupported, RecorderError
from nvr_client.transport import Answer

_FIRST_ERROR, _UNAUTHORIZED = 400, 401
_DENIED = re.compile(
    rb"NotAuthorized|FailedAuthentication|InvalidSecurityToken|InvalidSecurity|Unauthorized", re.IGNORECASE
)
_FAULT = re.compile(rb"<(?:[A-Za-z0-9_-]+:)?Fault[\s>]")
_BY_CODE: tuple[tuple[str, type[RecorderError]], ...] = (
    ("notauthorized", NotAllowed),
    ("operationprohibited", NotAllowed),
    ("failedauthentication", AccessRefused),
    ("actionnotsupported", NotSupported),
    ("notsupported", NotSupported),
    ("notimplemented", NotSupported),
    ("unknownaction", NotSupported),
    ("resourceproblem", Busy),
    ("outofmemory", Busy),
    ("maxsessions", Busy),
)
_BY_HTTP: dict[int, type[RecorderError]] = {
    401: AccessRefused,
    403: NotAllowed,
    404: NotSupported,
    405: NotSupported,
    408: Busy,
    429: Busy,
    501: NotSupported,
    502: Busy,
    503: Busy,
    504: Busy,
}


def has_fault(answer: Answer) -> bool:
    """Whether the answer is a refusal, whatever its status."""
    return answer.status >= _FIRST_ERROR or _FAULT.search(answer.body) is not None


def denied(answer: Answer) -> bool:
    """Whether it was refused for want of a (right) login."""
    if answer.status == _UNAUTHORIZED:
        return True
    return has_fault(answer) and _DENIED.search(answer.body) is not None


def error_of_status(status: int) -> RecorderError:
    """Our error for an answer that holds no fault."""
    return _BY_HTTP.get(status, BadAnswer)(f"the recorder answered HTTP {status}")


def error_of_fault(fault: Any, status: int) -> RecorderError:
    """Our error for zeep's `Fault`; of its text only the code, a word of the standard, is repeated."""
    names = [getattr(code, "localname", str(code)) for code in getattr(fault, "subcodes", None) or []]
    text = f"{''.join(names)}{fault.code or ''}{fault.message or ''}".lower().replace(" ", "")
    kind = next((kind for word, kind in _BY_CODE if word in text), _BY_HTTP.get(status, BadAnswer))
    code = re.sub(r"[^A-Za-z0-9]", "", names[-1] if names else str(fault.code or ""))[:40]
    return kind(f"the recorder answered HTTP {status} {code}".rstrip())
