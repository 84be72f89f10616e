"""`invite`, `people list`, `people remove`."""

import asyncio
import json
from typing import Annotated

from cyclopts import App, Parameter

from bot.bootstrap import School, now, school, secret_code
from bot.channels.base import ChannelRefused
from bot.cli.common import Config, with_settings
from bot.settings import Settings
from domain.audit import Entry
from domain.people import INVITATION_LIFE, Role
from handlers.enrol import invite as invite_person
from handlers.people import BOT_NAME

ASK_NAME_SECONDS = 5.0


def register(app: App) -> None:
    """Add the commands."""
    app.command(invite)
    group = App(name="people", help="Người dùng: danh sách, thu hồi quyền.")
    group.command(list_people, name="list")
    group.command(remove)
    app.command(group)


def invite(
    *,
    role: Role,
    name: str,
    unit: str = "",
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
    config: Config = None,
) -> None:
    """Cấp mã ghi danh dùng một lần cho một người.

    Parameters
    ----------
    role
        principal, deputy, head_guard, guard, it, accountant, unit_head, teacher hoặc staff.
    name
        Tên, nên kèm cách xưng hô: "Cô Lan".
    unit
        Bộ phận, cho trưởng bộ phận.
    as_json
        In JSON cho chương trình khác đọc.
    """

    async def act(settings: Settings) -> int:
        code = secret_code()
        async with school(settings) as one:
            async with one.store.begin() as uow:
                person = await invite_person(
                    uow, name=name, role=role, unit=unit, code=code, now=now(), by=None
                )
                bot_name = await uow.facts.get(BOT_NAME)
                await uow.commit()
            bot_name = bot_name or await _asked_name(one)
            link = f"https://t.me/{bot_name}?start={code}" if bot_name else ""
        if as_json:
            print(json.dumps({"code": code, "telegram": link, "person": person.id}, ensure_ascii=False))
            return 0
        hours = int(INVITATION_LIFE.total_seconds() // 3600)
        print(f"Mã ghi danh cho {person.called}: {code}")
        print(f"Dùng một lần, trong {hours} giờ. Người nhận gửi cho trợ lý: /start {code}")
        if link:
            print(f"Hoặc mở: {link}")
        return 0

    with_settings(config, act)


async def _asked_name(one: School) -> str:
    """The bot's user name from Telegram itself, as long as the service has not run; "" without an answer."""
    channel = one.channels.get("telegram")
    if channel is None:
        return ""
    try:
        async with asyncio.timeout(ASK_NAME_SECONDS):
            return await channel.connect()
    except (TimeoutError, ChannelRefused):
        return ""


def list_people(*, config: Config = None) -> None:
    """In danh sách người đang có quyền."""

    async def act(settings: Settings) -> int:
        async with school(settings) as one, one.store.reading() as uow:
            for person in await uow.people.everybody():
                accounts = await uow.people.accounts(person.id)
                linked = ", ".join(account.channel for account in accounts) or "chưa ghi danh"
                print(f"{person.id:>4}  {person.role.value:<11} {person.called:<24} {linked}")
        return 0

    with_settings(config, act)


def remove(person_id: int, *, config: Config = None) -> None:
    """Thu hồi quyền của một người ngay lập tức."""

    async def act(settings: Settings) -> int:
        async with school(settings) as one, one.store.begin() as uow:
            person = await uow.people.get(person_id)
            if person is None or not person.active:
                print(f"Không có người số {person_id}.")
                return 1
            await uow.people.deactivate(person.id)
            await uow.audit.write(
                Entry(now(), None, "operator", "person:remove:done", f"person {person.id}", "Điều 1")
            )
            await uow.commit()
            print(f"Đã thu hồi quyền của {person.called}.")
        return 0

    with_settings(config, act)
