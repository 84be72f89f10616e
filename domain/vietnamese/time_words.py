"""How times are written, as patterns on folded text. The order matters: the first that fits is taken."""

import re

NUMBER = (
    r"(?:\d{1,2}(?!\d)"
    r"|(?:hai |ba |bon |nam )?muoi(?: (?:mot|hai|ba|bon|tu|lam|nam|sau|bay|tam|chin))?(?![a-z])"
    r"|(?:mot|hai|ba|bon|nam|sau|bay|tam|chin)(?![a-z]))"
)
"""A number in digits or words."""

_N = NUMBER
_END = r"(?![a-z0-9])"
_HOUR = r"(?:h|g|gio)"
_HOUR_END = r"(?:h|g|gio|am|pm)(?![a-z])"
_MINUTES = r"(?:phut|ph|p|')"
_OF_CLOCK = r"(?: dong ho)?(?: ruoi)?"
_TENTH = rf"(?: ?{_MINUTES}{_END})?"
_PART = r"(?:rang sang|sang som|sang|trua|chieu|chiu|toi|dem|khuya)"
_STOP = r"(?:$|[,;!?)\"'\]]|[.:](?!\d))"
"""What may stand behind a last word."""

_LEAD = r"(?:(?<=luc )|(?<=tu )|(?<=den )|(?<=khoang )|(?<=tam ))"
_AFTER_PART = r"(?:(?<=sang )|(?<=som )|(?<=trua )|(?<=chieu )|(?<=toi )|(?<=dem )|(?<=khuya )|(?<=[sct] ))"
_DAY_WORD = r"(?:(?:ngay|hom) )?"
_YEAR = r"(?:\d{4}|\d{2})"
_NO_UNIT = rf"(?! ?(?:(?:h|g|gio|giay|s|{_MINUTES})(?![a-z])|:\d))"
_EVENT = (
    r"(?:ra choi|rc|break|giai lao|chao co|truy bai|15 phut dau gio(?! ra)"
    r"|tan (?:hoc(?! sinh)|truong|tiet|lop)|tan(?= (?:buoi )?(?:sang|trua|chieu)(?![a-z]))"
    r"|(?:(?<=gio )|(?<=luc )|(?<=khi ))vao (?:hoc(?! sinh)|lop|truong)"
    r"|vao (?:hoc(?! sinh)|lop)|sinh hoat(?: lop)?|shl|an trua|ban tru)"
)
_NO_DAY_UNIT = rf"(?! ?(?:[/:]\d|['h]|gio(?! {_EVENT})|g\d|phut|thang|giay|ngay|hom|p\b))"
_NOT_OF_EVENT = rf"(?! (?:gio|luc|khi|tiet|{_EVENT}))"
_MONTH = rf"(?:0?[1-9]|1[0-2])(?!\d|[.\-:]\d){_NO_UNIT}"
_FOUR = r"(?:[01]\d|2[0-3])[0-5]\d(?!\d|[/.:]\d|-\d{1,2}(?!\d))"
_UNCOUNTED = (
    r"(?! (?:em|ban|hs|hoc sinh|nguoi|chau|dua|thay|co|anh|chi|bac|chu|ong|ba|xe|cai|chiec|nam|nu|doi|lop"
    r"|thanh nien|lan|cay|con|bo|tui|balo|phu huynh|ph)(?![a-z]))"
)
_NO_MINUTE = rf"(?! ?(?:[/:.]\d|-{_MONTH}|h|gio|g\d|giay|tieng|thang|hom|ngay truoc))"
_NO_CLOCK = r"(?! ?(?:[/:.\-]\d|h|gio|g\d|phut))"

_WRITTEN: dict[str, tuple[str, ...]] = {
    "iso": (r"\d{4}-\d{1,2}-\d{1,2}(?!-?\d)",),
    "days_ago": (
        rf"cach day {_N} (?:ngay|hom){_END}",
        rf"truoc day {_N} (?:ngay|hom){_END}",
        rf"{_N} (?:ngay|hom) truoc{_END}",
    ),
    "ago": (
        rf"(?:cach|truoc) day (?:khoang )?(?:{_N}|nua) ?(?:{_MINUTES}|tieng|gio|h)(?: ruoi)?",
        rf"(?:{_N}|nua) ?(?:{_MINUTES}|tieng)(?: ruoi)? truoc{_NOT_OF_EVENT}",
        rf"{_N} (?:gio|h)(?: ruoi)? truoc(?= *(?:$|[,.;#]))",
        rf"{_N} ?(?:minutes?|mins?|hours?) ago{_END}",
    ),
    "latest": (
        rf"(?:{_N}|nua) ?(?:{_MINUTES}|tieng)(?: dong ho)? (?:vua roi|vua qua|gan day|gan nhat|qua){_END}",
    ),
    "four_digits": (
        rf"(?<![a-z]-){_FOUR}(?= ?(?:-|den|toi) ?{_FOUR})",
        rf"(?:(?<=(?<![a-z]-)\d\d\d\d-)|(?<=\d\d - )|(?<=\d\d (?:den|toi) )){_FOUR}",
        rf"(?<=luc ){_FOUR}",
    ),
    "between": (rf"(?:giua|chuyen) (?:tiet )?{_N} (?:va|sang|voi|-) (?:tiet )?{_N}{_NO_CLOCK}{_END}",),
    "last_period": (rf"(?:{_N} )?tiet cuoi(?: cung)?{_END}",),
    "period": (
        rf"tiet {_N}(?:(?: ?[,&+] ?| va ){_N}{_UNCOUNTED}){{2,}}{_NO_CLOCK}{_END}",
        rf"tiet ?(?:thu )?{_N} ?(?:-|den|va|,|&|\+) ?(?:het )?(?:tiet )?{_N}{_UNCOUNTED}{_NO_CLOCK}",
        rf"(?:tiet ?|period )(?:thu )?{_N}{_END}",
        rf"(?:{_N} )?tiet dau(?: tien)?{_END}",
    ),
    "event": (rf"(?:(?:gio|luc|khi) )?{_EVENT}{_END}",),
    "event_start": (rf"dau gio(?! ra choi| giai lao| chao co){_END}",),
    "lunar": (
        rf"{_DAY_WORD}ram{_END}",
        rf"(?:(?:ngay|hom) )?(?:mung )?{_N} thang {_N} am(?: lich)?{_END}",
        rf"{_DAY_WORD}mung {_N}(?! thang|/)(?: am(?: lich)?)?{_END}",
        rf"am lich{_END}",
    ),
    "date": (
        rf"(?:(?:ngay|hom|mung) )?\d{{1,2}} ?/ ?\d{{1,2}}(?: ?/ ?{_YEAR})?(?!/?\d)",
        rf"{_DAY_WORD}\d{{1,2}}-\d{{1,2}}-{_YEAR}(?!-?\d)",
        rf"{_DAY_WORD}\d{{1,2}}\.\d{{1,2}}\.{_YEAR}(?!\.?\d)",
        rf"(?:ngay|hom) \d{{1,2}}[.-]\d{{1,2}}(?!\d|[.\-:]\d){_NO_UNIT}",
        rf"(?:0?[1-9]|[12]\d|3\d)\.{_MONTH}",
        rf"(?:1[3-9]|2\d|3\d)-{_MONTH}(?!/)",
        rf"(?:0?[1-9]|1[0-2])-{_MONTH}(?! (?:{_PART}|ruoi)\b)(?!/)",
        rf"(?:(?:ngay|hom|mung|ngay mung) )?{_N},? thang {_N}(?:(?: nam)? \d{{4}})?{_END}",
        rf"thang {_N},? ngay {_N}{_END}",
    ),
    "some_day": (
        rf"(?:cach (?:day|nay) )?{_N} tuan(?: truoc| nay)?{_END}",
        rf"(?:may|{_N}) (?:hom|bua|ngay) nay{_END}",
        rf"ngay {_N} ?(?:va|hoac|&) ?{_N}{_NO_DAY_UNIT}",
        rf"(?:hang|moi) (?:ngay|tuan)(?! (?:hom|nay|qua|truoc|\d{{1,2}}(?:[/.-]| thang))){_END}",
        rf"cu (?=(?:luc )?{_N} ?h\d{{0,2}} {_PART} la{_END})",
        rf"(?:hang|moi) (?:buoi )?(?={_PART} \d)",
        rf"(?:sang|trua|chieu|toi|dem|hom) nao{_END}",
        rf"(?:ca|suot) (?:tuan|thang)(?! (?:truoc|nay|qua|roi|vua|sau|kia|toi)){_END}",
        r"(?<![:.])\d{1,2} ?- ?(?=\d{1,2}/\d)",
        rf"(?:hang|moi) (?=thu (?:hai|ba|tu|nam|sau|bay|[2-7])(?! vua| roi| truoc| tuan){_END})",
    ),
    "day": (
        rf"ngay {_N} thang (?:truoc|nay){_END}",
        rf"(?:ngay|mung) {_N}{_NO_DAY_UNIT}",
        rf"hom \d{{1,2}}(?!\d){_NO_DAY_UNIT}",
    ),
    "this_weekday": (rf"(?:(?:hom|ngay|bua) )?(?:thu ?(?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat) nay{_END}",),
    "weekday": (
        r"(?:(?:hom|ngay|bua) )?thu ?(?:hai|ba|tu|nam|sau|bay|[2-7])(?![a-z0-9/]|:\d)",
        r"(?:(?:hom|ngay|bua) )?(?:chu ?nhat|cn)(?![a-z0-9/]|:\d)",
        rf"(?:on |last )?(?:mon|tues|wednes|thurs|fri|satur|sun)day{_END}",
        (
            r"(?:hom |(?<!hl )(?<!nha )(?<!lang )(?<!tang ))t[2-7]"
            r"(?! (?:nha|[bd]|c(?! \d))(?![a-z0-9]))(?![a-z0-9/]|:\d)"
        ),
    ),
    "year": (rf"(?:vao )?nam (?:ngoai|truoc(?! (?:gio|luc|khi|tiet|\d|{_EVENT}))|kia|nay){_END}",),
    "week": (rf"tuan (?:truoc nua|truoc|kia|roi|vua roi|vua qua|qua|nay|sau|toi){_END}",),
    "relative": (
        rf"(?:ngay )?(?:hom|hum|bua) (?:nay|qua kia|qua|qa|wa|kia|truoc|no|bua){_END}",
        rf"(?:hqua|hnay|today|yesterday|last(?= night)){_END}",
        rf"ngay (?:nha giao|khai giang|be giang|hoi|le){_END}",
        rf"thang (?:truoc|roi|vua roi|vua qua|{_N}){_END}",
        rf"ngay (?:mai|kia|mot){_END}",
        rf"(?:hn|hq){_END}",
    ),
    "just_past": (
        (
            r"(?:hoi|ban)(?= (?:sang|trua|chieu)(?![a-z0-9]))"
            r"(?! \w+ (?:nay|qua|kia|hom|thu|t[2-7]|cn|chu|ngay|\d{1,2}[/-]))"
        ),
    ),
    "part_relative": (rf"{_AFTER_PART}(?:nay|qua|kia|mai){_END}",),
    "lately": (
        rf"may (?:phut|tieng) truoc{_END}",
        rf"vua (?:roi|nay|xong|qua){_END}",
        rf"(?:luc nay|ban nay|khi nay|hoi nay|moi day|nay gio|nay){_END}",
    ),
    "length": (
        rf"trong (?:vong |khoang )?(?:{_N}|nua) ?(?:{_MINUTES}|giay|s|tieng|gio){_OF_CLOCK}{_END}",
        rf"(?:keo dai |suot )?(?:{_N}|nua|\d{{3}}) ?(?:{_MINUTES}|giay|s|tieng){_OF_CLOCK}{_END}",
        rf"nua gio{_END}",
    ),
    "clock_more": (
        rf"(?:hon|ngoai) \d{{1,2}} ?{_HOUR}(?! ra)(?:\d\d)?{_END}",
        rf"{_N} ?{_HOUR} (?:hon|may|gi do){_END}",
    ),
    "clock": (
        rf"\d{{1,2}}:\d\d(?::\d\d)?{_TENTH}(?!:?\d)h?",
        rf"{_N} ?{_HOUR} ?(?:kem|thieu) ?{_N}{_TENTH}{_END}",
        rf"{_N} (?:kem|thieu) {_N}{_TENTH}{_END}",
        rf"{_N} ?{_HOUR}? ?ruoi{_END}",
        rf"\d{{1,2}} ?{_HOUR}\d{{1,2}}{_TENTH}(?![a-z\d])",
        rf"{_N} (?:gio|h) {_N}{_NO_MINUTE}{_TENTH}{_END}",
        (
            r"\d{1,2}h \d{1,2}"
            rf"(?= *(?:{_STOP}|(?:den|toi|{_PART}|thu [a-z2-7]+|t[2-7]|hom|ngay"
            r"|giup|ho|voi|nhe|nha)(?![a-z0-9])))"
        ),
        rf"(?!bay gio{_END}){_N} ?{_HOUR}(?! {_EVENT})(?![a-z\d])",
        rf"{_LEAD}bay gio{_END}",
        rf"nua dem(?! ve sang| qua| den){_END}",
        rf"bay gio(?= (?:{_PART}|thu|t[2-7]|hom|ngay|den|-|\d)\b)",
    ),
    "hour": (
        r"\d{1,2}(?= ?[ap]m(?![a-z0-9]))",
        rf"{_LEAD}\d{{1,2}}(?= (?:{_PART}){_END})",
        rf"\d{{1,2}}(?= ?(?:-|den|toi|cho den) ?\d{{1,2}} ?(?:{_HOUR_END}|{_HOUR}\d|:\d\d|ruoi|{_PART}\b))",
    ),
    "part": (
        rf"(?:buoi )?(?:rang sang|sang som|sang|trua|chieu|chiu|dem|khuya){_END}",
        rf"som(?= nay{_END})",
        rf"(?:in |this )?(?:morning|noon|afternoon|evening|night){_END}",
        rf"(?<=\d )[ap]m{_END}",
        rf"buoi toi{_END}",
    ),
    "until_now": (
        rf"(?:den|toi|cho den|cho toi) (?:#{{3,4}} )?gio(?! (?:{_EVENT}|hoc|nghi|ve|{NUMBER})){_END}",
        rf"(?:den (?:nay|luc nay)|(?:den|toi) hien tai){_END}",
    ),
    "toi": (rf"toi{_END}",),
    "part_letter": (
        rf"(?:(?<=[\dhgo] )|(?<=choi )|(?<=rc ))[sct](?= |{_STOP})",
        r"[sct](?= (?:nay|qua|thu|t[2-7]|cn|hom)\b)",
    ),
    "from": (rf"(?:tu|from){_END}",),
    "to": (
        rf"(?:(?:cho |keo )?den|until|till){_END}",
        r"to(?= \d{1,2}(?::|h| ?[ap]m))",
    ),
    "and": (rf"va(?= (?:luc )?\d{{1,2}} ?(?:{_HOUR_END}|{_HOUR}\d|:))",),
    "middle": (rf"giua{_END}",),
    "onward": (rf"tro (?:di|ve sau){_END}",),
    "about_typed": (r"(?:co|loi|do)(?= \d{1,2} ?(?:h|g|gio|:))",),
    "about": (rf"(?:ap chung|quanh|xap xi|loang quang|khoang|tam|chung|gan|about|around){_END}",),
    "at": (rf"(?:vao )?luc{_END}", rf"(?:vao|at){_END}"),
    "before": (rf"(?:truoc|before){_END}",),
    "after": (rf"(?:sau|het|after){_END}",),
    "beginning": (rf"dau{_END}",),
    "ending": (rf"cuoi{_END}",),
    "number": (r"\d{1,2}(?!\d)(?![a-z]|[:/]\d)",),
}

SCAN = re.compile(
    # The look behind stands once before all of them, so that the inside of a word costs one step, not forty.
    "(?<![a-z0-9#])(?:"
    + "|".join(f"(?P<{name}>{'|'.join(ways)})" for name, ways in _WRITTEN.items())
    + rf")|(?P<margin>(?:\+ ?/? ?-|(?<![a-z])cong tru|(?<![a-z])xe xich) ?{_N} ?{_MINUTES}{_END})"
    + "|(?P<dash>-+>?)|(?P<meridiem>(?<=[0-9])[ap]m(?![a-z0-9]))"
)
"""Finds the next piece; the name of its group says what it is."""
