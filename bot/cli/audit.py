"""`audit verify` and `migrate`: what an operator needs."""

import sys

from cyclopts import App

from bot.bootstrap import school
from bot.cli.common import Config, with_settings
from bot.settings import Settings


def register(app: App) -> None:
    """Add the commands."""
    group = App(name="audit", help="Nhật ký truy cập.")
    group.command(verify)
    app.command(group)
    app.command(migrate)


def verify(*, config: Config = None) -> None:
    """Kiểm tra chuỗi mã băm của nhật ký; in mã băm cuối để đối chiếu."""

    async def act(settings: Settings) -> int:
        async with school(settings) as one, one.store.reading() as uow:
            broken = await uow.audit.first_break()
            if broken is not None:
                print(f"SAI từ dòng {broken}: nhật ký đã bị sửa hoặc thiếu.", file=sys.stderr)
                return 1
            head = await uow.audit.end()
            print(f"Đúng: {head.number} dòng, mã băm cuối {head.hash}")
        return 0

    with_settings(config, act)


def migrate(*, config: Config = None) -> None:
    """Đưa cơ sở dữ liệu về dạng của phiên bản này (dịch vụ cũng tự làm khi khởi động)."""

    async def act(settings: Settings) -> int:
        async with school(settings):
            print("Cơ sở dữ liệu đã sẵn sàng.")
        return 0

    with_settings(config, act)
