"""Who the recorder is, which cameras it has and how its disks are."""

import asyncio
from xml.etree.ElementTree import Element

from nvr_client._vendors.hikvision.xml import check, parse, text_of
from nvr_client.errors import AccessRefused, BadAnswer, Busy, NotAllowed, NotSupported, RecorderError
from nvr_client.protocol import Channel, Device, Disk
from nvr_client.transport import Transport

DEVICE_PATH = "/ISAPI/System/deviceInfo"
IP_CHANNELS_PATH = "/ISAPI/ContentMgmt/InputProxy/channels"
ONLINE_PATH = "/ISAPI/ContentMgmt/InputProxy/channels/status"
ANALOG_PATH = "/ISAPI/System/Video/inputs/channels"
STORAGE_PATHS = ("/ISAPI/ContentMgmt/Storage", "/ISAPI/System/Storage/hardDisks")
BUSY_PAUSE_SECONDS = 0.3
BUSY_TRIES = 2
_MIB = 1024 * 1024
_HEALTHY = frozenset({"ok", "idle", "sleeping", "normal"})
_GHOST = "notexist"


async def device(transport: Transport) -> Device:
    """Model, serial number and firmware."""
    root = await _read(transport, DEVICE_PATH)
    if not text_of(root, "model", "deviceName", "serialNumber"):
        raise BadAnswer("the recorder does not say who it is")
    firmware = " ".join(
        part for part in (text_of(root, "firmwareVersion"), text_of(root, "firmwareReleasedDate")) if part
    )
    return Device(
        model=text_of(root, "model"),
        serial=text_of(root, "serialNumber"),
        firmware=firmware,
        name=text_of(root, "deviceName"),
    )


async def channels(transport: Transport) -> list[Channel]:
    """Network cameras with their state, and the analog inputs of a hybrid recorder, by number.

    A pure network recorder refuses the list of analog inputs with 403; an analog one the other list.
    """
    busy: Busy | None = None
    lists: list[list[tuple[int, Element]] | None] = []
    for path in (IP_CHANNELS_PATH, ANALOG_PATH):
        try:
            lists.append(await _listed(transport, path))
        except Busy as error:  # some devices mean "no such list"
            busy = error
            lists.append(None)
    network, analog = lists
    if not network and not analog and busy is not None:
        raise busy
    if network is None and analog is None:
        raise NotSupported("the recorder lists no cameras to this account")
    try:
        states = await online_states(transport)
    except Busy:
        states = {}
    found = {
        number: Channel(number, text_of(element, "name"), states.get(number))
        for number, element in network or []
    }
    for number, element in analog or []:
        if number not in found:
            online = _analog_online(element)
            found[number] = Channel(number, text_of(element, "name"), online)
    for number, online in states.items():
        found.setdefault(number, Channel(number, "", online))
    return [found[number] for number in sorted(found)]


async def online_states(transport: Transport) -> dict[int, bool]:
    """Which network cameras the recorder reaches; those it says nothing of are left out."""
    states: dict[int, bool] = {}
    for number, element in await _listed(transport, ONLINE_PATH) or []:
        online = text_of(element, "online").lower()
        detected = text_of(element, "chanDetectResult").lower()
        if online in {"true", "false"}:
            states[number] = online == "true"
        elif detected:
            states[number] = detected == "connect"
    return states


async def storage(transport: Transport) -> list[Disk]:
    """The disks that are really there; a row `notexist` is the ghost of a removed one.

    Sizes are MiB (5 723 166 for a disk sold as 6 TB). Raises `NotSupported` where no list is offered.
    """
    refused: RecorderError = NotSupported("the recorder does not list its disks")
    for path in STORAGE_PATHS:
        try:
            root = await _read(transport, path)
        except (NotSupported, BadAnswer):
            continue
        except (AccessRefused, Busy) as error:
            transport.guard.check()
            refused = error
            continue
        rows = [*root.iter("hdd"), *root.iter("nas"), *root.iter("ssd")]
        if rows or root.tag in {"storage", "hddList"}:
            return [disk for row in rows if (disk := _disk(row)).status.lower() != _GHOST]
    raise refused


def _disk(row: Element) -> Disk:
    status = text_of(row, "status")
    number = text_of(row, "id")
    return Disk(
        name=text_of(row, "hddName", "nasName", "name") or f"{row.tag}{number}",
        status=status,
        healthy=status.lower() in _HEALTHY and text_of(row, "property").upper() != "RO",
        capacity_bytes=_whole(text_of(row, "capacity")) * _MIB,
        free_bytes=_whole(text_of(row, "freeSpace")) * _MIB,
    )


def _analog_online(element: Element) -> bool | None:
    described = text_of(element, "resDesc").upper()
    if text_of(element, "videoInputEnabled").lower() == "false" or described == "NO VIDEO":
        return False
    return True if described else None


async def _listed(transport: Transport, path: str) -> list[tuple[int, Element]] | None:
    """The numbered entries of a list; None where the device has no such list or refuses it."""
    try:
        root = await _read(transport, path)
    except (NotSupported, BadAnswer, NotAllowed):
        # A refused list says nothing of the login, but a rejected login must not pass for an empty list.
        transport.guard.check()
        return None
    entries = [root] if root.find("id") is not None else list(root)
    return [(int(number), element) for element in entries if (number := text_of(element, "id")).isdigit()]


async def _read(transport: Transport, path: str) -> Element:
    """The document at `path`; a busy device is asked once more."""
    for tries_left in reversed(range(BUSY_TRIES)):
        try:
            return parse(check(await transport.fetch("GET", path)).body)
        except Busy:
            if not tries_left:
                raise
            await asyncio.sleep(BUSY_PAUSE_SECONDS)
    raise AssertionError("the last try returns or raises")


def _whole(text: str) -> int:
    try:
        return max(int(float(text)), 0)
    except ValueError:
        return 0
