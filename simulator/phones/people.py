"""Whose phones lie on the table, and what each of them may try."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from simulator.telegram import Phone, SimulatedTelegram

_SATURDAY = 5


@dataclass(frozen=True)
class Person:
    """Somebody of the school.

    Attributes:
        name: As the person is called, with "anh", "cô", …
        user_id: Telegram user id.
        role: One of the product's role keys (`guard`, `teacher`, …).
        title: The role as the page shows it.
        suggestions: Lines that the person may try; `{school_day}` stands for the day and month of the
            last school day before today, which every recorder still keeps.
    """

    name: str
    user_id: int
    role: str
    title: str
    suggestions: tuple[str, ...]


@dataclass(frozen=True)
class Owner:
    """A phone on the page with what is shown around it."""

    phone: Phone
    title: str
    suggestions: tuple[str, ...]


PEOPLE: tuple[Person, ...] = (
    Person(
        "Anh Sơn",
        510_001,
        "guard",
        "Bảo vệ ca sáng",
        (
            "/snapshot gate",
            "chụp cổng chính",
            "/anh nhà xe",
            "/anh tatca",
            "/clip cổng 10",
            "đánh nhau ở nhà xe học sinh, 1 em chảy máu đầu",
        ),
    ),
    Person(
        "Cô Lan",
        510_002,
        "teacher",
        "Giáo viên chủ nhiệm 8A",
        ("/yeucau cổng chính {school_day} 9:05-9:20 học sinh bị xô ngã", "/yeucau", "/suviec", "/trogiup"),
    ),
    Person(
        "Cô Hằng",
        510_003,
        "principal",
        "Hiệu trưởng",
        ("/choduyet", "/anh sân trường", "/luutru", "/nguoidung", "/quyche"),
    ),
    Person(
        "Anh Dũng",
        510_004,
        "it",
        "Nhân viên CNTT",
        ("/luutru", "/camera", "/anh phòng máy chủ", "/trogiup"),
    ),
)


def phone_owners(
    telegram: SimulatedTelegram, today: date, people: Sequence[Person] = PEOPLE
) -> tuple[Owner, ...]:
    """A phone for each person on a pretend Telegram.

    Args:
        telegram: Where the phones live.
        today: The school's day, for suggestions that name one.
        people: Whose phones.
    """
    day = f"{last_school_day(today):%d/%m}"
    return tuple(
        Owner(
            telegram.person(person.name, person.user_id),
            person.title,
            tuple(line.replace("{school_day}", day) for line in person.suggestions),
        )
        for person in people
    )


def last_school_day(today: date) -> date:
    """The last day before today that is no Saturday or Sunday."""
    day = today - timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day -= timedelta(days=1)
    return day
