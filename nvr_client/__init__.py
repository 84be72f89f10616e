"""A library about network video recorders. It knows nothing of schools, people or chats.

`factory.connect` gives a client, `settings.RecorderSettings` says where the recorder is, `protocol` says what
can be asked and what comes back, `errors` what can go wrong and what to do about it:

    import asyncio
    from datetime import UTC, datetime, timedelta
    from pathlib import Path

    from nvr_client.errors import CameraOffline, RecorderError
    from nvr_client.factory import RecorderSettings, connect
    from nvr_client.protocol import Span

    async def main(host: str, http_port: int, rtsp_port: int, username: str, password: str) -> None:
        recorder = connect(
            RecorderSettings(
                name="school",
                vendor="auto",  # or "hikvision", "dahua", "onvif"
                host=host,
                http_port=http_port,
                rtsp_port=rtsp_port,
                username=username,
                password=password,
            ),
            now=lambda: datetime.now(UTC),
        )
        try:
            print((await recorder.device()).model)
            for channel in await recorder.channels():
                try:
                    Path(f"{channel.number}.jpg").write_bytes(await recorder.snapshot(channel.number))
                except CameraOffline:
                    print(f"{channel.number} {channel.name}: no picture now")
            start = datetime.now(UTC) - timedelta(hours=1)
            made = await recorder.export(1, Span(start, start + timedelta(seconds=5)), Path("clip"))
            print(made.container, made.sha256, made.gaps)
        except RecorderError as error:
            print(f"{error}; try again later: {error.retryable}")
        finally:
            await recorder.aclose()

Many may share one client: the same picture is fetched once, and the recorder is never asked more than it
bears. A rejected password is sent once; then nothing more is, until `unblock` is called.
"""
