"""What an incident's words say: its kind and severity, whom to call, and how others are shown them.

Every guess names the words that it rests on. It is shown to the reporter, who changes it with one tap.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.incidents import USUAL, IncidentKind, Severity
from domain.vietnamese.folding import Folded, fold
from domain.vietnamese.needs import Danger, dangers, is_about_a_device
from domain.vietnamese.wish_words import TROUBLE


class Helpline(StrEnum):
    """Whom to call, by number."""

    POLICE = "113"
    FIRE = "114"
    AMBULANCE = "115"
    CHILDREN = "111"


@dataclass(frozen=True, slots=True)
class Guess:
    """What the words suggest. `because` are the words, as typed; `kind` is None where nothing was found."""

    kind: IncidentKind | None
    severity: Severity
    because: tuple[str, ...]


def _any(lines: str) -> re.Pattern[str]:
    words = "|".join(line.strip() for line in lines.strip().splitlines())
    return re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])")


_K = IncidentKind
_KINDS: tuple[tuple[IncidentKind, re.Pattern[str]], ...] = (
    (
        _K.FIRE,
        _any(
            """
            dam chay|co chay|bi chay|chay no|boc khoi|co khoi|khoi (?:den|mu mit|nghi ngut)|chap dien|no binh
            xi gas|ro gas|mui (?:khet|gas)|tieng no|fire|smoke
            """
        ),
    ),
    (
        _K.FIGHT,
        _any(
            """
            danh nhau|xo xat|au da|(?:dam|tat|da|xo) nhau|hanh hung|hung khi|dao keo
            (?:cam|rut|mang|co) (?:dao|hung khi)|danh hoi dong|bi danh|gay go|gay roi|fight(?:ing)?
            """
        ),
    ),
    (_K.BULLYING, _any("bat nat|bao luc hoc duong|tran lot|de doa|chui boi|toc mai|lam nhuc|bullying")),
    (
        _K.TRAFFIC,
        _any(
            """
            un tac|tac duong|ket xe|va quet|quet xe|dam xe|tong xe|va cham
            (?:xe|o to|xe may|oto) (?:[a-z]+ )?(?:tong|dam|can|quet)
            """
        ),
    ),
    (
        _K.FOOD,
        _any("ngo doc|an toan thuc pham|dau bung|non mua|thuc an (?:oi|thiu|hong)|com (?:oi|thiu)"),
    ),
    (
        _K.INJURY,
        _any(
            """
            bi thuong|chay mau|bat tinh|cap cuu|te nga|bi nga|xo nga|ngat(?: xiu)?|co giat|gay (?:tay|chan)
            tai nan|duoi nuoc|dien giat|ran (?:doc )?can|bong|trat chan|accident|injured|bleeding
            """
        ),
    ),
    (
        _K.STRANGER,
        _any(
            """
            nguoi la|(?:thanh nien|dan ong|phu nu|mat|doi tuong) la|kha nghi|dot nhap|stranger
            nguoi (?:khong )?(?:quen|ro) (?:mat|danh tinh|ai)|say (?:ruou|xin)
            """
        ),
    ),
    (
        _K.SUBSTANCE,
        _any("hut thuoc|thuoc la(?: dien tu)?|vape|pod|chat cam|ma tuy|bong cuoi|ruou bia|uong ruou"),
    ),
    (
        _K.LEAVING,
        _any(
            """
            (?:treo|leo|nhay) (?:qua )?(?:tuong|rao|cong|hang rao)|bo (?:ra ngoai|tron)|tron (?:hoc|tiet|ra)
            ra ngoai truong|di lac|tre lac
            """
        ),
    ),
    (
        _K.EQUIPMENT,
        _any(
            """
            (?:cam|camera|dau ghi|o cung)(?: [a-z0-9]+){0,2} (?:bi|hong|hu|mat|mo|lech|den|cat|be|dap)
            mat (?:tin hieu|hinh)|day (?:cam(?:era)? )?bi cat|cat day|che camera
            """
        ),
    ),
    (
        _K.THEFT,
        _any(
            """
            (?:bi )?mat (?:trom|cap|cuop|xe|do|dien thoai|tien|vi|tai san|may tinh|cap sach|dong ho|laptop)
            trom|lay (?:cap|trom)|an cap|mat [0-9]+|cuop(?: giat)?|stolen|theft
            """
        ),
    ),
    (
        _K.DAMAGE,
        _any(
            """
            dap (?:vo|pha|be)|bi (?:vo|be|gay|hong|hu|pha)|vo kinh|hu hong|pha hoai|be khoa|ve bay
            (?:tuong|tran|san) (?:nut|sap|bong)|gach roi|ong nuoc|nuoc (?:chay|tran)
            """
        ),
    ),
    (_K.WEATHER, _any("do cay|cay do|ngap|toc mai|gio (?:lon|manh)|bao(?= lam| quat)|set danh|sat lo")),
)

_EMERGENCY = _any(
    """
    chay mau(?: (?:dau|mui|mom|mat|tai|tay|chan|nhieu))?
    bat tinh|co giat|ngat(?: xiu)?|khong (?:tho|tinh)|cap cuu|gay (?:tay|chan|co)
    dien giat|duoi nuoc|hung khi|(?:cam|rut|mang|co) dao|dao keo|bi dam|dam nhau bang
    nhay lau|nga (?:tu )?(?:tang|lau|cao)|bat coc|danh bom|no binh|xi gas|ro gas|sap (?:tran|tuong|nha)
    ngo doc|tu tu|cuu (?:voi|em|toi|hs)|khan cap|bleeding|unconscious|danh hoi dong
    """
)
_SERIOUS = _any(
    """
    danh nhau|xo xat|bi danh|hanh hung|au da|bi thuong|tai nan|te nga|xo nga|dot nhap|nguoi la|kha nghi
    pha hoai|cat day|bi cat|ma tuy|chat cam|bat nat|de doa|cuop(?: giat)?|nguy hiem|ran (?:doc )?can
    """
)


def guess(text: str) -> Guess:
    """Kind and severity from a told incident, with the words that they rest on.

    Where nothing is recognised the kind is None and the severity the lowest: a person says what it was.
    """
    folded = fold(text)
    found = [(kind, rule.search(folded.text)) for kind, rule in _KINDS]
    because = [_typed(folded, hit) for _kind, hit in found if hit is not None]
    kinds = [kind for kind, hit in found if hit is not None]
    if Danger.FIRE in dangers(text) and IncidentKind.FIRE not in kinds:
        kinds.insert(0, IncidentKind.FIRE)  # told by its mark: "cháy", not "chạy"
        because.insert(0, "cháy")
    fault = TROUBLE.search(folded.text) if not kinds and is_about_a_device(text) else None
    if fault is not None:
        kinds.append(IncidentKind.EQUIPMENT)
        because.append(_typed(folded, fault))
    kind = kinds[0] if kinds else None
    severity = USUAL[kind] if kind is not None else Severity.NOTED
    for level, rule in ((Severity.EMERGENCY, _EMERGENCY), (Severity.SERIOUS, _SERIOUS)):
        hit = rule.search(folded.text)
        if hit is not None and level > severity:
            severity = level
            because = [_typed(folded, hit), *because]
    return Guess(kind, severity, _longest(because)[:3])


_ASKS = re.compile(r"\?\s*$|(?<![a-z])(?:khong|ko|chua)(?: (?:a|nhi|the|vay|em|anh|chi|co|thay))*[ ?.!]*$")


def is_a_question(text: str) -> bool:
    """Whether words ask for something rather than tell it: "hôm nay có đánh nhau không?"."""
    return _ASKS.search(fold(text).text) is not None


def helplines(kind: IncidentKind, text: str) -> tuple[Helpline, ...]:
    """Whom to call about an emergency, in order; never empty."""
    of_danger = {
        Danger.FIRE: Helpline.FIRE,
        Danger.HURT: Helpline.AMBULANCE,
        Danger.VIOLENCE: Helpline.POLICE,
    }
    of_kind: dict[IncidentKind, tuple[Helpline, ...]] = {
        IncidentKind.FIRE: (Helpline.FIRE, Helpline.AMBULANCE),
        IncidentKind.FIGHT: (Helpline.POLICE, Helpline.AMBULANCE),
        IncidentKind.BULLYING: (Helpline.CHILDREN, Helpline.POLICE),
        IncidentKind.STRANGER: (Helpline.POLICE,),
        IncidentKind.THEFT: (Helpline.POLICE,),
        IncidentKind.SUBSTANCE: (Helpline.AMBULANCE, Helpline.POLICE),
    }
    said = [of_danger[danger] for danger in dangers(text)]
    return _once([*said, *of_kind.get(kind, (Helpline.AMBULANCE, Helpline.POLICE))])


def _once(lines: Iterable[Helpline]) -> tuple[Helpline, ...]:
    return tuple(dict.fromkeys(lines))


def _longest(words: list[str]) -> tuple[str, ...]:
    """Without those that stand inside others."""
    kept = dict.fromkeys(words)
    return tuple(one for one in kept if not any(one != other and one in other for other in kept))


def _typed(folded: Folded, hit: re.Match[str]) -> str:
    """The words of the original that were found."""
    piece = folded.piece(hit.start(), hit.end())
    return folded.original[piece.start : piece.end]


_LETTER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠ-Ỹ"
_NAME = rf"[{_LETTER}][^\W\d_]*"
_PUPIL = re.compile(
    rf"(?P<who>\b(?:[Ee]m|[Bb]ạn|[Cc]háu|[Hh]ọc sinh|[Hh][Ss]|HS)(?: (?:nam|nữ|tên|tên là))*)"
    rf" (?P<name>{_NAME}(?: {_NAME}){{1,3}})"
)
_PUPIL_OF_CLASS = re.compile(
    rf"(?P<who>)(?<![\w.])(?P<name>{_NAME}(?: {_NAME}){{0,3}})(?=[ ,(]+(?:lớp |lop )?[6-9][ .]?[A-Z]\d?\b)"
)
_NOT_A_NAME = frozenset({"Em", "Bạn", "Cháu", "Học", "HS", "Hs", "Lớp", "Sân", "Nhà", "Cổng", "Phòng", "Có"})
_ACCUSING = re.compile(
    r"(?<!\w)(?:thủ phạm|hung thủ|kẻ (?:trộm|cắp|gian|xấu|phá hoại|tấn công)|tên (?:trộm|cướp|côn đồ)|côn đồ"
    r"|tội phạm|kẻ thủ ác|thằng (?:trộm|ăn cắp))(?!\w)",
    re.IGNORECASE,
)
NEUTRAL = "người trong hình ảnh ghi nhận"


def shown(text: str) -> str:
    """How others read what a reporter wrote: pupils by initials, nobody called guilty (Điều 4 khoản 3).

    The words themselves stay in the book as they were typed.
    """
    for rule in (_PUPIL, _PUPIL_OF_CLASS):
        text = rule.sub(_initials, text)
    return _ACCUSING.sub(NEUTRAL, text)


def accuses(text: str) -> bool:
    """Whether the words call somebody guilty."""
    return _ACCUSING.search(text) is not None


def _initials(found: re.Match[str]) -> str:
    words = found["name"].split()
    if words[0] in _NOT_A_NAME:
        return found[0]
    letters = ".".join(word[0] for word in words)
    start = f"{found['who']} " if found["who"] else ""
    return f"{start}{letters}"
