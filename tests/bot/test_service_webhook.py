"""The service's own process in webhook mode, and back in polling mode."""

from pathlib import Path

from tests.end_to_end.outside import outside, until


async def test_the_service_answers_by_webhook_and_polls_again_when_told_so(tmp_path: Path) -> None:
    async with outside(tmp_path) as one:
        polling = one.config.read_text("utf-8")
        webhook = polling.replace('mode = "polling"', 'mode = "webhook"')
        one.config.write_text(webhook.replace('public_url = ""', f'public_url = "{one.web}"'), "utf-8")
        await one.start()
        guard = await one.enrolled("guard", "Anh Sơn", 1001)
        await until(lambda: one.telegram.pending_updates == 0)
        assert one.telegram.calls["getupdates"] == 0
        assert await one.stop() == 0

        waiting = await guard.say("/trogiup")
        one.config.write_text(polling, "utf-8")
        await one.start()
        await guard.wait_for("/anh", after=waiting)
        assert one.telegram.calls["getupdates"] > 0
        told = "\n".join(one.errors)
        assert "telegram.webhook_dropped" in told
        assert one.telegram.token not in told
