"""What the recorder says about itself: model, cameras, disks, clock."""

from collections.abc import Iterator

from aiohttp import web

from simulator.recorder.dahua.answers import (
    AUTHORITY_FAILURE,
    Refusal,
    lines,
    malformed,
    plain,
    printed,
    unsupported,
)
from simulator.recorder.dahua.switches import DahuaSwitches
from simulator.recorder.model import RecorderModel
from simulator.recorder.wall_clock import WallClock

SERIAL = "7L0A3CPAZ12345B"
SLOTS = 32
_DISK_BYTES = 6_001_175_126_016


def magic_box(action: str, switches: DahuaSwitches) -> web.Response:
    """`magicBox.cgi`: who it is."""
    model = "DHI-NVR5432-16P-4KS3"
    facts: dict[str, list[tuple[str, object]]] = {
        "getSystemInfo": [
            ("deviceType", 31 if switches.numeric_device_type else model),
            ("hardwareVersion", "1.00"),
            ("processor", "ST7108"),
            ("serialNumber", SERIAL),
            ("updateSerial", model),
        ],
        "getDeviceType": [("type", model)],
        "getSerialNo": [("sn", SERIAL)],
        "getSoftwareVersion": [("version", "4.003.0000000.1.R,build:2025-03-18")],
        "getMachineName": [("name", "Dau ghi Ngoc Lam")],
        "getVendor": [("vendor", "General")],
    }
    if action not in facts:
        raise unsupported()
    return lines(facts[action])


def config(name: str, model: RecorderModel, switches: DahuaSwitches) -> web.Response:
    """`configManager.cgi?action=getConfig`. A name that does not exist is refused like a forbidden one."""
    if name in switches.refused_configs:
        raise Refusal(403, AUTHORITY_FAILURE)
    if name == "ChannelTitle":
        return lines(_titles(model))
    listed = switches.camera_list != "camera_all" and switches.camera_list_supported
    if name == "RemoteDevice" and listed:
        return lines(_remote_devices(model, switches))
    raise Refusal(403, AUTHORITY_FAILURE)


def _titles(model: RecorderModel) -> Iterator[tuple[str, object]]:
    """All slots: an empty one still has the name of the camera that hung there once."""
    for index in range(SLOTS):
        camera = model.cameras.get(index + 1)
        yield f"table.ChannelTitle[{index}].Name", camera.name if camera else f"IPC {index + 1}"


def _remote_devices(model: RecorderModel, switches: DahuaSwitches) -> Iterator[tuple[str, object]]:
    for index in range(SLOTS):
        plugged = index + 1 in model.cameras
        key = f"RemoteDevice[{index}]"
        if switches.camera_list == "uuid":
            key = f"RemoteDevice.uuid:System_CONFIG_NETCAMERA_INFO_{index}"
        yield f"table.{key}.Address", f"192.168.1.{101 + index}" if plugged else "192.168.0.0"
        yield f"table.{key}.DeviceType", "DH-IPC-HFW2431S" if plugged else ""
        yield f"table.{key}.Enable", "true" if plugged else "false"
        onvif = index + 1 in switches.onvif_cameras
        yield f"table.{key}.ProtocolType", "Onvif" if onvif else "Private"


def camera_all(model: RecorderModel, switches: DahuaSwitches) -> web.Response:
    """`LogicDeviceManager.cgi?action=getCameraAll`: every slot."""
    if switches.camera_list != "camera_all" or not switches.camera_list_supported:
        raise unsupported()

    def rows() -> Iterator[tuple[str, object]]:
        for index in range(SLOTS):
            plugged = index + 1 in model.cameras
            yield f"camera[{index}].Channel", index
            yield f"camera[{index}].DeviceInfo.Address", f"192.168.1.{101 + index}" if plugged else ""
            yield f"camera[{index}].DeviceInfo.Enable", "true" if plugged else "false"
            yield f"camera[{index}].Type", "Remote"

    return lines(rows())


def camera_state(model: RecorderModel, switches: DahuaSwitches) -> web.Response:
    """`LogicDeviceManager.cgi?action=getCameraState`; many builds do not have it."""
    if not switches.camera_state_supported:
        raise unsupported()

    def rows() -> Iterator[tuple[str, object]]:
        for index in range(SLOTS):
            camera = model.cameras.get(index + 1)
            state = "Empty" if camera is None else "Connected" if camera.online else "Unconnect"
            yield f"states[{index}].channel", index
            yield f"states[{index}].connectionState", state

    return lines(rows())


def video_loss(model: RecorderModel, switches: DahuaSwitches) -> web.Response:
    """`eventManager.cgi?action=getEventIndexes&code=VideoLoss`: 0-based channels without a picture."""
    lost = [number - 1 for number, camera in sorted(model.cameras.items()) if not camera.online]
    if lost:
        return lines((f"channels[{place}]", index) for place, index in enumerate(lost))
    if switches.video_loss == "400":
        raise malformed()
    return plain("Error: No Events\r\n")


def storage(switches: DahuaSwitches) -> web.Response:
    """Two healthy 6 TB disks, full, since the recorder fills them beforehand."""

    def rows() -> Iterator[tuple[str, object]]:
        for number, name in enumerate(("/dev/sda", "/dev/sdb")):
            disk = f"{switches.storage_prefix}[{number}]"
            yield f"{disk}.Name", name
            if switches.disk_state_lines:
                yield f"{disk}.State", "Success"
            yield f"{disk}.HealthDataFlag", 0
            yield f"{disk}.Detail[0].Path", f"{name}0"
            yield f"{disk}.Detail[0].Type", "ReadWrite"
            yield f"{disk}.Detail[0].TotalBytes", f"{_DISK_BYTES}.000000"
            yield f"{disk}.Detail[0].UsedBytes", f"{_DISK_BYTES}.000000"
            yield f"{disk}.Detail[0].IsError", "true" if name in switches.faulty_disks else "false"

    return lines(rows())


def current_time(model: RecorderModel, clock: WallClock, switches: DahuaSwitches) -> web.Response:
    """`global.cgi?action=getCurrentTime`: local digits, no zone."""
    return lines([("result", printed(clock, model.now(), short=switches.short_times))])
