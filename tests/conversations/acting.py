"""From a line of a script to what happens: who does what."""

import re
from pathlib import Path

from bot.channels.telegram.updates import words_or_command
from domain.chat import Attachment, Body, MediaKind, Other, Tap
from tests.conversations.directions import follow
from tests.conversations.recorder import gate_picture
from tests.conversations.script import KNOWN, Scene, is_driving
from tests.conversations.stage import Stage

LONGEST_MESSAGE = 4096
_LINE = re.compile(r"(?P<who>[^:(]+?)(?: \([^)]*\))?: (?P<what>.*)")
_TAP = re.compile(
    r"\[(?P<label>.+?)\](?: ở (?P<where>\S+))?(?: của (?P<whose>.+?))?"
    r"(?P<how> hai lần liền| đã gỡ)?"
)
_FORGED = "[nút giả mạo]"
_FILE = re.compile(
    r"\(gửi (?P<kind>ảnh|video|tệp|giọng nói)(?P<which> hỏng| quá lớn)?(?:, chú thích (?P<caption>.+))?\)"
)
_OTHER = {"(gửi nhãn dán)": "sticker", "(sửa tin nhắn)": "edited"}
_REPEATED = re.compile(r"\{(?P<text>.+?)×(?P<times>\d+)\}")
_KINDS = {
    "ảnh": MediaKind.PHOTO,
    "video": MediaKind.VIDEO,
    "tệp": MediaKind.DOCUMENT,
    "giọng nói": MediaKind.DOCUMENT,
}


async def act(stage: Stage, scene: Scene, recording: Path) -> str:
    """Play a scene; the script as it should have been written."""
    picture = recording.with_suffix(".jpg")
    picture.write_bytes(gate_picture())
    stage.channel.uploads = {"good": recording, "broken": Path(__file__), "picture": picture}
    acted: list[str] = []
    spoken: list[str] = []
    for line in scene.inputs:
        acted.append(line)
        if not is_driving(line):
            continue
        is_known = line.startswith(KNOWN)
        line = line.removeprefix(KNOWN)  # noqa: PLW2901 - what is done, without how it is shown
        if line.startswith("*"):
            shown = await follow(stage, line)
            acted += [*stage.seen(), *shown]
            continue
        found = _LINE.fullmatch(line)
        assert found, f"not a line of a script: {line}"
        if not found["what"].startswith(("/", "[", "(")):
            spoken.append(found["what"])
        await stage.does(found["who"], *_bodies(stage, found["who"], found["what"]))
        seen = stage.seen()
        acted += [] if is_known else seen
    await stage.check(spoken)
    return "\n".join(acted)


def _bodies(stage: Stage, who: str, what: str) -> list[Body]:
    if what == _FORGED:
        return [Tap("AAAAAAAAAAAA", _asking(stage, who))]
    if tap := _TAP.fullmatch(what):
        account = stage.account(tap["whose"] or who)
        is_gone = tap["how"] == " đã gỡ"
        token = stage.channel.token(account, tap["label"], where=tap["where"] or "", gone=is_gone)
        times = 2 if tap["how"] == " hai lần liền" else 1
        return [Tap(token, _asking(stage, who)) for _ in range(times)]
    if file := _FILE.fullmatch(what):
        whole = "picture" if file["kind"] == "ảnh" else "good"
        file_id = {" hỏng": "broken", " quá lớn": "huge", None: whole}[file["which"]]
        return [Attachment(_KINDS[file["kind"]], file_id, "tep.mp4", 1_000, file["caption"] or "")]
    if what in _OTHER:
        return [Other(_OTHER[what])]
    text = _REPEATED.sub(lambda part: part["text"] * int(part["times"]), what)
    return [words_or_command(text[:LONGEST_MESSAGE])]


def _asking(stage: Stage, who: str) -> str:
    query_id = f"q{len(stage.channel.asking)}-{stage._updates}"
    stage.channel.asking[query_id] = stage.account(who)
    return query_id
