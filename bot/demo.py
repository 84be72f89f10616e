"""`./truccam demo`: the whole school on this machine, with phones on a web page."""

import asyncio
import signal
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from bot.bootstrap import now
from simulator.clock import ahead_by
from simulator.phones.app import phones_app
from simulator.play import play as act_the_story
from simulator.school import pretend_school

SUMMARY_AFTER = timedelta(minutes=2)


async def demo(*, play: bool, port: int, state: Path) -> int:
    """Start the pretend school; show it until Ctrl-C, or act the story once.

    Returns:
        The exit status; with `play`, 0 only if the whole story happened.
    """
    if play:
        return await act_the_story(state)
    print("Đang dựng trường học mô phỏng ...", flush=True)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with pretend_school(state, ahead=ahead_by(now()), summary_after=SUMMARY_AFTER) as school:
        runner = web.AppRunner(phones_app(school.telegram, school.board), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        shown_port = runner.addresses[0][1]
        print(f"\n  Mở trình duyệt: http://127.0.0.1:{shown_port}\n\n  Dừng: Ctrl-C", flush=True)
        try:
            await stop.wait()
        finally:
            await runner.cleanup()
    return 0
