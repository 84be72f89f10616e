"""What can happen on the stage besides people writing and tapping: the lines that begin with "*"."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import delete

from domain.measuring import Times
from domain.people import Role
from handlers.enrol import invite
from nvr_client import errors as nvr
from nvr_client.protocol import Disk, Span
from storage.tables import rights
from tests.conversations.stage import CAST, HANOI, Stage

UNITS = {
    "giây": timedelta(seconds=1),
    "phút": timedelta(minutes=1),
    "giờ": timedelta(hours=1),
    "ngày": timedelta(days=1),
}
TROUBLES: dict[str, Callable[[], nvr.RecorderError]] = {
    "tắt": lambda: nvr.Unreachable("off"),
    "trả lời quá chậm": lambda: nvr.TooSlow("slow"),
    "treo": lambda: nvr.Silent("hanging"),
    "báo bận": lambda: nvr.Busy("503"),
    "từ chối mật khẩu": lambda: nvr.LoginBlocked("401"),
    "không cho tài khoản xem": lambda: nvr.NotAllowed("401"),
    "trả lời XML thay vì ảnh": lambda: nvr.BadAnswer("xml"),
}
ROLES = {
    "giáo viên": Role.TEACHER,
    "bảo vệ": Role.GUARD,
    "Phó hiệu trưởng": Role.DEPUTY,
    "Hiệu trưởng": Role.PRINCIPAL,
}
SYSTEMS = {"system": "hệ thống", "stranger": "người lạ", "operator": "văn phòng"}
Direction = Callable[[Stage, re.Match[str]], Awaitable[list[str] | None]]
_TABLE: list[tuple[re.Pattern[str], Direction]] = []


def _on(pattern: str) -> Callable[[Direction], Direction]:
    def keep(direction: Direction) -> Direction:
        _TABLE.append((re.compile(pattern), direction))
        return direction

    return keep


async def follow(stage: Stage, line: str) -> list[str]:
    """Do what a direction says; what it shows."""
    words = line.removeprefix("*").strip().rstrip(".")
    for pattern, direction in _TABLE:
        if found := pattern.fullmatch(words):
            shown = await direction(stage, found)
            await stage.settle()
            return [f"| {one}" for one in shown or ()]
    raise AssertionError(f"no such direction: {words}")


@_on(r"(\d+) (giây|phút|giờ|ngày) sau")
async def _later(stage: Stage, found: re.Match[str]) -> None:
    await stage.move_to(stage.clock() + int(found[1]) * UNITS[found[2]])


@_on(r"Lúc (\d\d:\d\d) ngày (\d\d/\d\d)")
async def _at(stage: Stage, found: re.Match[str]) -> None:
    await stage.move_to(_moment(found[1], found[2]))


def _moment(clock: str, day: str) -> datetime:
    return datetime.strptime(f"{clock} {day}/2026", "%H:%M %d/%m/%Y").replace(tzinfo=HANOI)


@_on(r"Đầu ghi chạy tốt trở lại")
async def _well(stage: Stage, found: re.Match[str]) -> None:
    stage.recorder.trouble = stage.recorder.export_trouble = None
    stage.recorder.offline.clear()


@_on(rf"Đầu ghi ({'|'.join(TROUBLES)})")
async def _trouble(stage: Stage, found: re.Match[str]) -> None:
    stage.recorder.trouble = TROUBLES[found[1]]()


@_on(r"Đầu ghi gửi đoạn ghi dở dang")
async def _half_a_file(stage: Stage, found: re.Match[str]) -> None:
    stage.recorder.export_trouble = nvr.BadAnswer("the file ends too early")


@_on(r"Đầu ghi gửi tệp không mở được")
async def _no_video(stage: Stage, found: re.Match[str]) -> None:
    stage.recorder.recording = stage.recorder.recording.with_name("unreadable.ps")
    stage.recorder.recording.write_bytes(b"\x00\x00\x01\xba" + bytes(4096))


@_on(r"Đầu ghi gửi ảnh dở dang")
async def _half_a_picture(stage: Stage, found: re.Match[str]) -> None:
    stage.recorder.picture = stage.recorder.picture[: len(stage.recorder.picture) // 2]


@_on(r"Ổ đĩa của hệ thống đầy")
async def _disk_full(stage: Stage, found: re.Match[str]) -> None:
    stage.recorder.trouble = nvr.NoSpace("full")


@_on(r"Camera C(\d\d) mất tín hiệu")
async def _offline(stage: Stage, found: re.Match[str]) -> None:
    stage.recorder.offline.add(int(found[1]))


@_on(r"Đầu ghi chỉ còn lưu (\d+) ngày")
async def _short_memory(stage: Stage, found: re.Match[str]) -> None:
    stage.recorder.kept = timedelta(days=int(found[1]))


@_on(r"Đầu ghi thiếu (\d\d:\d\d)–(\d\d:\d\d) ngày (\d\d/\d\d)")
async def _gap(stage: Stage, found: re.Match[str]) -> None:
    start, end = (_moment(clock, found[3]) for clock in (found[1], found[2]))
    stage.recorder.gaps = (*stage.recorder.gaps, Span(start, end))


@_on(r"Camera C(\d\d) chỉ còn lưu (\d+) ngày")
async def _one_short_memory(stage: Stage, found: re.Match[str]) -> None:
    stage.recorder.kept_of[int(found[1])] = timedelta(days=int(found[2]))


@_on(r"Camera C(\d\d) mới ghi từ (\d\d:\d\d) ngày (\d\d/\d\d)")
async def _newly_hung(stage: Stage, found: re.Match[str]) -> None:
    """It is in the settings with that day."""
    code, begun = f"C{found[1]}", _moment(found[2], found[3])
    stage.recorder.begun[int(found[1])] = begun
    cameras = tuple(
        replace(camera, added=begun.date()) if camera.code == code else camera
        for camera in stage.tools.cameras.all
    )
    stage.use(replace(stage.tools, cameras=replace(stage.tools.cameras, all=cameras)))


@_on(r"Camera C(\d\d) không ghi được (\d\d:\d\d)–(\d\d:\d\d) ngày (\d\d/\d\d)")
async def _hole(stage: Stage, found: re.Match[str]) -> None:
    hole = Span(_moment(found[2], found[4]), _moment(found[3], found[4]))
    stage.recorder.holes.setdefault(int(found[1]), []).append(hole)


@_on(r"Camera C(\d\d) không ghi được từ (\d\d:\d\d) ngày (\d\d/\d\d)")
async def _stops(stage: Stage, found: re.Match[str]) -> None:
    start = _moment(found[2], found[3])
    stage.recorder.holes.setdefault(int(found[1]), []).append(Span(start, start + timedelta(days=99)))


@_on(r"Đầu ghi có hai ổ cứng, ổ (\d) báo lỗi")
async def _bad_disk(stage: Stage, found: re.Match[str]) -> None:
    stage.recorder.disks = tuple(
        Disk(name, "smartFailed" if name == found[1] else "ok", name != found[1], 6 * 10**12, 0)
        for name in ("1", "2")
    )


@_on(r"Đồng hồ đầu ghi chạy nhanh (\d+) giây")
async def _fast_clock(stage: Stage, found: re.Match[str]) -> None:
    stage.recorder.clock_error = timedelta(seconds=int(found[1]))


@_on(r"Đầu ghi chỉ cắt được ở khung hình chính, sớm hơn (\d+) giây")
async def _long_groups(stage: Stage, found: re.Match[str]) -> None:
    stage.recorder.begins_early = timedelta(seconds=int(found[1]))


@_on(r"Bản tin gửi lúc (\d\d:\d\d), đo lúc (\d\d:\d\d)")
async def _summary_on(stage: Stage, found: re.Match[str]) -> None:
    at, measured = (time.fromisoformat(clock) for clock in found.groups())
    stage.use(replace(stage.tools, times=Times(at, (measured,))))


@_on(r"Đo lúc (\d\d:\d\d), không gửi bản tin")
async def _measuring_on(stage: Stage, found: re.Match[str]) -> None:
    stage.use(replace(stage.tools, times=Times(None, (time.fromisoformat(found[1]),))))


@_on(r"Đầu ghi chưa kịp trả lời")
async def _slow_picture(stage: Stage, found: re.Match[str]) -> None:
    """From the next line on, which must ask for a picture."""
    stage.recorder.may_answer.clear()


@_on(r"Đầu ghi trả lời")
async def _picture_comes(stage: Stage, found: re.Match[str]) -> None:
    stage.recorder.may_answer.set()


@_on(r"Kênh chat chỉ nhận tệp đến (\d+) kB")
async def _small_uploads(stage: Stage, found: re.Match[str]) -> None:
    stage.use(replace(stage.tools, upload_limit_bytes=int(found[1]) * 1000))


@_on(r"Telegram mất kết nối")
async def _cut(stage: Stage, found: re.Match[str]) -> None:
    stage.channel.cut = True


@_on(r"Telegram có lại")
async def _mended(stage: Stage, found: re.Match[str]) -> None:
    stage.channel.cut = False


@_on(r"(.+) chặn trợ lý trên Telegram")
async def _blocked(stage: Stage, found: re.Match[str]) -> None:
    stage.may_break = True  # the log says that a message could not be delivered
    stage.channel.blocking.add(stage.account(found[1]))


@_on(r"Telegram gửi lại lượt vừa rồi")
async def _again(stage: Stage, found: re.Match[str]) -> None:
    await stage.arrive(stage.last)


@_on(r"Dịch vụ khởi động lại")
async def _restarted(stage: Stage, found: re.Match[str]) -> None:
    stage.guard.reset()
    stage.use(stage.tools)
    stage.dispatch.work_off(await stage.store.unanswered())


@_on(r"Bảng phân quyền bị xóa trống")
async def _empty_role_table(stage: Stage, found: re.Match[str]) -> None:
    async with stage.store._writing() as connection:
        await connection.execute(delete(rights))
        await connection.commit()


@_on(r"Văn phòng cấp mã (\w+) cho (\w+ \w+), (.+)")
async def _invited(stage: Stage, found: re.Match[str]) -> None:
    async with stage.store.begin() as uow:
        await invite(
            uow, name=found[2], role=ROLES[found[3]], unit="", code=found[1], now=stage.clock(), by=None
        )
        await uow.commit()


@_on(r"Chat của (.+) lúc này:?")
async def _chat(stage: Stage, found: re.Match[str]) -> list[str]:
    shown = [message.lines() for message in stage.channel.phone(stage.account(found[1])).messages]
    return [line for lines in shown for line in (f"· {lines[0]}", *(f"  {line}" for line in lines[1:]))]


@_on(r"Nhật ký:?")
async def _log(stage: Stage, found: re.Match[str]) -> list[str]:
    names = dict(enumerate(CAST, start=1))
    lines = []
    for chained in await stage.audit():
        entry = chained.entry
        who = SYSTEMS[entry.role] if entry.actor is None else names.get(entry.actor, f"người {entry.actor}")
        lines.append(" · ".join(part for part in (who, entry.what, entry.about, entry.article) if part))
    return lines


@_on(r"Kho bản gốc:?")
async def _originals(stage: Stage, found: re.Match[str]) -> list[str]:
    folder = stage.vault.path("originals/x").parent
    count = sum(path.is_file() for path in folder.rglob("*"))
    return [f"{count} tệp"]


@_on(r"Số lần lấy đoạn ghi từ đầu ghi:?")
async def _exports(stage: Stage, found: re.Match[str]) -> list[str]:
    return [str(stage.recorder.exports)]
