"""A recorder's clock is set now and then; what is exported is in true school time all the same."""

from datetime import timedelta
from pathlib import Path

import pytest

from simulator.recorder import SimulatedRecorder
from simulator.recorder.base import PoweredRecorder
from simulator.recorder.dahua import SimulatedDahuaRecorder
from simulator.recorder.onvif import SimulatedOnvifRecorder
from tests.nvr_client import test_contract
from tests.nvr_client.conftest import Site, assert_shows, span

vendor = test_contract.vendor
recorder = test_contract.recorder
site = test_contract.site
clock_offset = test_contract.clock_offset


@pytest.mark.parametrize("clock_offset", [timedelta()], ids=["right"], indirect=True)
async def test_a_clock_that_jumps_between_two_exports_moves_neither(
    site: Site, recorder: PoweredRecorder, tmp_path: Path
) -> None:
    assert isinstance(recorder, SimulatedRecorder | SimulatedDahuaRecorder | SimulatedOnvifRecorder)
    client = site.connect()
    asked = span(seconds=3)
    before = await client.export(1, asked, tmp_path / "before")
    recorder.clock.offset = timedelta(seconds=94)
    after = await client.export(1, asked, tmp_path / "after")
    assert [before.clock_offset, after.clock_offset] == [timedelta(), timedelta(seconds=94)]
    await assert_shows(before.path, 1, asked)
    await assert_shows(after.path, 1, asked)
    assert recorder.rejected_logins == 0
    assert not client.blocked
