"""The chat platform as the scripts see it: what each person's phone shows, edits applied."""

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from PIL import Image

from bot.channels.base import (
    Button,
    Capabilities,
    EditImpossible,
    NotSent,
    Receipt,
    Rejected,
    Rendered,
    StoreBatch,
)
from domain.chat import Account, Attachment, MediaKind
from handlers.ports import AttachmentError

KINDS = {MediaKind.PHOTO: "ảnh", MediaKind.VIDEO: "video", MediaKind.DOCUMENT: "tệp"}
_SHA = re.compile(r"SHA-256 [0-9a-f]{16}…")
LIKE_TELEGRAM = Capabilities(
    edit=True,
    buttons=True,
    protect=True,
    text_limit=4096,
    caption_limit=1024,
    label_limit=64,
    upload_limit_bytes=50_000_000,
    download_limit_bytes=20_000_000,
)


@dataclass
class Shown:
    """One message as it stands in a chat."""

    key: str
    text: str
    kind: MediaKind | None
    protected: bool
    buttons: tuple[tuple[Button, ...], ...]

    def lines(self) -> list[str]:
        """Text and buttons, as a script shows them."""
        marks = [KINDS[self.kind]] if self.kind else []
        if self.protected and self.kind:
            marks.append("không chuyển tiếp")
        first = f"[{', '.join(marks)}] {self.text}" if marks else self.text
        rows = [" ".join(f"[{button.label}]" for button in row) for row in self.buttons]
        # Which bytes ffmpeg made for the recording is no part of a script.
        return [_SHA.sub("SHA-256 ‹16 chữ số›…", line).rstrip() for line in (*first.split("\n"), *rows)]


@dataclass
class Phone:
    """One account's chat, oldest message first, and every button that ever stood in it."""

    messages: list[Shown] = field(default_factory=list)
    given: list[tuple[str, str]] = field(default_factory=list)


class ScriptedChannel:
    """`bot.channels.base.Channel` over phones in memory. Pictures are checked to be pictures."""

    name = "telegram"
    can = LIKE_TELEGRAM

    def __init__(self) -> None:
        self.phones: dict[Account, Phone] = {}
        self.events: list[tuple[Account, str, list[str]]] = []
        self.asking: dict[str, Account] = {}
        self.uploads: dict[str, Path] = {}
        self.cut = False
        self.blocking: set[Account] = set()
        self.refused = 0
        self._sent = 0

    def phone(self, account: Account) -> Phone:
        return self.phones.setdefault(account, Phone())

    async def connect(self) -> str:
        return "TrucCamBot"

    async def listen(self, store_batch: StoreBatch) -> None:
        """Scripts hand their updates to the dispatch themselves."""

    async def send(self, account: Account, message: Rendered) -> Receipt:
        if self.cut:
            raise NotSent("cut", retry_after=timedelta(seconds=5))
        if account in self.blocking:
            self.refused += 1
            raise Rejected("blocked by the person")
        kind = message.media.kind if message.media else None
        if message.media is not None and kind is MediaKind.PHOTO:
            with Image.open(message.media.path) as picture:
                picture.verify()
        self._sent += 1
        shown = Shown(str(self._sent), message.text, kind, message.protect, message.buttons)
        phone = self.phone(account)
        phone.messages.append(shown)
        phone.given += [(button.label, button.token) for row in message.buttons for button in row]
        self.events.append((account, "", shown.lines()))
        return Receipt(shown.key, kind is not None)

    async def edit(self, account: Account, message_key: str, message: Rendered, *, had_media: bool) -> None:
        if self.cut:
            raise NotSent("cut", retry_after=timedelta(seconds=5))
        shown = self._find(account, message_key)
        assert (shown.kind is not None) is had_media
        shown.text, shown.buttons = message.text, message.buttons
        self.phone(account).given += [
            (button.label, button.token) for row in message.buttons for button in row
        ]
        self.events.append((account, "sửa", shown.lines()))

    async def drop_buttons(self, account: Account, message_key: str) -> None:
        shown = self._find(account, message_key)
        if shown.buttons:
            shown.buttons = ()
            self.events.append((account, "gỡ nút", [shown.text.split("\n")[0]]))

    async def acknowledge(self, query_id: str, text: str | None = None) -> None:
        account = self.asking.pop(query_id, None)
        if text and account is not None:
            self.events.append((account, "thoáng qua", [text]))

    async def fetch(self, attachment: Attachment, target: Path) -> None:
        source = self.uploads.get(attachment.file_id)
        if source is None:
            raise AttachmentError("larger than the platform gives")
        shutil.copy(source, target)

    async def find_sent(self, account: Account, message: Rendered, mark: str) -> str | None:
        return None

    def highest_seen(self) -> str:
        return str(self._sent) if self._sent else ""

    def note_seen(self, message_key: str) -> None:
        self._sent = max(self._sent, int(message_key))

    async def announce_commands(self, commands: Mapping[str, str]) -> None:
        """Nobody looks at the menu in a script."""

    async def aclose(self) -> None:
        """Nothing is open."""

    def token(self, account: Account, label: str, *, where: str = "", gone: bool = False) -> str:
        """What the newest button of that name carries; `gone`: one that stands nowhere any more."""
        phone = self.phone(account)
        standing = [
            button
            for shown in reversed(phone.messages)
            if where in shown.text
            for row in shown.buttons
            for button in row
        ]
        if gone:
            left = {button.token for button in standing}
            old: Sequence[str] = [given for name, given in phone.given if name == label and given not in left]
            if old:
                return old[-1]
        else:
            for button in standing:
                if button.label == label:
                    return button.token
        names = ", ".join(f"[{button.label}]" for button in standing) or "none"
        raise AssertionError(f"no button [{label}] there; standing: {names}")

    def _find(self, account: Account, key: str) -> Shown:
        for shown in self.phone(account).messages:
            if shown.key == key:
                return shown
        raise EditImpossible(key)
