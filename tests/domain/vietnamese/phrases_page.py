"""docs/phrases.md, written from the labelled sentences.

`.venv/bin/python -m tests.domain.vietnamese.phrases_page` writes it anew; a test holds it in step.
"""

import itertools
from pathlib import Path

from domain.vietnamese.echo import echo, say_interval
from domain.vietnamese.readings import Interval
from tests.domain.vietnamese.ngoc_lam import CAMERAS
from tests.domain.vietnamese.table import Sentence, labelled_sentences

PAGE = Path(__file__).parents[3] / "docs" / "phrases.md"

_BEGINNING = """# Nói với trợ lý camera thế nào

Thầy cô và các bác cứ nhắn như nói với đồng nghiệp: có dấu hay không, viết tắt hay viết đủ, camera trước hay
giờ trước đều được. Trợ lý luôn nhắc lại mình hiểu gì; chỗ nào chưa chắc thì hỏi lại, không tự đoán.

Các ví dụ dưới đây giả sử bây giờ là **08:00 thứ Hai ngày 23/11/2026**, ba mươi camera của trường và giờ trống
thường ngày.

"""
_ENDING = """## Viết tắt hiểu được

| viết | là |
|---|---|
| `hl`, `ct`, `nx`, `p` | hành lang, cầu thang, nhà xe, phòng |
| `hl t2 b`, `t2 nhà B`, `tầng 2 nhà B` | hành lang tầng 2 nhà B |
| `hs`, `gv`, `td` | học sinh, giáo viên, thể dục |
| `c5`, `cam 5`, `camera số 5` | camera C05 |
| `hn`, `hq`, `t4`, `cn` | hôm nay, hôm qua, thứ Tư, Chủ nhật |
| `s`, `c` sau giờ hay trước thứ | sáng, chiều |
| `7h30`, `7:30`, `7g30`, `7 rưỡi`, `8h kém 15` | giờ và phút |

Lệnh và nút bấm: [docs/commands.md](commands.md).

Trang này được viết từ bảng câu mẫu trong `tests/domain/vietnamese/sentences.txt`; kiểm thử giữ nó đúng với
chương trình.
"""
_WISHES = {
    "snapshot": "Ảnh lúc này",
    "live_clip": "Vài giây trực tiếp",
    "request": "Xin xem lại",
    "incident": "Báo sự việc",
    "status": "Hỏi tình trạng",
    "help": "Hướng dẫn",
    "none": "Không làm",
}
_MARKS = {
    "OK": "",
    "XN": "nhắc lại, nói rõ chỗ đã ước chừng",
    "HOI": "hỏi lại cho rõ",
    "TUCHOI": "nói rõ vì sao không được",
    "HEP": "xin thu hẹp lại",
    "QH": "báo có thể không còn lưu, vẫn tìm thử",
}
_NOTHING_DONE = "chỉ gợi ý những việc làm được"


def page() -> str:
    """The whole page."""
    shown = [sentence for sentence in labelled_sentences() if sentence.shown]
    parts = [_BEGINNING]
    for heading, sentences in itertools.groupby(shown, key=lambda sentence: sentence.heading):
        rows = "".join(_row(sentence) for sentence in sentences)
        parts.append(f"## {heading}\n\n| câu viết | trợ lý hiểu | và làm |\n|---|---|---|\n{rows}\n")
    return "".join(parts) + _ENDING


def _row(sentence: Sentence) -> str:
    return f"| {sentence.text} | {_understood(sentence)} | {_next(sentence)} |\n"


def _understood(sentence: Sentence) -> str:
    by_code = {camera.code: camera for camera in CAMERAS}
    cameras = [by_code[code] for code in sentence.cameras]
    about = ", ".join(f"{camera.code} {camera.name}" for camera in cameras)
    if sentence.wish in {"request", "none"} and sentence.start is not None and sentence.end is not None:
        interval = Interval(sentence.start, sentence.end)
        about = echo(cameras, interval) if cameras else say_interval(interval)
    wish = _WISHES[sentence.wish]
    return f"{wish}: {about}" if about else wish


def _next(sentence: Sentence) -> str:
    if sentence.wish == "none":
        return _NOTHING_DONE
    done = "nhắc lại để gửi yêu cầu" if sentence.wish == "request" else "làm ngay"
    return "; ".join(_MARKS[mark] for mark in sentence.marks if _MARKS[mark]) or done


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
