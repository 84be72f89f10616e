"""Is it a whole JPEG? Told from its markers, without decoding."""

import struct

from nvr_client.errors import BadAnswer

_START = b"\xff\xd8"
_END = b"\xff\xd9"
_SCAN = 0xDA
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_PADDING = b"\x00\r\n \xff"


def size_of_jpeg(data: bytes) -> tuple[int, int]:
    """Width and height in pixels of a whole JPEG.

    Raises:
        BadAnswer: it is something else, or cut short.
    """
    if not data.startswith(_START):
        raise BadAnswer("the picture is not a JPEG")
    if not data.rstrip(_PADDING).endswith(_END) and not data.endswith(_END):
        raise BadAnswer("the picture is cut short")
    size: tuple[int, int] | None = None
    position = 2
    while position + 4 <= len(data):
        if data[position] != 0xFF:  # noqa: PLR2004 - every JPEG marker begins with it
            break
        marker = data[position + 1]
        if marker == 0xFF:  # noqa: PLR2004 - fill byte before a marker
            position += 1
            continue
        if marker in _STANDALONE:
            position += 2
            continue
        (length,) = struct.unpack_from(">H", data, position + 2)
        if marker in _FRAME_HEADERS and position + 9 <= len(data):
            height, width = struct.unpack_from(">HH", data, position + 5)
            size = (width, height)
        if marker == _SCAN:
            if size is None or 0 in size:
                break
            return size
        position += 2 + length
    raise BadAnswer("the picture is a broken JPEG")
