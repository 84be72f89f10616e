"""The same words as other hands type them: without marks, decomposed, in raw Telex or raw VNI."""

import unicodedata

_TONES = {
    "\u0301": ("s", "1"),
    "\u0300": ("f", "2"),
    "\u0309": ("r", "3"),
    "\u0303": ("x", "4"),
    "\u0323": ("j", "5"),
}
_SHAPES = {"\u0302": ("", "6"), "\u031b": ("w", "7"), "\u0306": ("w", "8")}


def without_marks(text: str) -> str:
    plain = "".join(part for part in unicodedata.normalize("NFD", text) if unicodedata.category(part) != "Mn")
    return plain.replace("đ", "d").replace("Đ", "D")


def telex(text: str) -> str:
    return " ".join(_raw(word, 0) for word in text.split(" "))


def vni(text: str) -> str:
    return " ".join(_raw(word, 1) for word in text.split(" "))


def _raw(word: str, style: int) -> str:
    typed: list[str] = []
    tone = ""
    for letter in unicodedata.normalize("NFD", word):
        if letter in _TONES:
            tone = _TONES[letter][style]
        elif letter in _SHAPES:
            typed.append(_SHAPES[letter][style] or typed[-1].lower())
        elif letter in "đĐ":
            typed.append("dd" if style == 0 else "d9")
        else:
            if tone and not letter.isalnum():
                typed.append(tone)
                tone = ""
            typed.append(letter)
    return "".join(typed) + tone
