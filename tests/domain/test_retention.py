"""What the recorder keeps, judged by Điều 5; times are of the school unless they say otherwise."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.measuring import Times, day_bounds, days_to_search, failed_disks, lost_a_disk, spread_until
from domain.retention import (
    CameraDay,
    CameraKept,
    DiskState,
    KnownCamera,
    Level,
    Measured,
    Stretch,
    continuous_since,
    covered_share,
    fallen,
    gaps,
    has_stopped,
    judged,
    kept_since,
    overwritten_at,
    report,
)

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 6, 15, tzinfo=HANOI)
LIMIT = 20


def at(text: str) -> datetime:
    """`22/11 02:10`."""
    return datetime.strptime(f"2026/{text}", "%Y/%d/%m %H:%M").replace(tzinfo=HANOI)


def days(*parts: tuple[datetime, datetime], until: datetime = NOW, back: int = 31) -> list[CameraDay]:
    """The days of a camera that recorded these stretches, as they are found at `until`."""
    found = []
    for number in range(back, -1, -1):
        day = until.date() - timedelta(days=number)
        bounds = day_bounds(day, HANOI)
        inside = tuple(
            Stretch(max(start, bounds.start), min(end, bounds.end))
            for start, end in parts
            if start < bounds.end and end > bounds.start
        )
        found.append(CameraDay("C01", day, bounds.start, bounds.end, until, inside))
    return found


def measured(
    oldest: datetime | None, found: list[CameraDay], when: datetime = NOW, problem: str = ""
) -> Measured:
    return Measured("C01", when.date(), "x", when, oldest, kept_since(oldest, found, when), problem)


def camera(
    *parts: tuple[datetime, datetime],
    oldest: datetime | None = None,
    known: KnownCamera | None = None,
    added: datetime | None = None,
    when: datetime = NOW,
) -> CameraKept:
    found = days(*parts, until=when)
    begin = oldest or (parts[0][0] if parts else None)
    return judged("C01", measured(begin, found, when), known, added, found, LIMIT)


@pytest.mark.parametrize(
    ("kept", "level", "shown"),
    [
        (timedelta(days=19, hours=23, minutes=59), Level.RED, 19.9),
        (timedelta(days=20), Level.AMBER, 20.0),
        (timedelta(days=21, hours=23, minutes=59), Level.AMBER, 21.9),
        (timedelta(days=22), Level.GOOD, 22.0),
        (timedelta(days=11), Level.RED, 11.0),
    ],
)
def test_below_twenty_days_is_red_and_below_twenty_two_amber(
    kept: timedelta, level: Level, shown: float
) -> None:
    one = camera((NOW - kept, NOW))
    assert (one.level, one.shown_days, one.kept) == (level, shown, kept)


def test_a_camera_without_any_footage_keeps_nothing_and_is_red() -> None:
    one = camera()
    assert (one.level, one.shown_days, one.kept_since) == (Level.RED, 0.0, None)
    assert gaps(one, at("01/11 00:00")) == []


def test_footage_older_than_what_is_searched_counts_where_nothing_large_is_missing() -> None:
    forty = NOW - timedelta(days=40)
    assert camera((NOW - timedelta(days=33), NOW), oldest=forty).shown_days == 40.0


def test_a_clip_that_was_locked_long_ago_does_not_hide_a_short_memory() -> None:
    locked = at("28/10 07:00")
    with_leftover = ((locked, locked + timedelta(minutes=8)), (at("12/11 06:15"), NOW))
    assert camera(*with_leftover).shown_days == 11.0
    beyond = camera((at("12/11 06:15"), NOW), oldest=at("01/09 00:00"))
    assert beyond.shown_days == 11.0


def test_a_weekend_without_power_is_a_gap_and_no_end_of_memory() -> None:
    one = camera((at("01/11 00:00"), at("13/11 18:00")), (at("16/11 06:00"), NOW))
    assert one.level is Level.GOOD
    assert gaps(one, at("01/11 00:00")) == [Stretch(at("13/11 18:00"), at("16/11 06:00"))]


def test_a_camera_dead_for_more_than_a_week_keeps_nothing_of_use() -> None:
    assert camera((at("01/11 00:00"), at("15/11 06:00"))).level is Level.RED
    assert camera((at("01/11 00:00"), at("17/11 06:00"))).level is Level.GOOD


def test_gaps_are_told_to_the_minute_and_over_midnight_as_one() -> None:
    one = camera(
        (at("01/11 00:00"), at("21/11 23:50")),
        (at("22/11 00:20"), at("22/11 02:10")),
        (at("22/11 02:25"), NOW),
    )
    assert gaps(one, at("20/11 00:00")) == [
        Stretch(at("21/11 23:50"), at("22/11 00:20")),
        Stretch(at("22/11 02:10"), at("22/11 02:25")),
    ]
    yesterday = next(day for day in one.days if day.day == date(2026, 11, 22))
    assert yesterday.covered == timedelta(minutes=1440 - 20 - 15)
    assert continuous_since(one) == at("22/11 02:25")


def test_what_was_never_there_before_the_oldest_footage_is_no_gap() -> None:
    one = camera((at("20/11 14:00"), NOW))
    assert gaps(one, at("01/11 00:00")) == []
    assert continuous_since(one) == at("20/11 14:00")


def test_the_file_that_is_being_written_may_be_listed_late() -> None:
    fresh = camera((at("01/11 00:00"), NOW - timedelta(minutes=14)))
    stopped = camera((at("01/11 00:00"), NOW - timedelta(minutes=16)))
    assert gaps(fresh, at("22/11 00:00")) == []
    [gap] = gaps(stopped, at("22/11 00:00"))
    assert has_stopped(stopped, gap)
    assert continuous_since(stopped) is None
    assert continuous_since(fresh) == at("01/11 00:00")


def test_the_share_of_a_day_counts_only_what_is_still_kept() -> None:
    one = camera((at("12/11 12:00"), at("20/11 06:00")), (at("20/11 18:00"), NOW))
    assert covered_share(one, date(2026, 11, 11)) is None
    assert covered_share(one, date(2026, 11, 12)) == 1.0
    assert covered_share(one, date(2026, 11, 20)) == 0.5
    assert covered_share(one, date(2026, 11, 23)) == 1.0


def test_a_day_is_final_an_hour_after_its_end() -> None:
    bounds = day_bounds(date(2026, 11, 22), HANOI)
    for searched, is_final in ((at("23/11 00:59"), False), (at("23/11 01:00"), True)):
        one = CameraDay("C01", date(2026, 11, 22), bounds.start, bounds.end, searched, ())
        assert one.is_final is is_final
        assert one.until == bounds.end


def test_days_are_searched_from_today_back_to_the_oldest_but_not_for_ever() -> None:
    found = days_to_search(at("20/11 14:00"), NOW, HANOI, LIMIT)
    assert [day.day for day in found] == [23, 22, 21, 20]
    assert len(days_to_search(NOW - timedelta(days=300), NOW, HANOI, LIMIT)) == LIMIT + 12


def test_only_the_first_round_of_a_day_is_spread_and_never_into_the_next_or_the_summary() -> None:
    hours = timedelta(hours=4)
    first, second = time(1), time(6, 15)
    night = at("24/11 01:00")
    both = Times(time(6, 30), (first, second), hours)
    assert spread_until(both, first, night) == at("24/11 05:00")
    assert spread_until(both, first, at("24/11 03:00")) == at("24/11 06:15"), "a late start"
    assert spread_until(both, second, at("24/11 06:15")) is None
    assert spread_until(Times(time(6, 30), (first,), hours * 2), first, night) == at("24/11 06:15")
    assert spread_until(Times(time(6, 30), (second,), hours), second, at("24/11 06:15")) is None
    assert spread_until(Times(None, (second,), hours), second, at("24/11 06:15")) == at("24/11 10:15")
    assert spread_until(Times(None, (first,)), first, night) is None


def known(*, joined: bool = False, seen: str = "22/11 06:15", oldest: str = "20/11 14:00") -> KnownCamera:
    return KnownCamera("C01", "dau-ghi-1/1", at(seen), joined, at(seen), at(oldest))


def test_a_new_camera_is_no_breach_until_it_has_been_there_for_twenty_days() -> None:
    parts = (at("20/11 14:00"), NOW)
    assert camera(parts).level is Level.RED
    assert camera(parts, added=at("20/11 00:00")).level is Level.NEW
    assert camera(parts, added=at("03/11 00:00")).level is Level.RED
    assert camera(parts, known=known(joined=True)).level is Level.NEW
    assert camera(parts, known=known(joined=True, seen="02/11 06:15")).level is Level.RED


def test_a_camera_whose_oldest_footage_stands_still_is_filling_up() -> None:
    parts = (at("20/11 14:00"), NOW)
    assert camera(parts, known=known()).level is Level.NEW
    first_day = known(seen="22/11 07:00")
    assert camera(parts, known=first_day).level is Level.RED, "not watched for a day"
    emptied = known(oldest="01/11 00:00")
    assert camera(parts, known=emptied).level is Level.RED, "it kept more before"


def test_what_could_not_be_measured_is_unknown_and_does_not_count() -> None:
    unknown = judged("C02", measured(None, [], problem="BadAnswer"), None, None, [], LIMIT)
    never = judged("C03", None, None, None, [], LIMIT)
    good = camera((at("01/11 00:00"), NOW))
    whole = report([good, unknown, never], LIMIT)
    assert [one.level for one in whole.cameras] == [Level.UNKNOWN, Level.UNKNOWN, Level.GOOD]
    assert whole.counted == (good,)


def test_the_worst_come_first_and_the_middle_is_rounded_down() -> None:
    cameras = [camera((NOW - timedelta(days=kept), NOW)) for kept in (25, 11, 21)]
    whole = report(cameras, LIMIT)
    assert [one.shown_days for one in whole.cameras] == [11.0, 21.0, 25.0]
    assert whole.median_days == 21.0
    assert report([*cameras, camera((NOW - timedelta(days=21, hours=6), NOW))], LIMIT).median_days == 21.1


def test_a_camera_that_is_not_being_recorded_comes_before_those_that_are() -> None:
    stopped = camera((at("26/10 00:00"), at("23/11 00:00")))
    recorded = camera((at("02/11 00:00"), NOW))
    short = camera((at("12/11 00:00"), NOW))
    assert report([recorded, stopped, short], LIMIT).cameras == (short, stopped, recorded)


def test_a_fall_below_the_limit_is_told_once_until_it_is_over() -> None:
    def kept(**length: int) -> CameraKept:
        return camera((NOW - timedelta(**length), NOW))

    new, told = fallen(set(), [kept(days=19)], LIMIT)
    assert ([one.code for one in new], told) == (["C01"], {"C01"})
    assert fallen(told, [kept(days=18)], LIMIT) == ([], {"C01"})
    assert fallen(told, [kept(days=20, hours=6)], LIMIT) == ([], {"C01"}), "it goes up and down at the limit"
    assert fallen(told, [kept(days=20, hours=12)], LIMIT) == ([], set())


def test_when_a_moment_is_overwritten_follows_from_what_is_kept_now() -> None:
    one = camera((at("12/11 06:15"), NOW))
    assert overwritten_at(at("14/11 09:05"), one) == at("25/11 09:05")
    assert overwritten_at(at("14/11 09:05"), camera()) is None


def test_a_disk_that_fails_or_goes_may_have_taken_footage_with_it() -> None:
    well, bad = DiskState("1", "ok", True, 6), DiskState("1", "error", False, 6)
    other = DiskState("2", "ok", True, 6)
    assert not lost_a_disk([well, other], [well, other])
    assert lost_a_disk([well, other], [bad, other])
    assert lost_a_disk([well, other], [other])
    assert not lost_a_disk([well], []), "the recorder tells nothing of its disks today"
    assert not lost_a_disk([bad], [bad])
    assert failed_disks([well], [bad]) == [bad]
    assert failed_disks([bad], [bad]) == []
