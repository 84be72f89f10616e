"""`./truccam demo --play`: the whole story, acted without a browser and printed as a conversation.

Every scene waits for what must really happen; the first that does not ends the play with exit status 1.
Pictures, clip and a summary stay in the state folder.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image

from media.video import is_video
from simulator.clock import ahead_by
from simulator.footage.code import read_code
from simulator.phones.people import PEOPLE, Person
from simulator.school import PretendSchool, pretend_school
from simulator.telegram import Phone
from simulator.telegram.model import Message

PATIENCE_SECONDS = 60.0
EXTRA = (Person("Thầy Quang", 510_005, "deputy", "Phó hiệu trưởng", ()),)


class NotAsToldError(Exception):
    """Something in the story did not happen."""


@dataclass
class Stage:
    """Who plays, where the props go, and what has been said."""

    school: PretendSchool
    props: Path
    phones: dict[str, Phone]
    lines: list[str] = field(default_factory=list)

    def scene(self, title: str) -> None:
        """A heading between two parts of the story."""
        self._print(f"\n── {title} " + "─" * max(4, 66 - len(title)))

    async def says(self, who: str, text: str) -> Message:
        """Somebody writes to the assistant."""
        self._print(f"{who}: {text}")
        return await self.phones[who].say(text)

    async def taps(self, who: str, message: Message, button: str) -> None:
        """Somebody taps a button."""
        self._print(f"{who}: bấm [{button}]")
        await self.phones[who].tap((message, button))

    async def hears(
        self, who: str, wanted: str | Callable[[Message], bool], after: Message | None = None
    ) -> Message:
        """Somebody receives what they should; it is printed as it is seen."""
        message = await self.phones[who].wait_for(wanted, PATIENCE_SECONDS, after=after)
        name = {"photo": "[ảnh] ", "video": "[video] ", "document": "[tệp] "}.get(message.kind, "")
        text = message.text.replace("\n", "\n        ")
        self._print(f"  → {who}: {name}{text}")
        for row in message.keyboard:
            self._print("        " + " ".join(f"[{button.text}]" for button in row))
        return message

    def keep(self, message: Message, name: str) -> Path:
        """Put a picture or clip aside for whoever wants to look."""
        path = self.props / name
        path.write_bytes(message.media)
        self._print(f"        (lưu tại {path})")
        return path

    def note(self, text: str) -> None:
        """What the audience should know."""
        self._print(f"  ({text})")

    def must(self, holds: object, what: str) -> None:
        """The story goes on only if this is so."""
        if not holds:
            raise NotAsToldError(what)

    def _print(self, line: str) -> None:
        self.lines.append(line)
        print(line, flush=True)  # noqa: T201 - the play is printed


async def play(state: Path) -> int:
    """Act everything; 0 only if all of it happened."""
    ahead = ahead_by(datetime.now(UTC))
    async with pretend_school(state, people=(*PEOPLE, *EXTRA), ahead=ahead) as school:
        phones = {
            person.name: school.telegram.person(person.name, person.user_id) for person in (*PEOPLE, *EXTRA)
        }
        phones["Người lạ"] = school.telegram.person("Người lạ", 990_001)
        stage = Stage(school, state, phones)
        try:
            for act in ACTS:
                await act(stage)
        except (NotAsToldError, TimeoutError, LookupError) as error:
            stage.note(f"KHÔNG DIỄN RA NHƯ KỊCH BẢN: {error}")
            (state / "hoi-thoai.txt").write_text("\n".join(stage.lines), encoding="utf-8")
            return 1
        stage.note("Toàn bộ câu chuyện đã diễn ra.")
        (state / "hoi-thoai.txt").write_text("\n".join(stage.lines), encoding="utf-8")
    return 0


async def enrolment(stage: Stage) -> None:
    """Everybody is enrolled; a stranger hears one sentence."""
    stage.scene("Ghi danh")
    for who in ("Anh Sơn", "Cô Lan", "Cô Hằng", "Thầy Quang", "Anh Dũng"):
        await stage.hears(who, "Xin chào")
    for text in ("/snapshot gate", "/start ABCDEFGHJK", "xin chào"):
        asked = await stage.says("Người lạ", text)
        answer = await stage.hears("Người lạ", "liên hệ văn phòng", asked)
        stage.must(not answer.keyboard and answer.kind == "text", "người lạ chỉ nhận một câu")


async def a_picture(stage: Stage) -> None:
    """The guard sees the gate."""
    stage.scene("Bảo vệ xem ảnh tức thời")
    for number, text in enumerate(("/snapshot gate", "chụp cổng chính"), start=1):
        asked = await stage.says("Anh Sơn", text)
        photo = await stage.hears("Anh Sơn", lambda message: message.kind == "photo", asked)
        stage.must(photo.protected, "ảnh phải được bảo vệ khỏi chuyển tiếp")
        stage.must(_camera_of(photo.media) == 1, "ảnh phải là của cổng chính")
        stage.keep(photo, f"anh-{number}.jpg")
    asked = await stage.says("Anh Sơn", "/anh nhà xe")
    which = await stage.hears("Anh Sơn", lambda message: len(message.buttons) >= 2, asked)
    await stage.taps("Anh Sơn", which, "C03 Nhà xe học sinh")
    photo = await stage.hears("Anh Sơn", lambda message: message.kind == "photo", which)
    stage.must(_camera_of(photo.media) == 3, "ảnh phải là của nhà xe học sinh")
    asked = await stage.says("Anh Sơn", "/anh tatca")
    sheet = await stage.hears("Anh Sơn", lambda message: message.kind == "photo", asked)
    stage.keep(sheet, "anh-tat-ca.jpg")
    asked = await stage.says("Anh Sơn", "/clip cổng 5")
    clip = await stage.hears("Anh Sơn", lambda message: message.kind == "video", asked)
    stage.must(await is_video(stage.keep(clip, "clip-truc-tiep.mp4")), "clip phải mở được")


async def an_incident(stage: Stage) -> None:
    """An emergency in one sentence; a small thing with a photo; the register."""
    stage.scene("Sự việc: khẩn cấp trong một câu, việc nhỏ kèm ảnh, sổ theo dõi")
    told = await stage.says("Anh Sơn", "danh nhau nha xe hs, 1 em chay mau dau")
    own = await stage.hears("Anh Sơn", "GỌI 115 NGAY", told)
    code = next(word for word in own.text.split() if word.startswith("SC-"))
    cards = {
        who: await stage.hears(who, lambda message: code in message.text and "Đã nhận" in message.buttons)
        for who in ("Cô Hằng", "Thầy Quang")
    }
    seen = await stage.hears("Cô Hằng", lambda message: message.kind == "photo" and code in message.text)
    stage.must(_camera_of(seen.media) == 3, "ảnh phải là của nhà xe học sinh")
    stage.keep(seen, "anh-su-viec.jpg")
    await stage.taps("Anh Sơn", own, "Đã gọi 115")
    await stage.taps("Thầy Quang", cards["Thầy Quang"], "Đã nhận")
    for who in ("Cô Hằng", "Anh Sơn"):
        await stage.hears(who, lambda message: code in message.text and "Thầy Quang đã nhận" in message.text)
    stage.note("Cô Lan gửi một ảnh, chú thích: vỡ kính phòng tin 1")
    await stage.phones["Cô Lan"].send_photo(stage.props / "anh-1.jpg", "vỡ kính phòng tin 1")
    draft = await stage.hears("Cô Lan", lambda message: "Gửi, mức 2" in message.buttons)
    await stage.taps("Cô Lan", draft, "Gửi, mức 2")
    await stage.hears("Anh Dũng", lambda message: "vỡ kính" in message.text and "Đã nhận" in message.buttons)
    asked = await stage.says("Cô Hằng", "/suviec")
    menu = await stage.hears("Cô Hằng", lambda message: "Các sự việc đã báo" in message.buttons, asked)
    await stage.taps("Cô Hằng", menu, "Các sự việc đã báo")
    listed = await stage.hears("Cô Hằng", lambda message: "Xuất sổ (XLSX)" in message.buttons, asked)
    await stage.taps("Cô Hằng", listed, "Xuất sổ (XLSX)")
    register = await stage.hears("Cô Hằng", lambda message: message.kind == "document", asked)
    stage.keep(register, "so-su-viec.xlsx")


async def a_refusal(stage: Stage) -> None:
    """A teacher may not watch live; a forged button does nothing."""
    stage.scene("Giáo viên không được xem trực tiếp")
    asked = await stage.says("Cô Lan", "/anh cổng chính")
    answer = await stage.hears("Cô Lan", "Ban giám hiệu", asked)
    stage.must(answer.kind == "text", "giáo viên không nhận ảnh")


async def a_request(stage: Stage) -> None:
    """Request, one tap, clip."""
    stage.scene("Giáo viên xin đoạn ghi, Hiệu trưởng duyệt bằng một lần bấm")
    start = _past_moment(stage)
    end = start + timedelta(minutes=2)
    code, card = await _asked(stage, start, end, "học sinh bị xô ngã")
    stage.keep(card, "the-duyet.jpg")
    await stage.taps("Cô Hằng", card, "Duyệt")
    clip = await stage.hears("Cô Lan", lambda message: message.kind == "video" and code in message.text)
    path = stage.keep(clip, f"{code}.mp4")
    stage.must(clip.protected and await is_video(path), "đoạn ghi phải mở được và được bảo vệ")
    closed = await stage.hears("Cô Hằng", lambda message: "đã duyệt" in message.text and not message.keyboard)
    stage.must(code in closed.text, "thẻ duyệt phải đóng lại")
    await stage.hears("Anh Dũng", lambda message: "đã giao" in message.text and code in message.text)


async def a_second_approver(stage: Stage) -> None:
    """Delegation: two may decide, one does, the other's card closes."""
    stage.scene("Ủy quyền cho Phó hiệu trưởng; một người quyết định, thẻ của người kia đóng lại")
    asked = await stage.says("Cô Hằng", "/uyquyen")
    whom = await stage.hears("Cô Hằng", lambda message: "Thầy Quang" in message.buttons, asked)
    await stage.taps("Cô Hằng", whom, "Thầy Quang")
    until = await stage.hears("Cô Hằng", lambda message: any("đến" in text for text in message.buttons))
    await stage.taps("Cô Hằng", until, until.buttons[0])
    await stage.hears("Thầy Quang", "ủy quyền")
    start = _past_moment(stage) - timedelta(hours=1)
    code, card = await _asked(stage, start, start + timedelta(minutes=1), "mất áo khoác ở sân", "sân cột cờ")
    other = await stage.hears("Thầy Quang", lambda message: code in message.text and bool(message.keyboard))
    await stage.taps("Thầy Quang", other, "Không duyệt")
    reasons = await stage.hears("Thầy Quang", lambda message: "Quay lại" in message.buttons)
    await stage.taps("Thầy Quang", reasons, "Mục đích chưa rõ")
    await stage.hears("Cô Lan", lambda message: "không duyệt" in message.text and code in message.text)
    await stage.hears("Cô Hằng", lambda message: "không duyệt" in message.text and not message.keyboard)
    before = len(stage.phones["Cô Hằng"].toasts)
    await stage.taps("Cô Hằng", card, "Duyệt") if card.keyboard else None
    stage.note("thẻ cũ của Cô Hằng không còn nút")
    stage.must(len(stage.phones["Cô Hằng"].toasts) == before, "không ai duyệt được lần hai")


async def nothing_there(stage: Stage) -> None:
    """C05 keeps only 11 days."""
    stage.scene("Đầu ghi không còn dữ liệu")
    start = _past_moment(stage) - timedelta(days=14)
    await _typed(stage, start, start + timedelta(minutes=5), "tìm xe đạp", "sân cột cờ")
    await stage.hears("Cô Lan", "không có dữ liệu")
    await stage.hears("Cô Hằng", "không có dữ liệu")
    await stage.hears("Anh Dũng", "không có dữ liệu")


async def by_hand(stage: Stage) -> None:
    """The recorder breaks the file each time; IT staff extract by hand and send it in."""
    stage.scene("Đầu ghi hỏng: nhân viên CNTT trích xuất thủ công")
    switches = stage.school.recorder.switches
    switches.empty_download, switches.rtsp_refused = True, True
    start = _past_moment(stage) - timedelta(hours=2)
    code, card = await _asked(stage, start, start + timedelta(minutes=1), "xác minh va chạm", pictures=False)
    await stage.taps("Cô Hằng", card, "Duyệt")
    await stage.hears("Anh Dũng", lambda message: "thủ công" in message.text and code in message.text)
    await stage.hears("Cô Lan", lambda message: "thủ công" in message.text and code in message.text)
    switches.empty_download, switches.rtsp_refused = False, False
    await stage.phones["Anh Dũng"].send_video(stage.props / "clip-truc-tiep.mp4", code)
    stage.note(f"Anh Dũng gửi tệp video, chú thích {code}")
    await stage.hears("Cô Lan", lambda message: message.kind == "video" and code in message.text)


async def a_power_cut(stage: Stage) -> None:
    """The bot is killed right after the tap; the clip still comes, once."""
    stage.scene("Mất điện ngay sau khi duyệt")
    start = _past_moment(stage) - timedelta(hours=3)
    code, card = await _asked(stage, start, start + timedelta(minutes=2), "xác minh giờ ra về")
    await stage.taps("Cô Hằng", card, "Duyệt")
    await asyncio.sleep(0.3)
    await stage.school.bot.kill()
    stage.note("máy chạy trợ lý mất điện, rồi bật lại")
    await stage.school.bot.start()
    await stage.hears("Cô Lan", lambda message: message.kind == "video" and code in message.text)
    clips = [m for m in stage.phones["Cô Lan"].messages if m.kind == "video" and code in m.text]
    stage.must(len(clips) == 1, "đoạn ghi được giao đúng một lần")


async def the_morning(stage: Stage) -> None:
    """The summary: what needs a person first, the figures, and the map of what is kept."""
    stage.scene("Bản tin buổi sáng: còn lưu được bao nhiêu ngày")
    await stage.school.bot.stop()
    stage.school.send_summary()
    await stage.school.bot.start()
    stage.note("đến giờ gửi bản tin; trợ lý vừa đo xong đầu ghi")
    summary = await stage.hears("Cô Hằng", "Bản tin camera")
    for needed in (
        "Dưới 20 ngày (Điều 5): C05 Sân trường – cột cờ 11",
        "Hiện không ghi được: C30 Tường rào sau",
        "Ổ cứng hdd2 của dau-ghi-1 báo lỗi",
        "Đồng hồ dau-ghi-1 chạy nhanh 1 phút 3",
        "Camera mới, chưa tính: C24 Kho thiết bị",
    ):
        stage.must(needed in summary.text, f"bản tin phải có: {needed}")
    (stage.props / "ban-tin.txt").write_text(summary.text + "\n", encoding="utf-8")
    chart = await stage.hears("Cô Hằng", lambda message: message.kind == "photo", summary)
    with Image.open(stage.keep(chart, "ban-tin.png")) as picture:
        stage.must(picture.width < picture.height, "bản đồ phải đứng, vừa màn hình điện thoại")
    await stage.hears("Anh Dũng", "Bản tin camera")
    asked = await stage.says("Cô Hằng", "/luutru sân cột cờ")
    await stage.hears("Cô Hằng", "không đạt 20 ngày", asked)
    await asyncio.sleep(1)
    count = len([one for one in stage.phones["Cô Hằng"].messages if "Bản tin camera" in one.text])
    stage.must(count == 1, "mỗi người mỗi ngày một bản tin")


async def a_removal(stage: Stage) -> None:
    """A removed person is a stranger at once."""
    stage.scene("Thu hồi quyền")
    asked = await stage.says("Cô Hằng", "/nguoidung")
    people = await stage.hears("Cô Hằng", lambda message: "Thu hồi quyền" in message.buttons, asked)
    await stage.taps("Cô Hằng", people, "Thu hồi quyền")
    listed = await stage.hears("Cô Hằng", lambda message: "Anh Sơn · bảo vệ" in message.buttons)
    await stage.taps("Cô Hằng", listed, "Anh Sơn · bảo vệ")
    sure = await stage.hears("Cô Hằng", lambda message: message.buttons == ("Thu hồi quyền", "Quay lại"))
    await stage.taps("Cô Hằng", sure, "Thu hồi quyền")
    await stage.hears("Cô Hằng", "Đã thu hồi quyền")
    asked = await stage.says("Anh Sơn", "/snapshot gate")
    answer = await stage.hears("Anh Sơn", "liên hệ văn phòng", asked)
    stage.must(answer.kind == "text", "người đã thu hồi quyền không nhận ảnh")


async def the_log(stage: Stage) -> None:
    """The audit log is whole and names nobody's words."""
    stage.scene("Nhật ký")
    connection = sqlite3.connect(stage.props / "truccam.db")
    try:
        rows = connection.execute("SELECT what, COUNT(*) FROM audit GROUP BY what ORDER BY what").fetchall()
        everything = "\n".join(map(str, connection.execute("SELECT * FROM audit")))
    finally:
        connection.close()
    for what, count in rows:
        stage.note(f"{count:>3} × {what}")
    stage.must("mau dau" not in everything, "nhật ký không chứa lời của người báo")
    stage.must("xô ngã" not in everything, "nhật ký không chứa lời của người yêu cầu")


ACTS: tuple[Callable[[Stage], Awaitable[None]], ...] = (
    enrolment,
    a_picture,
    an_incident,
    a_refusal,
    a_request,
    a_second_approver,
    nothing_there,
    by_hand,
    a_power_cut,
    the_morning,
    a_removal,
    the_log,
)


async def _typed(stage: Stage, start: datetime, end: datetime, reason: str, place: str) -> str:
    text = f"/yeucau {place} {start:%d/%m} {start:%H:%M}-{end:%H:%M} {reason}"
    asked = await stage.says("Cô Lan", text)
    check = await stage.hears("Cô Lan", lambda message: "Gửi yêu cầu" in message.buttons, asked)
    stage.must(f"{start:%H:%M}–{end:%H:%M}" in check.text, "thời gian phải được nhắc lại đúng")
    await stage.taps("Cô Lan", check, "Gửi yêu cầu")
    got = await stage.hears("Cô Lan", "YC-", asked)
    return next(word.strip(".,:") for word in got.text.split() if word.startswith("YC-"))


async def _asked(
    stage: Stage,
    start: datetime,
    end: datetime,
    reason: str,
    place: str = "cổng chính",
    *,
    pictures: bool = True,
) -> tuple[str, Message]:
    code = await _typed(stage, start, end, reason, place)
    card = await stage.hears("Cô Hằng", lambda message: code in message.text and "Duyệt" in message.buttons)
    if pictures:
        stage.must(card.kind == "photo", "thẻ duyệt phải có ảnh trong đoạn ghi")
    return code, card


def _past_moment(stage: Stage) -> datetime:
    """Yesterday morning at five past nine, in the school's time."""
    yesterday = stage.school.board.now() - timedelta(days=1)
    return yesterday.replace(hour=9, minute=5, second=0, microsecond=0)


def _camera_of(picture: bytes) -> int | None:

    code = read_code(Image.open(BytesIO(picture)))
    return code[0] if code else None
