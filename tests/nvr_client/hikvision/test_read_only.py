import pytest

from nvr_client._vendors.hikvision.transport import Isapi, is_listed, isapi
from nvr_client.login import LoginGuard
from nvr_client.settings import RecorderSettings
from simulator.recorder import SimulatedRecorder
from tests.nvr_client.conftest import PASSWORD, USERNAME, Site, span


def transport(site: Site) -> Isapi:
    settings = RecorderSettings(
        name="dau-ghi-1",
        vendor="hikvision",
        host="127.0.0.1",
        http_port=site.http_port,
        rtsp_port=site.rtsp_port,
        username=USERNAME,
        password=PASSWORD,
    )
    return isapi(settings, LoginGuard("dau-ghi-1"))


async def test_what_is_not_on_the_list_is_refused_before_it_is_sent(
    site: Site, recorder: SimulatedRecorder
) -> None:
    client = transport(site)
    assert (await client.fetch("GET", "/ISAPI/System/deviceInfo")).status == 200
    sent = recorder.calls.total()
    for method, target in (
        ("PUT", "/ISAPI/System/reboot"),
        ("PUT", "/ISAPI/System/time"),
        ("DELETE", "/ISAPI/ContentMgmt/Storage"),
        ("GET", "/ISAPI/Security/users"),
        ("GET", "/ISAPI/System/time/../reboot"),
        ("GET", "/ISAPI/System/deviceInfo/x"),
        ("POST", "/ISAPI/System/deviceInfo"),
    ):
        with pytest.raises(ValueError, match="not on the list"):
            await client.fetch(method, target)
    await client.aclose()
    assert recorder.calls.total() == sent


def test_a_query_does_not_matter() -> None:
    assert is_listed("GET", "/ISAPI/ContentMgmt/download?playbackURI=rtsp://h/Streaming/tracks/101")
    assert not is_listed("GET", "/ISAPI/System/reboot?/ISAPI/System/time")


async def test_every_call_asks_for_what_is_on_the_list(
    site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    client = site.connect()
    folder = tmp_path_factory.mktemp("xuat")
    assert (await client.device()).model
    assert await client.channels()
    assert await client.storage()
    assert (await client.clock()).device_time.tzinfo
    assert await client.snapshot(1)
    assert await client.recordings(1, span())
    assert await client.oldest(1)
    assert (await client.export(1, span(), folder / "doan.mp4")).size_bytes
