"""What the recorder says about itself: model, abilities, cameras, disks, clock, health."""

from datetime import datetime, timedelta

from aiohttp import web

from simulator.footage.stream import FRAMES_PER_SECOND, VIDEO_SIZE
from simulator.recorder.isapi.xml import document, node, text
from simulator.recorder.model import RecorderModel
from simulator.recorder.wall_clock import WallClock

_DISK_MIB = 5_723_166  # a 6 TB disk


def device_info() -> web.Response:
    """`DeviceInfo` of a 32-channel recorder."""
    return document(
        "DeviceInfo",
        text("deviceName", "Dau ghi Ngoc Lam"),
        text("deviceID", "48443030-3637-3534-3837-f84dfcf8ef1c"),
        text("model", "DS-7732NI-M4"),
        text("serialNumber", "DS-7732NI-M41620260815CCRRK00000001WCVU"),
        text("macAddress", "f8:4d:fc:f8:ef:1c"),
        text("firmwareVersion", "V5.03.020"),
        text("firmwareReleasedDate", "build 240511"),
        text("deviceType", "NVR"),
    )


def capabilities(model: RecorderModel) -> web.Response:
    """`DeviceCap`; the two ...ByUTC flags are true on recorders whose Z is local all the same."""
    return document(
        "DeviceCap",
        node(
            "RacmCap",
            text("inputProxyNums", len(model.cameras)),
            text("isSupportPlaybackByUTC", "true"),
            text("isSupportFindCommonFileByUTC", "true"),
        ),
    )


def channels(model: RecorderModel) -> web.Response:
    """Every camera with its name and inner address."""
    rows = (
        node(
            "InputProxyChannel",
            text("id", number),
            text("name", camera.name),
            node(
                "sourceInputPortDescriptor",
                text("proxyProtocol", "HIKVISION"),
                text("addressingFormatType", "ipaddress"),
                text("ipAddress", f"192.168.1.{100 + number}"),
                text("managePortNo", 8000),
                text("srcInputPort", 1),
                text("model", "DS-2CD2143G2-I"),
                text("serialNumber", f"DS-2CD2143G2-I20250110AAWR{number:09d}"),
                text("firmwareVersion", "V5.7.15"),
            ),
        )
        for number, camera in model.cameras.items()
    )
    return document("InputProxyChannelList", *rows)


def channel_status(model: RecorderModel) -> web.Response:
    """Which cameras are online."""
    rows = (
        node(
            "InputProxyChannelStatus",
            text("id", number),
            text("online", "true" if camera.online else "false"),
            text("chanDetectResult", "connect" if camera.online else "netUnreachable"),
        )
        for number, camera in model.cameras.items()
    )
    return document("InputProxyChannelStatusList", *rows)


def streams(model: RecorderModel) -> web.Response:
    """The main stream of every camera."""
    width, height = VIDEO_SIZE
    rows = (
        node(
            "StreamingChannel",
            text("id", number * 100 + 1),
            text("channelName", camera.name),
            text("enabled", "true"),
            node(
                "Video",
                text("enabled", "true"),
                text("videoInputChannelID", number),
                text("videoCodecType", "H.264"),
                text("videoResolutionWidth", width),
                text("videoResolutionHeight", height),
                text("maxFrameRate", FRAMES_PER_SECOND * 100),
            ),
        )
        for number, camera in model.cameras.items()
    )
    return document("StreamingChannelList", *rows)


def storage(bad_disk: int | None) -> web.Response:
    """Two 6 TB disks, one of them perhaps failing; no free space, since the recorder overwrites."""
    disks = (
        node(
            "hdd",
            text("id", number),
            text("hddName", f"hdd{number}"),
            text("hddPath", ""),
            text("hddType", "SATA"),
            text("status", "smartFailed" if number == bad_disk else "ok"),
            text("capacity", _DISK_MIB),
            text("freeSpace", 0),
            text("property", "RW"),
            text("group", 1),
            text("hddSerialNumber", f"ZR1{number:05d}"),
            text("hddModel", "ST6000VX001-2BD186"),
        )
        for number in (1, 2)
    )
    return document(
        "storage", node("hddList", *disks), node("nasList"), node("workMode", "quota", opt="group,quota")
    )


def system_time(model: RecorderModel, clock: WallClock) -> web.Response:
    """The clock as XML, whole seconds; POSIX time zones have their sign the other way round."""
    return document(
        "Time",
        text("timeMode", "manual"),
        text("localTime", _with_offset(clock.shown(model.now()))),
        text("timeZone", "CST-7:00:00"),
    )


def local_time(model: RecorderModel, clock: WallClock) -> web.Response:
    """The clock as plain text."""
    return web.Response(text=_with_offset(clock.shown(model.now())), content_type="text/plain")


def status(model: RecorderModel, clock: WallClock, up_since: datetime) -> web.Response:
    """Clock, uptime and load."""
    return document(
        "DeviceStatus",
        text("currentDeviceTime", _with_offset(clock.shown(model.now()))),
        text("deviceUpTime", int((model.now() - up_since) / timedelta(seconds=1))),
        node("CPUList", node("CPU", text("cpuDescription", "2 cores"), text("cpuUtilization", 21))),
        node("MemoryList", node("Memory", text("memoryUsage", 512), text("memoryAvailable", 1536))),
    )


def _with_offset(shown: datetime) -> str:
    return shown.replace(microsecond=0).isoformat()
