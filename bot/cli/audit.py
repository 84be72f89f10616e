"""`audit verify` and `migrate`: what an operator needs."""

import sys

from cyclopts import App

from bot.bootstrap import school
from bot.cli.main import Config, with_settings
from bot.settings import Settings
from domain.audit import GENESIS, hash_of


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
            number, previous = 0, GENESIS
            async for row in uow.audit.read():
                fits = row.number == number + 1 and row.previous == previous
                if not fits or row.hash != hash_of(row.number, row.entry, row.previous):
                    print(f"SAI từ dòng {number + 1}: nhật ký đã bị sửa hoặc thiếu.", file=sys.stderr)
                    return 1
                number, previous = row.number, row.hash
            print(f"Đúng: {number} dòng, mã băm cuối {previous}")
        return 0

    with_settings(config, act)


def migrate(*, config: Config = None) -> None:
    """Đưa cơ sở dữ liệu về dạng của phiên bản này (dịch vụ cũng tự làm khi khởi động)."""

    async def act(settings: Settings) -> int:
        async with school(settings):
            print("Cơ sở dữ liệu đã sẵn sàng.")
        return 0

    with_settings(config, act)
