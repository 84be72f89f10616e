"""The words that tell what somebody wants, in folded spelling. One line holds words of one sense."""

import re


def _any(lines: str) -> re.Pattern[str]:
    words = "|".join(line.strip() for line in lines.strip().splitlines())
    return re.compile(rf"(?<![a-z0-9#])(?:{words})(?![a-z0-9])")


HELP_ALONE = re.compile(
    r"[ /]*(?:help|tro ?giup|huong dan|menu|tro li|giup(?: (?:em|toi|minh|anh|chi|co|thay|bac|voi))?)[ ?.!#]*"
)
HELP = _any(
    """
    huong dan|help
    cach (?:dung|su dung|xem|yeu cau|xin)|(?:su )?dung (?:nhu )?the nao
    lam (?:sao|the nao)(?: de)?
    go lenh|lenh (?:nao|gi)|bot lam duoc gi
    """
)
PLAYBACK = _any(
    """
    xem lai|tua lai|ghi lai|playback|record(?:ing)?
    trich(?: xuat)?(?: cam)?|cat cam|xuat (?:file|cam)|ban ghi|doan ghi
    yeu cau|xin (?:trich|clip|video)|lay (?:lai )?(?:clip|video)
    xin phep (?:duoc )?xem|xin (?:duoc )?xem(?: lai)?
    check (?:lai )?cam|kiem tra lai cam
    """
)
PHOTO = _any(
    """
    chup(?: anh| hinh)?|snapshot|snap|picture|photo
    hinh anh|tam (?:anh|hinh)
    (?:xem|gui|lay|xin|cho) (?:1 |mot )?(?:anh|hinh)(?= (?:#|cam|chup|hien))
    """
)
PHOTO_TYPED = re.compile("(?<!mất )(?<!ghi )(?<!có )(?<!màn )(?<!tình )(?<!quay )(?:ảnh|hình)", re.IGNORECASE)
"""Looked for in the text as typed (composed): without its mark "ảnh" is also a form of address."""

LOOK = _any("xem|coi|nhin|check|kiem tra|view|look")
LIVE = _any("quay|ghi hinh|clip|video|truc tiep|truc tuyen|live|phim")
INCIDENT = _any(
    """
    danh nhau|xo xat|bat nat|hung khi|dao keo
    tai nan|bi thuong|chay mau|bat tinh|cap cuu|ngo doc|te nga|xo nga|bi nga
    (?:bi )?mat (?:trom|cap|xe|do|dien thoai|tien|tai san)|trom
    nguoi la|treo tuong|leo (?:tuong|rao)|hut thuoc
    chap dien|dam chay|co chay|bi chay|chay no|boc khoi|co khoi|do cay|cay do|ngap
    un tac|va cham|bi pha|pha hoai|cat day|dap pha
    su co|su viec|su vu|vu viec|co chuyen|bao cao
    """
)
INCIDENT_TYPED = re.compile("cháy|khói", re.IGNORECASE)
"""Looked for in the text as typed: without its mark "cháy" is also "chạy"."""

FORBIDDEN = _any(
    """
    tat(?! ca(?![a-z]))|ngung ghi|dung ghi|vo hieu
    xoa (?:ban|doan|cam|camera|du lieu|video|clip|hinh|anh|het|file|nhat ky)
    """
)
"""What nobody can have from a chat: switching cameras off, deleting recordings."""

STATUS = _any(
    """
    con luu|luu (?:duoc )?(?:bao nhieu|may)|bao nhieu ngay|may ngay|luu tru
    tinh trang|trang thai|status|hoat dong (?:khong|chua)|cam(?:era)? nao
    mat tin hieu|mat hinh|rot mang|den thui|toi om|bi mo|bi lech|con song|co hinh khong
    duyet chua|da duyet|den dau roi|toi dau roi|sao roi|the nao roi|xong chua|yc-[0-9]{4}-[0-9]{4}
    dau ghi|o cung|day o
    """
)
