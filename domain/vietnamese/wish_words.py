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
    huong dan|help|tro giup|hdsd|(?:chua|khong|ko) (?:biet|ranh) (?:dung|cach|xai|su dung)
    co (?:nhung )?lenh nao|chuc nang|cau lenh
    (?:nhan|go|viet|noi|hoi|yeu cau) (?:kieu|nhu|cau|the) (?:gi|nao)
    (?:su )?dung (?:nhu )?the nao|lam (?:sao|the nao)(?: de)?
    (?:xem|xin|lay|chup|gui|quay|dat|viet|go|nhan)(?: [a-z#]+){0,3} (?:nhu )?the nao(?! roi)
    (?:xem|chup|quay|xin)(?: [a-z#]+){0,2} kieu gi
    (?:dung|xai|su dung) (?:nhu|kieu) (?:the nao|gi|sao)
    ho tro (?:su )?dung|(?:su dung|dung|xai)(?: [a-z]+){0,3} ra sao
    (?:go|lam|viet|ghi|noi|bam|nhan|lenh) (?:nhu )?(?:the )?nao|lam (?:kieu )?gi de
    cac lenh|(?:dung|xai) sao(?! cho)|bot(?: [a-z]+){0,2} (?:lam|biet|giup) (?:duoc )?(?:nhung )?gi
    bot(?: [a-z]+){0,2} duoc (?:nhung )?gi
    go lenh|lenh (?:nao|gi)|bot (?:lam|biet|giup) (?:duoc )?(?:nhung )?gi|how do i
    """
)
ASKING = _any(
    """
    xem|coi|xin|check|kiem tra|trich|cat|clip|video|cam(?:era)?|lay|tua|doan|ban ghi|can|muon|giup|ho
    nho (?:em|anh|co|thay|chu|bac|chi|e|a|kiem|check|xem|trich|lay|cat|bot|ad)
    gium|dum|cho (?:em|e|thay|co|toi|minh|anh|chi|bac|chu|tui|#+|a)|gui|record|view|show|please|pls|plz
    tim|ra soat|yeu cau|de nghi|phep|chup|quay|anh hinh|hinh|ai
    """
)
"""Asks for something to be shown or done."""

QUESTION = _any(
    r"""
    (?:khong|ko|k|hok|chua|chu|ha|hay sao)(?<!roi chu)(?= *\?| *$| (?:[a-z]{1,4} )+\?)
    (?:khong|ko|k|chua|ha)(?=[ ,.!]+(?:(?:#+|[aez]|a[j5]|da|vay|the|nh[ei]|voi|em|on|cam)(?:[ ,.!]+|$))*$)
    (?:khong|ko|k|hok|chua|chu|ha|hay sao)(?= (?:#+ )?(?:em|anh|co|bac|chu|giup|ban|chi|oi)(?![a-z]))
    (?:khong|ko|k|hok|chua|chu|ha|hay sao)(?= (?:#+ )?thay ?(?:#|$|oi|a(?![a-z])))
    (?:cam|camera|con|cai|may|cho|o) nao|nao (?:dang|bi|con)|may (?:cam|con|cai|ngay)|bao nhieu|sao|the nao
    bao gio|bao lau|is|are|co [a-z ]{0,20} (?:khong|ko|k)(?! (?:len|co|thay|xem|hoat))
    kiem tra|check|tinh trang|trang thai|den ngay nao|tu ngay nao
    """
)
"""Asks about something, or asks to look after it."""

TROUBLE = _any(
    """
    mo (?:qua|nhoe|roi|lam|###|het|tit|mit)|(?:bi|hinh|cam|camera|#+) mo|nhoe|toi (?:om|thui|den|mit)
    den (?:thui|xi|ngom|si|sam|man hinh|kit)|mat (?:hinh|tin hieu|tin|### hieu|mang|ket noi|song|anh)
    (?:rot|rut) mang|(?:bi|da) (?:che|bit|xoay|lech|be|hong|hu|loi|treo|chet|toi|den|mo|nhieu)
    (?:xoay|quay) lech|lech
    sai gio|loi|hong|hu|chap chon|nhieu (?:song|hat|soc)|bi nhieu|offline
    (?:khong|ko|k) (?:len|co|thay|xem|hoat|vao|quay|ghi|nhin) ?[a-z]*|chet
    mat dien|keu|bip|sai huong|treo|tat nguon|khoi dong|den het|bao (?:den|do|dong)
    giat|lag|day (?:roi|o)|nhap nhay|soc|vo hinh|dung hinh|sap|rung
    """
)
"""What is wrong with a camera or a recorder."""

DEVICE = _any("cam(?! on)(?:era)?|dau (?:ghi|thu)|o cung|he thong|may chu|tin hieu|yeu cau|phieu|don|yc")

HARM = _any(
    """
    (?<!thiet )(?<!chuan )bi(?! (?:om|sot|cam|benh|kinh|tre|muon|nghi|thieu|quen|nham|phat|ket)(?![a-z]))
    danh(?! (?:gia|dau|rang|trong|may|so|van|cau|bong|mat|bai|chu|sach|hieu|du|van|cho|vong|muc))
    (?:can|goi|keu|bao) (?:gap )?(?:bao ve|cong an|y te|cap cuu|giam thi)
    (?:len|ra|xuong|toi|den|qua) (?:ngay|gap|lien)
    """
)
"""Tells that somebody or something comes to harm."""

WATCHED = _any(
    """
    (?:co|con) (?:ai|nguoi|xe|hs|em|con|do|gi|dong|hoc sinh)(?= (?:[a-z#]+ )*(?:khong|ko|k|chua)(?![a-z]))
    (?:co|con) (?:lop|cho)(?= (?:[a-z#]+ )*(?:khong|ko|k|chua)(?![a-z]))
    (?<!hoat )dong (?:khong|ko|k|chua)
    (?:dang )?lam gi|(?:mo|dong|khoa|don|tan|nau|xep|quet|rua|lau|xong|ve|het)(?: (?:cua|xong|het))? chua
    (?:sao|the nao)(?: roi| r(?: a)?|$)|ra sao|vang|on (?:khong|ko|k|chua)
    may (?:nguoi|em|xe)|ai (?:dang |con )?(?:o|owr|o73|trong|ngoi|dung)(?![a-z])
    """
)
"""Asks what a place looks like now."""

REMARK = _any(
    """
    (?:vui|dep|hay|met|nong|lanh|ngon|chan|tuyet|buon|thich)(?: [a-z]+)? (?:qua|###(?!#)|lam|that|ghe|nhi|nha)
    (?:###|toi|em|minh|thay|co|anh|bac|chu|tui|e) (?:da |vua |dang )?(?:truc|day|dung lop|ngoi|co mat)
    (?:###|toi|em|minh|thay|co|anh|bac|chu|tui|e) (?:da |vua |dang )?(?:di hop|don|goi dien|nho mo)
    nho (?:mo|dong|khoa|mang|den|don|tat|bat)|hen gap|moi nguoi|moi (?:cac|thay|co|phu huynh)|chuc mung
    (?:khong|ko) co gi(?! (?:xay|la|dac))|thong bao|tap trung
    """
)
"""Tells of something or invites to it: not a wish."""

HOW = _any(
    """
    cach (?:dung|su dung|bao (?:cao|su)|xem|yeu cau|xin|chup|lay|quay|gui|trich)
    how to|lam (?:sao|the nao) de
    """
)
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

PARTICLES = frozenset(
    """
    a aj a5 ak ah e u uh z vay the day do di nao cai phat chut ti ne ni nhi ha voi vs cam camera con
    hien tai gio
    hien luc bay nay ngay o tai khu cho phia ben trong the la thi ma va de len r roi ok nhanh gap now the at
    lai them please pls plz me show of is so hay chua khong ko k ben on nhe nha nghe nghen da a oi
    """.split()  # noqa: SIM905 - a line of words reads better than a column of quotes
)
"""Words that carry no wish of their own."""

COURTESIES = frozenset(
    """
    da vang em anh chi co thay bac chu toi minh chau nho giup ho voi nhe nha cho xin cam on duoc oi vui long
    """.split()  # noqa: SIM905 - a line of words reads better than a column of quotes
)
"""Words of politeness; they tell nothing of the wish."""

PHOTO = _any(
    """
    chup(?: anh| hinh)?|snapshot|snap|picture|photo
    hinh anh|cai hinh|(?:tam|buc) (?:anh|hinh)|(?:anh|hinh) tuc thoi|pics?
    (?:xem|gui|lay|xin|cho) (?:1 |mot )?(?:anh|hinh)(?= (?:#|cam|chup|hien))
    """
)
PHOTO_TYPED = re.compile(
    r"(?<!mất )(?<!lên )(?<!ghi )(?<!có )(?<!màn )(?<!tình )(?<!quay )(?<!\w)(?:ảnh|hình)(?!\w)",
    re.IGNORECASE,
)
"""Looked for in the text as typed (composed): without its mark "ảnh" is also a form of address."""

CHECKED = _any("giup|nho|xin|cho (?:em|toi|thay|co|minh|chi|anh)|trich|cat|lay|tim|doan|yeu cau|de nghi")
"""Asks to look after what is told."""

CAMERA = _any("cam(?:era)?(?: so)? [0-9]+|cam[0-9]+|phong|san|hanh lang|cau thang|nha [a-z]")
"""A camera or a place is spoken of, if not one that's known."""

NOW = _any("truc tiep|truc tuyen|live|(?:bay|#{3,4}) gio|luc nay|hien (?:tai|gio|h)")
LOOK = _any("xem|coi|nhin|check|kiem tra|view|look|see|ngo (?:cai|giup|ho|qua|cho|vao|#+|coi|thu)|dom|liec")
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
    chap dien|no binh|tieng no|ro ri|xi gas|dam chay
    co chay(?! (?:khong|ko|k|chua|tot|on|binh|bo|nhay|duoc|qua|ra|vao|lai|xe|nhanh))
    bi chay|chay no|boc khoi|co khoi|do cay|cay(?: [a-z0-9]+)? do(?! (?:dac|dung))|ngap
    va quet|quet xe|bi cay|cho du|bi mat (?:[0-9]+|mot|hai) [a-z]+
    do hoa chat|bong (?:tay|chan|mat|nang)|bao (?:lam )?do|do (?:cot co|cong|hang rao|mai ton)
    (?:cho|meo|ong|khi|chuot)(?: [a-z#]+){0,3} (?:can|dot|cao)(?![a-z])
    kha nghi|doi tuong la|nhay (?:tu|xuong)(?! [0-9])|bi do (?:mot|1|xuong|sap)|con ran|ran bo|ran doc
    dap be|say (?:ruou|xin)|(?:dam|tat|cai|xo|day|da|danh) nhau|(?:thanh nien|dan ong|phu nu|mat) la
    (?:tuong|tran|san|###) (?:nut|sap|bong)|tuong nut|gach roi|ong nuoc|nuoc (?:chay|tran)
    dien giat|(?:bao|trinh bao) (?:bi )?mat(?! dien| mang| hinh| tin| ket)
    mui (?:khet|gas|la)|bi (?:ai|ai do) (?:cat|be|pha|dap)|bi (?:xe may|o to|oto) (?:quet|huc|cham)
    (?:treo|leo|nhay)(?: qua| len| vao| ra)? #+
    un tac|ket xe|tac duong|toc mai|va cham|bi pha|pha hoai|cat day|dap pha
    su co|su viec|su vu|vu viec|co chuyen|bao cao(?! tinh (?:hinh|trang))|bao (?:hong|hu|loi|mat|dong|chay)
    mat (?:cai|chiec|con|cap|vi|balo|ba lo|ao|mu|giay|sach|may tinh|laptop|quat|den|ban|ghe|quyen) ?[a-z]*
    (?:tung toe|vo tung|vo toang|om som|loan len|chen lan|xo day|dam dap)
    """
)
INCIDENT_TYPED = re.compile(
    "cháy|khói|(?<![a-z])(?:chays|chasy|chay1|kho[is]{2}|khoi1)(?![a-z0-9])", re.IGNORECASE
)
"""Looked for in the text as typed: without its mark "cháy" is also "chạy"."""

FORBIDDEN = _any(
    """
    tat(?! ca(?![a-z]))|ngung ghi|dung ghi|vo hieu
    xoa (?:(?:giup|ho|dum|cho|em|anh|thay|co|#+|di|cai) )*(?:ban|doan|cam|camera|du lieu|video)
    xoa (?:(?:giup|ho|dum|cho|em|anh|thay|co|#+|di|cai) )*(?:clip|hinh|anh|het|file|nhat ky)
    """
)
"""What nobody can have from a chat: switching cameras off, deleting recordings."""

UNWANTED = _any(
    r"(?:(?<!anh )(?<!a )(?<!chi )(?<!thay )(?<!co )(?<!bac )(?<!chu )(?<!em )dung(?: co)?"
    r"|khoi|khong can|ko can) (?:can )?(?:chup|quay|gui|live|trich|mo|phat)(?! sai)"
    r"|(?:(?:khong|ko|k) (?:can|phai|muon|nen)|khoi|thoi (?:khong|ko|khoi)) (?:[a-z#]+ ){0,5}?"
    r"(?:xem|coi|trich|lay|chup|quay|clip|video|cat|tua|gui|check|yeu cau|doan)"
)
"""Says that something isn't wanted any more: "đừng quay cổng chính nữa"."""

BROKEN = _any(
    """
    (?:cam|camera|hinh|#+)(?: (?:so )?[0-9]+| #+)? bi (?:mo|nhoe|nhieu|che|lech|toi|loi|hong|hu|xoay|den|rung)
    (?:khong|ko|k) (?:thay|co|len) (?:hinh|gi(?! la))
    (?:cam|camera|#+)(?: [0-9]+| #+)? (?:bi )?(?:quay|xoay|huong|chia) (?:vao|len|xuong|ra|sang|lech|sai|nham)
    hinh (?:cu |bi |dang |lai )*(?:nhap nhay|chap chon|mo|nhoe|giat|soc|rung|lac|nhieu|toi|den)
    (?:cam|camera)(?: [0-9]+| #+)? (?:hong|hu|chet) (?:roi|mat)
    """
)
"""Tells that a camera shows badly: its "hình" is the subject, not a picture that is wanted."""

ASKED = _any("chup(?: anh| hinh)?|snapshot|cho(?: [a-z]+)? xem|xem lai")

MEETING = _any("(?<!phong )(?<!dang )hop (?:hoi dong|to|phu huynh|chuyen mon|giao ban)")
"""An appointment, not a recording."""

UNWANTED_TYPED = re.compile(r"(?<!\w)đừng (?:có )?(?:chụp|quay|gửi|live|trích|mở|phát)", re.IGNORECASE)
"""The same with its mark, which tells it from a name ("thầy Dũng")."""

STILL = _any(
    "(?:con|co) (?:xem|tua|lay|trich|mo)(?: lai)? (?:duoc|dc)(?: [a-z0-9#/]+){0,6} (?:khong|ko|k|chua)"
)
"""Asks whether a recording can still be had."""

TOLD = re.compile(
    r"[ ,.]*(?:(?:da|em|bao|thay|co|anh|chao|a|bao cao|#+)[ ,]+)*(?:co|phat hien|thay|vua co|dang co)"
    r" (?:mot|hai|ba|may|nhieu|nguoi|ke|hs|hoc sinh|em|chau|ban|con|ai do|doi|nhom|vu|tieng|mui|ran|cho|xe"
    r"|khoi|lua|trom|thanh nien|\d+)(?![a-z])"
    r"|.*(?<![a-z])(?:vo|roi xuong|dot nhap|moc tui|do xuong|sap)(?![a-z])"
)
"""Begins as what is told: "có 2 em ...", "phát hiện người ..."."""

KEPT = _any("con (?:luu|giu)(?: [a-z0-9#/]+){0,6} (?:khong|ko|k|chua)")
"""Asks whether a recording still exists, whatever day it names."""

PROGRESS = _any(
    "bao gio (?:co|xong|duoc) (?:clip|video|ket qua)"
    "|(?:clip|video|ket qua|yeu cau|phieu|don)(?: [a-z]+){0,3}"
    " (?:bao gio|khi nao|bao lau)(?: nua)? (?:co|xong|duoc)"
    "|duyet (?:phieu|yeu cau|don)(?: [a-z]+){0,3} chua"
    "|duyet chua|ai duyet|(?:den|toi) dau roi|(?:sao|the nao) roi|xong chua"
    "|(?:danh sach|cac|nhung|may|xem|con) (?:yeu cau|phieu|don)(?: [a-z]+){0,2} (?:cho|chua) duyet"
    "|(?:yeu cau|phieu|don) (?:nao )?(?:dang )?(?:cho|chua) duyet"
)
"""Asks how a request stands, whatever day it names."""

OBJECT = re.compile(r"^(?: (?:clip|video|anh|hinh|doan ghi|ban ghi|lai|cam|camera|#+))+(?![a-z])")
"""What isn't wanted, right behind its verb."""

INSTEAD = _any("xem|chup|quay|gui|lay|trich|cho (?:em|toi|thay|co)|clip|hinh|ma|chi can|thay vao|nhung|doi")
"""Says that something else is wanted."""

WHETHER = _any("co (?:(?:[a-z]+|###) ){1,4}(?:khong|ko|k)")
"""Asks whether something happens: "có khói không"."""

HAPPENED = _any(
    "co (?:chay(?! qua| ra| vao| nhanh| lai| xe)|khoi|danh nhau|xo xat|nguoi la|trom|tai nan|no)"
    "(?: [a-z]+){0,3} #+"
    "|co .*(?:da toi|da den)"
)
"""Tells of something before its place: "có cháy ở bếp"."""

DIMMED = _any("co (?:bi )?(?:toi|mo|nhoe|lech|rung|nhieu|lag|giat|sai gio|che) (?:khong|ko|k)")
"""Asks whether a camera shows badly."""

REPORTED = _any(
    "(?:em|toi|minh|xin|chau|tui) (?:xin )?bao(?: cao| tin)?(?! (?:gio|nhieu|lau|ve|tri|duong|chay))"
)
"""Says that something is only told: "em báo ạ"."""

STATE = _any(
    """
    tinh (?:hinh|trang)(?: hoat dong)?(?: cua)?(?: cac| toan bo)? (?:he thong|cam(?:era)?|dau ghi|o cung|luu)
    (?:he thong|cam(?:era)?|dau ghi|o cung|#+)(?: [a-z]+){0,2} (?:van de|truc trac|loi) gi (?:khong|ko|k)
    luu (?:tru )?(?:duoc |dc )?bao lau|so ngay luu
    luu (?:du |duoc |dc )?(?:[0-9]+|may|bao nhieu) ngay
    (?:du|duoc) (?:[0-9]+|may|bao nhieu) ngay (?:khong|ko|k|chua)
    (?<!khong )(?<!ko )(?<!k )ai (?:dang |la nguoi )?truc(?! tiep| tuyen)|(?:ca|hom) nay (?:la )?ai|ca nay ai
    (?:dang|con|van) (?:ghi|chay|hoat dong|quay)(?: hinh)?(?: (?:binh thuong|tot|on))? (?:chu|khong|ko|k|chua)
    """
)
"""Asks how cameras, recorder or the shift stand."""

STATUS = _any(
    """
    (?:cam|camera|hinh|#+)(?: [0-9]+)?(?: bi)? (?:mo|nhoe|toi|lech|rung)(?: (?:qua|###|lam|roi|sang|khong))
    (?:con|cai|cam|camera)(?: nao)? (?:hong|hu|chet|loi) (?:khong|ko|k|roi)|len hinh (?:chua|khong|ko)
    (?:co )?(?:dang )?(?:ghi|quay) (?:hinh )?(?:khong|ko|k)
    con luu|con giu|co (?:dang )?(?:chay|hoat dong|song|on|len hinh|ghi hinh) (?:khong|ko|k|chua)
    (?:du lieu|ban ghi|clip|video|hinh|doan ghi)(?: [a-z0-9#/]+){0,4} (?:con|mat) (?:khong|ko|k|chua)
    bi (?:ghi )?de|may cam(?:era)? (?:dang|con|bi|hoat|chay|hong|tot)|bao nhieu cam(?:era)?|online
    offline|working|con (?:chay|hoat dong|song|tot|len)(?: hinh)? (?:khong|ko|k|chua)
    sai gio|lech gio|loi o|o (?:bi )?(?:loi|hong)|dau thu
    (?:khong|ko|k) (?:xem (?:duoc|dc)|len hinh|hoat dong)
    mat (?:mang|ket noi|dien(?! thoai))|den (?:man hinh|xi|ngom|sam)|bi nhoe|bi nhieu|bi che|bi xoay|bi toi
    (?:cam|camera|o|dau ghi|#+) bi (?:hu|hong)|giat lag|lag
    luu (?:duoc )?(?:bao nhieu|may)|bao nhieu ngay|may ngay|luu tru
    (?:he thong|camera|cam)(?: [a-z#]+){0,3} (?:on|ok|binh thuong) (?:khong|ko|chua)
    tinh trang|trang thai|status|hoat dong (?:khong|ko|k|chua|tot|binh thuong)|dang hoat dong
    cam(?:era)? nao
    mat (?:tin|###) hieu|(?:tin|###) hieu (?:yeu|kem)|mat hinh|rot mang|den thui|toi om|bi mo|bi lech
    con song|co hinh khong
    duyet chua|da duyet|den dau roi|toi dau roi|sao roi|the nao roi|xong chua|yc-[0-9]{4}-[0-9]{4}
    dau ghi|o cung|day o|chap chon
    """
)
