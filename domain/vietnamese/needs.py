"""What a told incident or a question about the state is about, as far as its words say."""

import re
import unicodedata
from enum import StrEnum

from domain.vietnamese.folding import fold
from domain.vietnamese.wish_words import DEVICE, FORBIDDEN, TROUBLE

_SAID_FIRE = re.compile(r"cháy(?! máu)|khói|chập điện|(?<![a-z])fire|(?<![a-z])smoke", re.IGNORECASE)
_FIRE = re.compile(
    r"(?<![a-z])(?:dam chay|co chay|bi chay|chay no|boc khoi|co khoi|chap dien|no binh|xi gas)"
)
_HURT = re.compile(
    r"(?<![a-z])(?:chay mau|bi thuong|bat tinh|cap cuu|ngo doc|ngat|co giat|gay (?:tay|chan)|duoi nuoc"
    r"|tai nan|te nga|bi nga|cuu (?:voi|em|toi|hs)|tong|dam vao|bleeding|injured|accident)(?![a-z])"
)
_VIOLENCE = re.compile(
    r"(?<![a-z])(?:danh nhau|xo xat|au da|hanh hung|hung khi|dao|nguoi la|de doa|bi danh|bat nat|cuop"
    r"|treo (?:tuong|rao|cong)|dot nhap|ma tuy|fight(?:ing)?|stranger)(?![a-z])"
)
_REQUEST = re.compile(
    r"(?<![a-z])(?:yc-\d|yeu cau|yc|phieu|duyet|(?:den dau|toi dau|sao|the nao|xong) (?:roi|chua))"
)


class Danger(StrEnum):
    """For which help from outside is called first."""

    FIRE = "fire"
    HURT = "hurt"
    VIOLENCE = "violence"


def dangers(text: str) -> tuple[Danger, ...]:
    """What makes a told incident an emergency, in the order in which help should be called.

    Args:
        text: as typed, composed or not. "cháy" and "chạy" are told apart where they carry their marks.
    """
    folded = fold(text)
    said = " ".join(unicodedata.normalize("NFC", text).split())
    found = []
    if _SAID_FIRE.search(said) or _FIRE.search(folded.text):
        found.append(Danger.FIRE)
    if _HURT.search(folded.text):
        found.append(Danger.HURT)
    if _VIOLENCE.search(folded.text):
        found.append(Danger.VIOLENCE)
    return tuple(found)


def is_about_a_request(text: str) -> bool:
    """Whether a question about the state asks how a request stands, not how the cameras do."""
    return _REQUEST.search(fold(text).text) is not None


def is_about_a_device(text: str) -> bool:
    """Whether a told incident is a fault of a camera or the recorder, which IT staff mend."""
    folded = fold(text).text
    return DEVICE.search(folded) is not None and TROUBLE.search(folded) is not None


def is_forbidden(text: str) -> bool:
    """Whether somebody wants a camera switched off or a recording deleted."""
    return FORBIDDEN.search(fold(text).text) is not None
