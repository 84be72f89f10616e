"""Everything that can go wrong with pictures and video, sorted by what the caller can do.

MediaError
├── NotAPicture          ask for another: the bytes are not one whole JPEG or PNG
├── NotAVideo            ask for another: the file holds no video that can be read
├── CannotFit            send a link instead: even the smallest cut is larger than allowed
├── NoSpace              make room, then try again: the disk is full
└── ToolFailed           a person must look: ffmpeg could not do it
    ├── ToolMissing      install ffmpeg or correct its path
    └── ToolTooSlow      try again later: it was stopped at its time limit

`retryable` tells whether the same call may succeed later without a person. What ffmpeg wrote is kept in
`ToolFailed.detail` for the log; it is in no message, because messages may reach people.
"""


class MediaError(Exception):
    """The picture or video could not be handled."""

    retryable: bool = False


class NotAPicture(MediaError):
    """The bytes are not one whole JPEG or PNG picture."""


class NotAVideo(MediaError):
    """The file holds no video that can be read."""


class CannotFit(MediaError):
    """No cut on key frames is as small as asked."""


class NoSpace(MediaError):
    """The disk is full."""

    retryable = True


class ToolFailed(MediaError):
    """ffmpeg could not do it.

    Attributes:
        detail: the last lines that ffmpeg wrote, for the log only.
    """

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


class ToolMissing(ToolFailed):
    """There is no ffmpeg at the given place."""


class ToolTooSlow(ToolFailed):
    """ffmpeg was stopped at its time limit."""

    retryable = True
