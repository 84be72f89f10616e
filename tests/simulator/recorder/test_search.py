from datetime import UTC, datetime, timedelta

from simulator.recorder import SimulatedRecorder, Stretch
from tests.simulator.recorder.conftest import CLOCK_OFFSET, NOON, Client, Clock, tree

SEARCH = "/ISAPI/ContentMgmt/search"


def wall(true: datetime) -> str:
    return f"{true + CLOCK_OFFSET + timedelta(hours=7):%Y-%m-%dT%H:%M:%SZ}"


def query(track: int, start: datetime, end: datetime, *, most: int = 40, position: str = "") -> str:
    return (
        "<CMSearchDescription><searchID>C0FFEE00-0000-4000-8000-000000000001</searchID>"
        f"<trackIDList><trackID>{track}</trackID></trackIDList><timeSpanList><timeSpan>"
        f"<startTime>{wall(start)}</startTime><endTime>{wall(end)}</endTime></timeSpan></timeSpanList>"
        f"<maxResults>{most}</maxResults>{position}"
        "<metadataList><metadataDescriptor>//recordType.meta.std-cgi.com</metadataDescriptor></metadataList>"
        "</CMSearchDescription>"
    )


def starts(body: bytes) -> list[str]:
    return [item.findtext("timeSpan/startTime", "") for item in tree(body).iter("searchMatchItem")]


async def test_files_of_an_hour_are_found_in_the_devices_own_time(client: Client) -> None:
    start = NOON - timedelta(hours=2, minutes=30)
    _, body = await client.post(SEARCH, query(101, start, NOON))
    answer = tree(body)
    assert answer.findtext("responseStatusStrg") == "OK"
    spans = [(span.findtext("startTime"), span.findtext("endTime")) for span in answer.iter("timeSpan")]
    assert spans == [
        (wall(NOON - timedelta(hours=h)), wall(NOON - timedelta(hours=h - 1))) for h in (3, 2, 1)
    ]
    assert spans[0][0] == "2026-11-23T09:01:34Z"
    uri = answer.findtext("matchList/searchMatchItem/mediaSegmentDescriptor/playbackURI", "")
    assert "/Streaming/tracks/101/?starttime=20261123T090134Z&endtime=20261123T100134Z&name=" in uri


async def test_pages_go_on_with_the_misspelt_field_and_repeat_with_the_right_one(client: Client) -> None:
    start = NOON - timedelta(hours=5)

    async def page(position: str) -> bytes:
        return (await client.post(SEARCH, query(101, start, NOON, most=2, position=position)))[1]

    first = await page("<searchResultPostion>0</searchResultPostion>")
    assert tree(first).findtext("responseStatusStrg") == "MORE"
    second = await page("<searchResultPostion>2</searchResultPostion>")
    last = await page("<searchResultPostion>4</searchResultPostion>")
    assert tree(last).findtext("responseStatusStrg") == "OK"
    assert len({*starts(first), *starts(second), *starts(last)}) == 5
    assert starts(await page("<searchResultPosition>2</searchResultPosition>")) == starts(first)


async def test_nothing_is_found_before_the_horizon_and_something_right_after(client: Client) -> None:
    horizon = NOON - timedelta(days=21)
    _, before = await client.post(
        SEARCH, query(101, horizon - timedelta(days=3), horizon - timedelta(hours=2))
    )
    assert tree(before).findtext("responseStatusStrg") == "NO MATCHES"
    _, after = await client.post(
        SEARCH, query(101, horizon - timedelta(days=3), horizon + timedelta(hours=1))
    )
    assert starts(after)[0] == wall(horizon)


async def test_the_oldest_recording_is_one_search_away_and_moves_with_time(
    client: Client, clock: Clock
) -> None:
    everything = datetime(2000, 1, 2, tzinfo=UTC), datetime(2037, 12, 31, tzinfo=UTC)
    _, body = await client.post(SEARCH, query(101, *everything, most=1))
    assert starts(body) == [wall(NOON - timedelta(days=21))]
    clock.advance(days=2)
    _, body = await client.post(SEARCH, query(101, *everything, most=1))
    assert starts(body) == [wall(NOON - timedelta(days=19))]


async def test_the_yard_keeps_only_eleven_days(client: Client) -> None:
    _, body = await client.post(SEARCH, query(501, NOON - timedelta(days=30), NOON, most=1))
    assert starts(body) == [wall(NOON - timedelta(days=11))]


async def test_a_gap_splits_a_file(client: Client, recorder: SimulatedRecorder) -> None:
    hour = NOON - timedelta(hours=1)
    gap = Stretch(hour + timedelta(minutes=10), hour + timedelta(minutes=20))
    recorder.model.cameras[1].gaps.append(gap)
    _, body = await client.post(SEARCH, query(101, hour, NOON))
    ends = [span.findtext("endTime") for span in tree(body).iter("timeSpan")]
    assert starts(body) == [wall(hour), wall(gap.end)]
    assert ends == [wall(gap.start), wall(NOON)]


async def test_an_offline_camera_was_recorded_until_it_went_off(
    client: Client, recorder: SimulatedRecorder
) -> None:
    recorder.camera(2).online = False
    _, body = await client.post(SEARCH, query(3001, NOON - timedelta(hours=12), NOON))
    ends = [span.findtext("endTime") for span in tree(body).iter("timeSpan")]
    assert ends[-1] == wall(NOON - timedelta(hours=9))
    _, body = await client.post(SEARCH, query(201, NOON - timedelta(hours=1), NOON))
    assert len(starts(body)) == 1


async def test_what_a_camera_missed_while_unplugged_stays_missing(
    client: Client, recorder: SimulatedRecorder, clock: Clock
) -> None:
    recorder.camera(2).online = False
    clock.advance(minutes=10)
    recorder.camera(2).online = True
    clock.advance(minutes=10)
    _, body = await client.post(SEARCH, query(201, NOON - timedelta(hours=1), clock.now()))
    assert starts(body) == [wall(NOON - timedelta(hours=1)), wall(NOON + timedelta(minutes=10))]


async def test_a_search_id_that_is_no_guid_is_bad_content(client: Client) -> None:
    good = query(101, NOON - timedelta(hours=1), NOON)
    assert (await client.post(SEARCH, good))[0] == 200
    status, body = await client.post(SEARCH, good.replace("C0FFEE00-", "coffee-"))
    assert (status, tree(body).findtext("subStatusCode")) == (400, "badXmlContent")
    status, body = await client.post(SEARCH, "<CMSearch")
    assert (status, tree(body).findtext("subStatusCode")) == (400, "badXmlFormat")


async def test_recordings_can_vanish(client: Client, recorder: SimulatedRecorder) -> None:
    recorder.no_recordings = True
    _, body = await client.post(SEARCH, query(101, NOON - timedelta(days=1), NOON))
    assert tree(body).findtext("responseStatusStrg") == "NO MATCHES"


async def test_the_map_of_days_shows_the_kept_ones(client: Client) -> None:
    path = "/ISAPI/ContentMgmt/record/tracks/101/dailyDistribution"
    body = "<trackDailyParam><year>2026</year><monthOfYear>11</monthOfYear></trackDailyParam>"
    days = tree((await client.post(path, body))[1]).findall("dayList/day")
    kept = [int(day.findtext("dayOfMonth", "")) for day in days if day.findtext("record") == "true"]
    assert kept == list(range(2, 24))


async def test_every_camera_has_a_track(client: Client) -> None:
    tracks = tree((await client.get("/ISAPI/ContentMgmt/record/tracks"))[1]).findall("Track")
    assert [track.findtext("id") for track in tracks][:3] == ["101", "201", "301"]
    assert tracks[0].findtext("CustomExtensionList/CustomExtension/enableSchedule") == "true"
