"""The words that tell what somebody wants, in folded spelling. One line holds words of one sense."""

import re


def _any(lines: str) -> re.Pattern[str]:
    words = "|".join(line.strip() for line in lines.strip().splitlines())
    return re.compile(rf"(?<![a-z0-9#])(?:{words})(?![a-z0-9])")


HELP_ALONE = re.compile(
    r"[ /]*(?:\?+|help|tro ?giup|huong dan|menu|tro li"
    r"|(?:da )?(?:co )?(?:giup|ho tro)(?: (?:em|e|toi|minh|anh|chi|co|thay|bac|voi|vs|a|nhe|me))*)[ ?.!#]*"
)
HELP = _any(
    """
    huong dan|help|tro giup|hdsd|(?:chua|khong|ko) biet (?:dung|cach|xai)|co (?:nhung )?lenh nao
    (?:su )?dung (?:nhu )?the nao|lam (?:sao|the nao)(?: de)?
    (?:xem|xin|lay|chup|gui|quay|dat|viet|go|nhan)(?: [a-z#]+){0,3} (?:nhu )?the nao(?! roi)
    (?:xem|chup|quay|xin) kieu gi
    go lenh|lenh (?:nao|gi)|bot (?:lam|biet|giup) (?:duoc )?(?:nhung )?gi|how do i
    """
)
HOW = _any("cach (?:dung|su dung|xem|yeu cau|xin|chup|lay|quay|gui|trich)|how to|lam (?:sao|the nao) de")
"""Asks how something is done, even where a camera is named."""

PLAYBACK = _any(
    """
    xem lai|tua lai|ghi lai|playback|record(?:ing)?
    trich(?: xuat)?(?: cam)?|cat cam|xuat (?:file|cam)|ban ghi|doan ghi
    giu (?:lai )?(?:doan|ban|clip|video)|khoa lai (?:doan|clip)|luu lai (?:doan|clip)
    yeu cau|xin (?:trich|clip|video)|lay (?:lai )?(?:clip|video)
    xin phep (?:duoc )?xem|xin (?:duoc )?xem(?: lai)?
    check (?:lai )?cam|kiem tra lai cam
    """
)
AGAIN = _any("lai|tua|trich(?: xuat)?|cat|doan|ban ghi|ghi|clip|video|yeu cau|playback|recording")
"""What tells "xin xem" of a recording from "xin xem" of a picture."""

COURTESIES = frozenset(
    """
    da vang em anh chi co thay bac chu toi minh chau nho giup ho voi nhe nha cho xin cam on duoc oi vui long
    """.split()  # noqa: SIM905 - a line of words reads better than a column of quotes
)
"""Words of politeness; they tell nothing of the wish."""

PHOTO = _any(
    """
    chup(?: anh| hinh)?|snapshot|snap|picture|photo
    hinh anh|tam (?:anh|hinh)
    (?:xem|gui|lay|xin|cho) (?:1 |mot )?(?:anh|hinh)(?= (?:#|cam|chup|hien))
    """
)
PHOTO_TYPED = re.compile(
    "(?<!mất )(?<!lên )(?<!ghi )(?<!có )(?<!màn )(?<!tình )(?<!quay )(?:ảnh|hình)", re.IGNORECASE
)
"""Looked for in the text as typed (composed): without its mark "ảnh" is also a form of address."""

CAMERA = _any("cam(?:era)?(?: so)? [0-9]+|cam[0-9]+|phong|san|hanh lang|cau thang|nha [a-z]")
"""A camera or a place is spoken of, if not one that's known."""

NOW = _any("truc tiep|truc tuyen|live|bay gio|luc nay|hien (?:tai|gio)")
LOOK = _any("xem|coi|nhin|check|kiem tra|view|look")
LIVE = _any("quay|record(?!ing)|ghi hinh|clip|video|truc tiep|truc tuyen|live|phim")
INCIDENT = _any(
    """
    danh nhau|xo xat|bat nat|hung khi|dao keo|(?:cam|co|rut|mang|dung) dao|au da|gay go|gay roi|bao luc
    chui boi|de doa|hanh hung
    (?:bi|dang|vua|dam|doi) (?:[a-z]+ )?danh(?! gia| dau| rang| trong)|danh (?:hoi dong|ban|hs|em)
    fight(?:ing)?|fire|smoke|stranger|accident|injured|bleeding|stolen
    tai nan|bi thuong|chay mau|bat tinh|cap cuu|ngo doc|te nga|xo nga|bi nga|(?:bi )?ngat(?: xiu)?
    co giat|gay (?:tay|chan)|duoi nuoc|dau bung|non mua
    (?:tong|dam) (?:trung|vao|phai)|(?:bi )?(?:xe|o to|xe may|oto) (?:[a-z]+ )?(?:tong|dam|can|va)
    cuu (?:voi|em|toi|minh|hs)|khan cap|nguy hiem
    thuoc la|chat cam|ma tuy|dien thoai bi mat|an toan thuc pham|vo kinh|dap vo|bi vo|bi be|bi cat|hu hong
    bo (?:ra ngoai|tron)|tron (?:hoc|ra|tiet)|ra ngoai truong|nhay (?:tuong|rao|lau)
    (?:bi )?mat (?:trom|cap|xe|do|dien thoai|tien|tai san)|trom
    nguoi la|treo (?:tuong|rao|cong)|leo (?:tuong|rao|cong)|hut thuoc|tre lac
    chap dien|no binh|tieng no|ro ri|xi gas|dam chay|co chay
    bi chay|chay no|boc khoi|co khoi|do cay|cay do|ngap
    un tac|ket xe|tac duong|toc mai|va cham|bi pha|pha hoai|cat day|dap pha
    su co|su viec|su vu|vu viec|co chuyen|bao cao
    """
)
INCIDENT_TYPED = re.compile(
    "cháy|khói|(?<![a-z])(?:chays|chasy|chay1|kho[is]{2}|khoi1)(?![a-z0-9])", re.IGNORECASE
)
"""Looked for in the text as typed: without its mark "cháy" is also "chạy"."""

FORBIDDEN = _any(
    """
    tat(?! ca(?![a-z]))|ngung ghi|dung ghi|vo hieu
    xoa (?:ban|doan|cam|camera|du lieu|video|clip|hinh|anh|het|file|nhat ky)
    """
)
"""What nobody can have from a chat: switching cameras off, deleting recordings."""

PROGRESS = _any("duyet chua|ai duyet|(?:den|toi) dau roi|(?:sao|the nao) roi|xong chua")
"""Asks how a request stands, whatever day it names."""

STATUS = _any(
    """
    con luu|con giu
    (?:du lieu|ban ghi|clip|video|hinh|doan ghi)(?: [a-z0-9#/]+){0,4} (?:con|mat) (?:khong|ko|k|chua)
    bi (?:ghi )?de|may cam(?:era)? (?:dang|con|bi|hoat|chay|hong|tot)|bao nhieu cam(?:era)?|online
    offline|working|con (?:chay|hoat dong|song|tot|len)(?: hinh)? (?:khong|ko|k|chua)
    sai gio|lech gio|loi o|o (?:bi )?(?:loi|hong)|dau thu
    (?:khong|ko|k) (?:xem (?:duoc|dc)|len hinh|hoat dong)
    mat (?:mang|ket noi|dien(?! thoai))|den (?:man hinh|xi|ngom|sam)|bi nhoe|bi nhieu|bi che|bi xoay|bi toi
    (?:cam|camera|o|dau ghi|#+) bi (?:hu|hong)|giat lag
    luu (?:duoc )?(?:bao nhieu|may)|bao nhieu ngay|may ngay|luu tru
    (?:he thong|camera|cam)(?: [a-z#]+){0,3} (?:on|ok|binh thuong) (?:khong|ko|chua)
    tinh trang|trang thai|status|hoat dong (?:khong|ko|k|chua|tot|binh thuong)|dang hoat dong
    cam(?:era)? nao
    mat (?:tin|###) hieu|(?:tin|###) hieu (?:yeu|kem)|mat hinh|rot mang|den thui|toi om|bi mo|bi lech
    con song|co hinh khong
    duyet chua|da duyet|den dau roi|toi dau roi|sao roi|the nao roi|xong chua|yc-[0-9]{4}-[0-9]{4}
    dau ghi|o cung|day o
    """
)
