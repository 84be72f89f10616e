"""The purpose in a sentence: what is left when camera, time and courtesies are cut out, as it was typed."""

import re
from collections.abc import Sequence

from domain.vietnamese.folding import fold
from domain.vietnamese.readings import Piece

_OPENING = re.compile(
    r"^(?:(?:[ ,.;:!?\-()·|\"']+|"
    r"(?:da|vang|a|oi|em(?! [a-z](?![a-z]))|anh|chi|co|thay|bac|chu|toi|minh|con(?! toi)|chau|cho|xin|phep|duoc|nho|giup|ho|voi|nhe|nha|dum|lam on|please"
    r"|chao|kinh|thua|truong|hieu truong|xem|lai|coi|check|trich|xuat|tua|cat|lay|gui|chup|quay|clip|video|hinh|doan|ghi|ban|file"
    r"|cam|camera|yeu cau|muon|can|la|o|tai|luc|vao|tu|den|trong|khoang|ngay|hom|gio|cai|va|cua|ve|de|vi|do|ly do|muc dich|nham|ad|bot|may quay)"
    r"(?![a-z0-9])))+"
)
_CLOSING = re.compile(
    r"(?:(?:[ ,.;:!?\-()·|\"']+|(?<![a-z0-9])"
    r"(?:a|nhe|nha|voi|giup|dum|ho|em|anh|chi|co|thay|bac|cam on|em cam on|xin|cho|o|tai|luc|vao|va|duoc khong|duoc khong a|khong|cam|camera))"
    r")+$"
)
_KEPT = re.compile(r"[a-z0-9]")


def purpose_of(text: str, cut: Sequence[Piece]) -> str:
    """What remains of `text` without the pieces and the courtesies at its edges, with marks and capitals kept.

    When something remains on several sides of the pieces, the longest stretch is the purpose.
    """
    stretches = _between(text, cut)
    cleaned = [_trimmed(stretch) for stretch in stretches]
    return max(cleaned, key=len, default="")


def _between(text: str, cut: Sequence[Piece]) -> list[str]:
    found: list[str] = []
    at = 0
    for piece in sorted(cut, key=lambda piece: piece.start):
        if piece.start > at:
            found.append(text[at : piece.start])
        at = max(at, piece.end)
    found.append(text[at:])
    return found


def _trimmed(stretch: str) -> str:
    folded = fold(stretch, frozenset())
    opening = _OPENING.match(folded.text)
    start = opening.end() if opening is not None else 0
    closing = _CLOSING.search(folded.text, start)
    end = closing.start() if closing is not None else len(folded.text)
    if end <= start or _KEPT.search(folded.text, start, end) is None:
        return ""
    return " ".join(stretch[folded.starts[start] : folded.ends[end - 1]].split())
