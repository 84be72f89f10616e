"""What the recorder's clock shows."""

from nvr_client._vendors.hikvision.xml import check, looks_like_xml, parse, text_of
from nvr_client.errors import AccessRefused, BadAnswer, NotSupported
from nvr_client.transport import Transport

TIME_PATH = "/ISAPI/System/time"
LOCAL_TIME_PATH = "/ISAPI/System/time/localTime"


async def shown_time(transport: Transport) -> str:
    """The device's time as it prints it, from the XML document or from the plain text."""
    answer = await transport.fetch("GET", TIME_PATH)
    try:
        root = parse(check(answer).body)
    except (NotSupported, BadAnswer, AccessRefused):
        transport.guard.check()
        plain = check(await transport.fetch("GET", LOCAL_TIME_PATH)).body
        if looks_like_xml(plain):
            return text_of(parse(plain), ".", "localTime")
        return plain.decode("ascii", "replace")
    shown = text_of(root, "localTime", ".//localTime")
    if not shown:
        raise BadAnswer("the recorder does not tell its time")
    return shown
