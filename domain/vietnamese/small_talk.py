"""Courtesies, laughter, thanks, leave and announcements: sentences that wish nothing of the assistant."""

import re
import unicodedata

_LETTERS = re.compile(r"[a-z0-9]+")
_CORE = re.compile(
    r"(?<![a-z])(?:vang|u|uh|uhm|um|ok|oke|okie|okela|okay|oki|okla|yes|roger|thanks?|tks|thank you"
    r"|cam on|camon|cmon|da ro|ro roi|da (?:nhan|hieu|biet|xem)"
    r"|(?:biet|hieu|nhan|nghe|thay|xem|xong|dung|duoc) (?:duoc |thay )?roi"
    r"|nhat tri|dong y|tuyet voi|tot qua|good"
    r"|(?:ha|hi|he|hu|ka|ke|kk|k|hj){2,}h?|hii+|kk+|lol|nham nhom|nham (?:chat|nguoi|box)|(?:gui|nhan) nham"
    r"|xin loi|sorry|(?:khong|ko) (?:sao|co gi)|chao|xin chao|hello|hi|good morning|ngu ngon|bye"
    r"|chuc (?:mung|ngay|buoi|ca|moi|cac|co|thay|anh|chi|em|ngu|bac))(?![a-z])"
)
"""Without one of these it's only a form of address: "thầy ơi"."""

_AROUND = frozenset(
    """
    da vang a ah ak aj a5 e em anh chi co thay bac chu ban me bo toi minh chau ong ba cac moi nguoi ca nha
    ad admin bot oi nhe nhen nha nhi ha hen rui roi duoc dc rat nhieu lam qua the vay thi la day do luon cung
    u uh uhm um ok oke okie okela okay oki okla yes roger thank thanks tks you cam on camon cmon ro biet hieu
    nhan nghe thay xem xong dung nhat tri dong y tuyet voi tot good morning haha hihi hehe huhu kaka keke kk k
    kkk hj hii lol nham chat box nhom gui tin xin loi sorry khong ko sao gi chao hello hi ngu ngon bye chuc
    mung ngay buoi sang trua chieu toi moi lanh vui ve suc khoe cuoi tuan hoc ky phep va voi ben truong hen
    gap lai so
    """.split()  # noqa: SIM905 - a page of words reads better than a column of quotes
)
_LAUGHTER = re.compile(r"(?:ha|hi|he|hu|ka|ke|hj|k)+h?|hii+")
_ALARM = frozenset("🆘🚨🔥⚠❓❔❗‼⁉🚒🚑🚓")
_LEAVE = re.compile(r"(?<![a-z])(?:xin(?: phep)?(?: [a-z0-9]+){0,6} nghi|nghi (?:om|hoc|day|phep))(?![a-z])")
_AHEAD = re.compile(
    r"(?<![a-z])(?:ngay mai|(?<!co )(?<!em )(?<!chi )(?<!ban )(?<!chau )(?<!thay )(?<!be )mai"
    r"|tuan (?:sau|toi)|sap toi|toi day|lat nua|chut nua|ti nua)(?![a-z])"
)
_PLANNED = re.compile(
    r"(?<![a-z])(?:hop|hoc|nghi|bao tri|bao duong|lap|sua|thi|kiem tra|den|mo|dong|tap trung|tap|to chuc"
    r"|truc|don)(?![a-z])"
)


def is_small_talk(folded: str, typed: str) -> bool:
    """Whether nothing but courtesy was typed: thanks, a greeting, "đã rõ", laughter, emoji.

    Args:
        folded: The folded text.
        typed: The text as typed.
    """
    words = _LETTERS.findall(folded)
    if not words:
        signs = [one for one in typed if unicodedata.category(one) == "So"]
        return signs != [] and _ALARM.isdisjoint(signs)
    if "?" in folded or not _ALARM.isdisjoint(typed):
        return False
    return _CORE.search(folded) is not None and all(
        word in _AROUND or _LAUGHTER.fullmatch(word) is not None for word in words
    )


def is_announced(folded: str) -> bool:
    """Whether somebody takes leave or tells what will be: "mai họp lúc 7h nhé", "em xin nghỉ tiết 3"."""
    if _LEAVE.search(folded) is not None:
        return True
    return _AHEAD.search(folded) is not None and _PLANNED.search(folded) is not None
