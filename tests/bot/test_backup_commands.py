"""`backup` beside the running service, `restore` when it has stopped."""

import re
import shutil
from pathlib import Path

from tests.end_to_end.outside import outside


async def test_a_backup_of_the_running_service_is_put_back_with_the_same_audit_log(tmp_path: Path) -> None:
    async with outside(tmp_path) as one:
        original = tmp_path / "var/originals/2026/YC-2026-0001.rec"
        await one.start()
        original.parent.mkdir(parents=True)
        original.write_bytes(b"as the recorder gave it")
        guard = await one.enrolled("guard", "Anh Sơn", 1001)
        copy = tmp_path / "copy.tar"

        status, told, err = await one.command("backup", str(copy))
        assert status == 0, err
        digest = re.search(r"mã băm cuối ([0-9a-f]{64})", told)
        assert digest is not None
        assert "1 đoạn ghi" in told
        asked = await guard.say("/camera")
        await guard.wait_for("C01", after=asked)

        status, _, err = await one.command("restore", str(copy), "--overwrite")
        assert (status, "Dịch vụ đang chạy" in err) == (1, True), err
        assert await one.stop() == 0
        status, _, err = await one.command("restore", str(copy))
        assert (status, "--overwrite" in err) == (1, True), err

        shutil.rmtree(tmp_path / "var")
        status, told, err = await one.command("restore", str(copy))
        assert status == 0, err
        assert digest[1] in told
        status, told, err = await one.command("audit", "verify")
        assert status == 0, err
        assert told.rstrip().endswith(digest[1])
        assert original.read_bytes() == b"as the recorder gave it"

        await one.start()
        asked = await guard.say("/camera")
        await guard.wait_for("C01", after=asked)


async def test_a_changed_backup_is_refused_in_plain_words(tmp_path: Path) -> None:
    async with outside(tmp_path) as one:
        await one.invited("guard", "Anh Sơn")
        copy = tmp_path / "copy"
        assert (await one.command("backup", str(copy)))[0] == 0
        status, _, err = await one.command("backup", str(copy))
        assert (status, "đã có rồi" in err) == (1, True), err
        with (copy / "database/truccam.db").open("ab") as file:
            file.write(b"\0")
        shutil.rmtree(tmp_path / "var")
        status, out, err = await one.command("restore", str(copy))
        assert status == 1
        assert out == ""
        assert err.startswith("Bản sao lưu đã bị sửa hoặc không đủ (database/truccam.db)")
        assert "Traceback" not in err
