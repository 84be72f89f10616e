"""Who the recorder is, which cameras it has, how its disks are and what its clock shows.

Tables count from nought, channels from one. Where getCameraState is missing, as on many builds, the list of
channels with video loss tells which cameras are offline.
"""

import re
from collections.abc import Iterable

from nvr_client._vendors.dahua.cgi import Cgi, Malformed, NothingThere, path_of
from nvr_client.errors import AccessRefused, BadAnswer, NotSupported, RecorderError
from nvr_client.protocol import Channel, Device, Disk

SYSTEM_INFO = path_of("magicBox", "getSystemInfo")
DEVICE_TYPE = path_of("magicBox", "getDeviceType")
VERSION = path_of("magicBox", "getSoftwareVersion")
NAME = path_of("magicBox", "getMachineName")
TITLES = path_of("configManager", "getConfig", name="ChannelTitle")
REMOTE_DEVICES = path_of("configManager", "getConfig", name="RemoteDevice")
CAMERA_ALL = path_of("LogicDeviceManager", "getCameraAll")
CAMERA_STATE = path_of("LogicDeviceManager", "getCameraState", uniqueChannels_0=-1)
VIDEO_LOSS = path_of("eventManager", "getEventIndexes", code="VideoLoss")
STORAGE = path_of("storageDevice", "getDeviceAllInfo")
CURRENT_TIME = path_of("global", "getCurrentTime")

_TITLE = re.compile(r"table\.ChannelTitle\[(\d+)\]\.(Name)")
_REMOTE = re.compile(r"table\.RemoteDevice(?:\[|\.uuid:\w*?_)(\d+)\]?\.(\w+)")
_CAMERA = re.compile(r"camera\[(\d+)\]\.(?:DeviceInfo\.)?(\w+)")
_STATE = re.compile(r"states\[(\d+)\]\.(\w+)")
_LOST = re.compile(r"channels\[\d+\]")
_DISK = re.compile(r"list(?:\.info)?\[(\d+)\]\.(.+)")
_NOBODY = frozenset({"", "0.0.0.0", "192.168.0.0"})  # noqa: S104 - what devices write for an empty slot
_NO_CAMERA = frozenset({"empty", "disable"})


class Status:
    """What one recorder says of itself."""

    def __init__(self, cgi: Cgi) -> None:
        self._cgi = cgi
        self._has_states = True

    async def device(self) -> Device:
        """Model, serial number and firmware.

        `deviceType` is a mere number on recorders; the model stands in `updateSerial` then.
        """
        refused: RecorderError | None = None
        try:
            info = await self._cgi.values(SYSTEM_INFO)
        except (NotSupported, BadAnswer, AccessRefused) as error:
            self._cgi.transport.guard.check()
            info, refused = {}, error
        model = info.get("deviceType", "")
        if not model or model.isdigit():
            model = info.get("updateSerial") or (await self._optional(DEVICE_TYPE)).get("type", model)
        version = (await self._optional(VERSION)).get("version", "")
        if not model and not version:
            raise refused or BadAnswer("the recorder does not say what it is")
        return Device(
            model=model,
            serial=info.get("serialNumber", ""),
            firmware=version.replace(",build:", " build "),
            name=(await self._optional(NAME)).get("name", ""),
        )

    async def channels(self) -> list[Channel]:
        """Every plugged camera. Titles alone do not tell: an empty slot keeps the name of its last camera."""
        titles = {
            index: fields.get("Name", "")
            for index, fields in _rows(_TITLE, await self._optional(TITLES)).items()
        }
        states = await self._states()
        if states is None:
            plugged = await self._plugged() or set(titles)
            lost = await self._lost()
            online = {index: None if lost is None else index not in lost for index in plugged}
        else:
            online = {index: state == "connected" for index, state in states.items()}
        if not online:
            raise NotSupported("the recorder lists no cameras to this account")
        return [Channel(index + 1, titles.get(index, ""), online[index]) for index in sorted(online)]

    async def online_states(self) -> dict[int, bool]:
        """Which cameras the recorder reaches, by channel; those it says nothing of are left out."""
        states = await self._states()
        if states is not None:
            return {index + 1: state == "connected" for index, state in states.items()}
        lost = await self._lost() or set()
        online = {index + 1: index not in lost for index in await self._plugged()}
        return online | {index + 1: False for index in lost}

    async def storage(self) -> list[Disk]:
        """The disks; bytes are printed as fractions, and all are in use on a healthy recorder."""
        rows = _rows(_DISK, await self._cgi.values(STORAGE))
        if not rows:
            raise NotSupported("the recorder does not list its disks")
        return [_disk(number, rows[number]) for number in sorted(rows)]

    async def shown_time(self) -> str:
        """The device's clock: local digits without a zone."""
        return (await self._cgi.values(CURRENT_TIME)).get("result", "")

    async def _states(self) -> dict[int, str] | None:
        """Connection states of plugged cameras by index; None where the device does not tell them."""
        if not self._has_states:
            return None
        values = await self._optional(CAMERA_STATE)
        states: dict[int, str] = {}
        for fields in _rows(_STATE, values).values():
            state = fields.get("connectionState", "").lower()
            if fields.get("channel", "").isdigit() and state and state not in _NO_CAMERA:
                states[int(fields["channel"])] = state
        self._has_states = bool(states)
        return states or None

    async def _plugged(self) -> set[int]:
        """Indexes of slots with a camera, from whichever list there is; empty where there is none."""
        for path, pattern in ((CAMERA_ALL, _CAMERA), (REMOTE_DEVICES, _REMOTE)):
            plugged = {
                int(fields.get("Channel", index))
                for index, fields in _rows(pattern, await self._optional(path)).items()
                if fields.get("Enable", "true").lower() == "true"
                and fields.get("Address", "?") not in _NOBODY
                and fields.get("Channel", "0").isdigit()
            }
            if plugged:
                return plugged
        return set()

    async def _lost(self) -> set[int] | None:
        """Indexes of cameras without a picture; None where the device does not tell.

        "None is lost" is said by an error, with HTTP 400 or with 200 and `Error: No Events`.
        """
        try:
            values = await self._cgi.values(VIDEO_LOSS)
        except (Malformed, NothingThere):
            return set()
        except (NotSupported, BadAnswer, AccessRefused):
            self._cgi.transport.guard.check()
            return None
        return {int(value) for key, value in values.items() if _LOST.fullmatch(key) and value.isdigit()}

    async def _optional(self, path: str) -> dict[str, str]:
        """Values that not every device tells, or not to every account; a rejected login still counts."""
        try:
            return await self._cgi.values(path)
        except (NotSupported, BadAnswer, AccessRefused):
            self._cgi.transport.guard.check()
            return {}


def _rows(pattern: re.Pattern[str], values: dict[str, str]) -> dict[int, dict[str, str]]:
    """Values by the index in their keys, and by what follows it."""
    rows: dict[int, dict[str, str]] = {}
    for key, value in values.items():
        match = pattern.fullmatch(key)
        if match is not None:
            rows.setdefault(int(match[1]), {})[match[2]] = value
    return rows


def _disk(number: int, fields: dict[str, str]) -> Disk:
    faults = [value.lower() for key, value in fields.items() if key.endswith(".IsError")]
    faulty = "true" in faults
    # Some builds print no state: then only its partitions tell.
    status = fields.get("State") or ("Success" if faults and not faulty else "")
    capacity = _total(value for key, value in fields.items() if key.endswith(".TotalBytes"))
    used = _total(value for key, value in fields.items() if key.endswith(".UsedBytes"))
    return Disk(
        name=fields.get("Name") or f"disk{number + 1}",
        status=status,
        healthy=status.lower() == "success" and not faulty,
        capacity_bytes=capacity,
        free_bytes=max(capacity - used, 0),
    )


def _total(texts: Iterable[str]) -> int:
    total = 0
    for text in texts:
        try:
            total += max(int(float(text)), 0)
        except (ValueError, OverflowError):
            continue
    return total
