"""Files that the pretend Telegram keeps: ids, sizes of a photo, limits.

Limits: core.telegram.org/bots/api#sending-files (photo 10 MB, width + height at most 10000, ratio at
most 20, other uploads 50 MB, download 20 MB).
"""

import asyncio
import itertools
import mimetypes
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from simulator.telegram.errors import bad_request
from simulator.telegram.mp4 import video_shape

PHOTO_LIMIT_BYTES = 10 * 1024 * 1024
UPLOAD_LIMIT_BYTES = 50 * 1024 * 1024
DOWNLOAD_LIMIT_BYTES = 20 * 1024 * 1024
_PHOTO_BOXES = (320, 800, 2560)
_FOLDERS = {"photo": "photos", "video": "videos", "document": "documents"}


@dataclass(frozen=True)
class Upload:
    """A file part of a request, already on disk."""

    path: Path
    name: str
    mime_type: str
    size_bytes: int


@dataclass(frozen=True)
class StoredFile:
    """One file as Telegram keeps it.

    Attributes:
        file_id: What a bot passes to send it again or to `getFile`.
        path: Where the bytes are on this machine.
        name: File name as the sender gave it.
        width: Pixels, 0 where unknown; so `height`.
        duration_seconds: Whole seconds, 0 where unknown.
    """

    file_id: str
    unique_id: str
    kind: str
    path: Path
    name: str
    mime_type: str
    size_bytes: int
    width: int = 0
    height: int = 0
    duration_seconds: int = 0

    @property
    def remote_path(self) -> str:
        """The `file_path` of `getFile`."""
        return f"{_FOLDERS[self.kind]}/{self.path.name}"

    def read(self) -> bytes:
        """The bytes."""
        return self.path.read_bytes()


@dataclass(frozen=True)
class Attachment:
    """What hangs on a message.

    Attributes:
        kind: "photo", "video" or "document".
        file: The file itself; of a photo the largest size.
        sizes: Of a photo all sizes, smallest first; else empty.
    """

    kind: str
    file: StoredFile
    sizes: tuple[StoredFile, ...] = field(default=())


class FileStore:
    """Keeps files in a folder and hands out ids.

    Args:
        folder: An existing folder for the bytes; whoever made it removes it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._files: dict[str, StoredFile] = {}
        self._attachments: dict[str, Attachment] = {}

    def new_path(self, suffix: str) -> Path:
        """A path in the folder that nobody uses yet."""
        return self._folder / f"file_{next(self._numbers)}{suffix}"

    def find(self, file_id: str) -> StoredFile | None:
        """The file with this id."""
        return self._files.get(file_id)

    def attachment(self, file_id: str) -> Attachment | None:
        """The attachment that this id belongs to, to send it once more."""
        return self._attachments.get(file_id)

    def by_remote_path(self, remote_path: str) -> StoredFile | None:
        """The file behind a `file_path`."""
        return next((file for file in self._files.values() if file.remote_path == remote_path), None)

    async def copy_in(self, path: Path) -> Upload:
        """Take a file of this machine as if a person had chosen it on the phone."""
        target = self.new_path(path.suffix.lower())
        await asyncio.to_thread(shutil.copyfile, path, target)
        mime_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return Upload(target, path.name, mime_type, target.stat().st_size)

    async def keep(
        self, kind: str, upload: Upload, *, width: int = 0, height: int = 0, duration_seconds: int = 0
    ) -> Attachment:
        """Make an attachment of an upload.

        Raises:
            ApiError: 400 when a photo is too large, too long and thin, or no picture.
        """
        if upload.size_bytes == 0:
            raise bad_request("file must be non-empty")
        if kind == "photo":
            return await self._keep_photo(upload)
        if kind == "video" and not (width and height and duration_seconds):
            shape = await asyncio.to_thread(video_shape, upload.path)
            width, height = width or shape.width, height or shape.height
            duration_seconds = duration_seconds or shape.duration_seconds
        file = self._register(kind, upload, width=width, height=height, duration_seconds=duration_seconds)
        return self._remember(Attachment(kind, file))

    async def _keep_photo(self, upload: Upload) -> Attachment:
        if upload.size_bytes > PHOTO_LIMIT_BYTES:
            raise bad_request(
                f"file of size {upload.size_bytes} bytes is too big for a photo; "
                f"the maximum size is {PHOTO_LIMIT_BYTES} bytes"
            )
        try:
            width, height = await asyncio.to_thread(_looked_at, upload.path)
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
            raise bad_request("IMAGE_PROCESS_FAILED") from error
        if width + height > 10000 or max(width, height) > 20 * min(width, height):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        sizes: list[StoredFile] = []
        for box in _PHOTO_BOXES:
            if box >= max(width, height):
                break
            path = self.new_path(".jpg")
            small = await asyncio.to_thread(_scaled, upload.path, path, box)
            smaller = Upload(path, upload.name, "image/jpeg", path.stat().st_size)
            sizes.append(self._register("photo", smaller, width=small[0], height=small[1]))
        if max(width, height) <= _PHOTO_BOXES[-1]:
            sizes.append(self._register("photo", upload, width=width, height=height))
        return self._remember(Attachment("photo", sizes[-1], tuple(sizes)))

    def _register(
        self, kind: str, upload: Upload, *, width: int, height: int, duration_seconds: int = 0
    ) -> StoredFile:
        number = next(self._numbers)
        file = StoredFile(
            file_id=f"AgACAgUAAxk{kind.capitalize()}{number:08d}",
            unique_id=f"AQAD{number:08d}",
            kind=kind,
            path=upload.path,
            name=upload.name,
            mime_type=upload.mime_type,
            size_bytes=upload.size_bytes,
            width=width,
            height=height,
            duration_seconds=duration_seconds,
        )
        self._files[file.file_id] = file
        return file

    def _remember(self, attachment: Attachment) -> Attachment:
        for file in attachment.sizes or (attachment.file,):
            self._attachments[file.file_id] = attachment
        return attachment


def _looked_at(path: Path) -> tuple[int, int]:
    """Width and height of a picture that can be decoded to its end."""
    with Image.open(path) as picture:
        size = picture.size
        picture.draft("RGB", (max(1, size[0] // 8), max(1, size[1] // 8)))
        picture.load()
    return size


def _scaled(source: Path, target: Path, box: int) -> tuple[int, int]:
    with Image.open(source) as picture:
        picture.draft("RGB", (box, box))
        small = picture.convert("RGB")
        small.thumbnail((box, box))
        small.save(target, "JPEG", quality=85)
        return small.size
