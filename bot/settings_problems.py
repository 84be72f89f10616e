"""What is wrong with the settings, in sentences that name table and key and never show a secret."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

_BY_TYPE = {
    "missing": "còn thiếu (missing)",
    "int_parsing": "cần một số nguyên (must be a whole number)",
    "int_type": "cần một số nguyên (must be a whole number)",
    "bool_parsing": "cần true hoặc false (must be true or false)",
    "bool_type": "cần true hoặc false (must be true or false)",
    "string_type": 'cần một chuỗi trong dấu nháy "" (must be a string)',
    "string_too_short": "không được để trống (must not be empty)",
    "tuple_type": "cần một danh sách [] (must be a list)",
    "model_type": "cần là một bảng (must be a table)",
}
_NAMES = ("code", "name")


class SettingsError(Exception):
    """The settings cannot be used. `problems` has a sentence for each thing to put right."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def in_words(error: ValidationError, raw: Mapping[str, Any], settings: type[BaseModel]) -> tuple[str, ...]:
    """Every problem of a validation as one sentence: "telegram.tokn: ..."."""
    return tuple(
        f"{_place(problem['loc'], raw)}: {_what(problem, settings)}"
        for problem in error.errors(include_url=False, include_input=False)
    )


def _place(location: Sequence[int | str], raw: Mapping[str, Any]) -> str:
    """`("recorders", 0, "host")` -> "recorders[dau-ghi-1].host"."""
    place = ""
    value: Any = raw
    for step in location:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = None
        if isinstance(step, str):
            place += f".{step}" if place else step
        else:
            names = [value.get(key) for key in _NAMES] if isinstance(value, dict) else []
            place += f"[{next((name for name in names if name), step + 1)}]"
    return place


def _what(problem: Any, settings: type[BaseModel]) -> str:
    kind = str(problem["type"])
    if kind == "extra_forbidden":
        return "không có mục này (unknown key)" + _perhaps(problem["loc"], settings)
    if kind == "value_error":
        return str(problem["ctx"]["error"])
    if kind == "missing" and problem["loc"][-1] == "password":
        return "còn thiếu; điền password hoặc password_file (missing)"
    return _BY_TYPE.get(kind) or f"giá trị không hợp lệ ({problem['msg']})"


def _perhaps(location: Sequence[int | str], settings: type[BaseModel]) -> str:
    """The nearest key that there is."""
    model: Any = settings
    for step in location[:-1]:
        if isinstance(step, str):
            annotation = model.model_fields[step].annotation
            inner = getattr(annotation, "__args__", ())
            model = inner[0] if inner else annotation
    near = difflib.get_close_matches(str(location[-1]), list(model.model_fields), n=1)
    return f"; có phải {near[0]}? (did you mean {near[0]}?)" if near else ""
