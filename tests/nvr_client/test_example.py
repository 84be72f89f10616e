import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

import nvr_client
from simulator.recorder import CameraModel, SimulatedRecorder
from tests.nvr_client.conftest import PASSWORD, USERNAME, left_in


async def test_the_example_of_the_library_runs_as_it_stands(
    cameras: list[CameraModel],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = nvr_client.__doc__ or ""
    code = textwrap.dedent(shown[shown.index("    import asyncio") : shown.index("Many may share")])
    names: dict[str, object] = {}
    exec(compile(code, "example", "exec"), names)  # noqa: S102 - our own docstring
    main = names["main"]
    assert callable(main)
    async with SimulatedRecorder(
        username=USERNAME, password=PASSWORD, cameras=cameras, now=lambda: datetime.now(UTC)
    ) as recorder:
        recorder.set_camera_online(4, online=False)
        await main("127.0.0.1", recorder.http_port, recorder.rtsp_port, USERNAME, PASSWORD)
    told = capsys.readouterr().out
    assert recorder.rejected_logins == 0
    assert "4 Nhà xe giáo viên: no picture now" in told
    assert "mpeg-ps" in told
    assert [path.name for path in left_in(tmp_path)] == ["1.jpg", "2.jpg", "3.jpg", "5.jpg", "6.jpg", "clip"]
