import asyncio
import base64
import hashlib
import re

import pytest
from aiohttp import web

from nvr_client.digest import Credentials, best_challenge, read_challenges
from nvr_client.errors import AccessRefused, LoginBlocked, RecorderError, Unreachable
from simulator.recorder import SimulatedRecorder
from tests.nvr_client.conftest import PASSWORD, USERNAME, ScriptedDevice, Site

DEVICE = "/ISAPI/System/deviceInfo"


async def test_a_right_password_is_let_in_with_one_handshake(site: Site, recorder: SimulatedRecorder) -> None:
    client = site.connect()
    await asyncio.gather(*(client.snapshot(channel) for channel in (1, 2, 3, 4)))
    assert recorder.rejected_logins == 0
    assert recorder.calls == {"device": 1, "picture": 4}


async def test_a_rejected_password_is_tried_once(site: Site, recorder: SimulatedRecorder) -> None:
    client = site.connect(password="sai")
    outcomes = await asyncio.gather(
        *(client.snapshot(channel) for channel in range(1, 7)),
        *(client.device() for _ in range(4)),
        return_exceptions=True,
    )
    assert len(outcomes) == 10
    assert all(isinstance(outcome, AccessRefused) for outcome in outcomes)
    assert recorder.rejected_logins == 1
    with pytest.raises(LoginBlocked):
        await client.channels()
    assert recorder.rejected_logins == 1
    assert client.blocked
    assert site.changes == [("dau-ghi-1", "blocked")]


async def test_a_password_changed_on_the_recorder_is_tried_once_until_a_person_unblocks(
    site: Site, recorder: SimulatedRecorder
) -> None:
    client = site.connect()
    await client.device()
    recorder.gate.password_ok = False
    for _ in range(3):
        with pytest.raises(AccessRefused):
            await client.snapshot(1)
    assert recorder.rejected_logins == 1
    recorder.gate.password_ok = True
    with pytest.raises(LoginBlocked):
        await client.device()
    client.unblock()
    assert (await client.device()).model
    assert not client.blocked


async def test_no_error_and_no_print_of_settings_shows_the_password(site: Site) -> None:
    client = site.connect(password="bí-mật-777")
    with pytest.raises(RecorderError) as caught:
        await client.device()
    error: BaseException | None = caught.value
    while error is not None:
        assert "bí-mật-777" not in str(error) + repr(error)
        error = error.__cause__
    assert "bí-mật-777" not in repr(client.__dict__)


@pytest.mark.parametrize(
    "challenge",
    [
        'Digest realm="R", nonce="n1", qop="auth", algorithm=SHA-256, opaque=""',
        'Digest realm="R", nonce="n1", qop="auth,auth-int", algorithm=MD5, opaque="o"',
        'Digest qop=auth,realm="R",nonce="n1"',
        'Digest realm="R", nonce="n1"',
        'Digest realm="R", nonce="n1", algorithm=MD5-sess, qop="auth", domain="::"',
        'Basic realm="R"',
    ],
)
async def test_every_kind_of_login_is_answered(
    challenge: str, scripted_site: Site, device: ScriptedDevice
) -> None:
    given: list[str] = []

    def gate(request: web.Request) -> web.Response | None:
        header = request.headers.get("Authorization")
        if header is None:
            return web.Response(status=401, headers={"WWW-Authenticate": challenge})
        given.append(header)
        return None if answers(header, request) else web.Response(status=401)

    device.gate = gate
    assert (await scripted_site.connect().device()).model == "M"
    with pytest.raises(AccessRefused):
        await scripted_site.connect(password="sai").device()


def answers(header: str, request: web.Request) -> bool:
    """Whether an Authorization header is right, computed apart from the code under test."""
    if header.startswith("Basic "):
        return base64.b64decode(header[6:]).decode() == f"{USERNAME}:{PASSWORD}"
    fields: dict[str, str] = dict(re.findall(r'(\w+)="?([^",]*)"?', header))
    name = fields.get("algorithm", "MD5")

    def digest(text: str) -> str:
        return hashlib.new("sha256" if name == "SHA-256" else "md5", text.encode()).hexdigest()

    ha1 = digest(f"{USERNAME}:R:{PASSWORD}")
    if name.endswith("-sess"):
        ha1 = digest(f"{ha1}:n1:{fields['cnonce']}")
    ha2 = digest(f"{request.method}:{request.raw_path}")
    middle = f"n1:{fields['nc']}:{fields['cnonce']}:auth" if "qop" in fields else "n1"
    right = digest(f"{ha1}:{middle}:{ha2}")
    return (fields["response"], fields["uri"]) == (right, request.raw_path)


async def test_an_expired_nonce_is_no_rejected_password(scripted_site: Site, device: ScriptedDevice) -> None:
    valid = ["n1"]

    def gate(request: web.Request) -> web.Response | None:
        header = request.headers.get("Authorization", "")
        if f'nonce="{valid[0]}"' in header:
            return None
        stale = ', stale="TRUE"' if header else ""
        value = f'Digest realm="R", nonce="{valid[0]}", qop="auth"{stale}'
        return web.Response(status=401, headers={"WWW-Authenticate": value})

    device.gate = gate
    client = scripted_site.connect()
    await client.device()
    valid[0] = "n2"
    assert (await client.device()).model == "M"
    assert not client.blocked


async def test_a_nonce_that_is_always_stale_ends_in_the_breaker(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    value = 'Digest realm="R", nonce="n", qop="auth", stale=true'
    device.gate = lambda _: web.Response(status=401, headers={"WWW-Authenticate": value})
    client = scripted_site.connect()
    with pytest.raises(AccessRefused):
        await client.device()
    assert device.asked[f"GET {DEVICE}"] == 3
    assert client.blocked


async def test_a_login_of_an_unknown_kind_is_refused_without_sending_the_password(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    device.gate = lambda _: web.Response(status=401, headers={"WWW-Authenticate": "Negotiate"})
    with pytest.raises(AccessRefused):
        await scripted_site.connect().device()
    assert device.asked[f"GET {DEVICE}"] == 1


async def test_the_first_request_that_needs_a_login_goes_alone(
    scripted_site: Site, device: ScriptedDevice, picture: bytes
) -> None:
    rejected = 0

    def gate(request: web.Request) -> web.Response | None:
        nonlocal rejected
        if request.path == DEVICE:
            return None
        rejected += "Authorization" in request.headers
        value = 'Digest realm="R", nonce="n", qop="auth"'
        return web.Response(status=401, headers={"WWW-Authenticate": value})

    device.gate = gate
    client = scripted_site.connect()
    outcomes = await asyncio.gather(*(client.snapshot(n) for n in range(1, 11)), return_exceptions=True)
    assert all(isinstance(outcome, AccessRefused) for outcome in outcomes)
    assert rejected == 1


def test_the_strongest_of_several_challenges_is_chosen() -> None:
    headers = [
        'Basic realm="B"',
        'Digest realm="a, b", nonce="1", algorithm=MD5, Digest realm="c", nonce="2", algorithm=SHA-256',
    ]
    assert len(read_challenges(headers)) == 3
    best = best_challenge(headers)
    assert best is not None
    assert (best.nonce, best.realm, best.hash_name) == ("2", "c", "SHA-256")


def test_the_example_of_rfc_7616_comes_out_as_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = (
        'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
        'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    challenge = best_challenge([asked])
    assert challenge is not None
    credentials = Credentials("Mufasa", "Circle of Life", challenge)
    monkeypatch.setattr(credentials, "_cnonce", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")
    header = credentials.header("GET", "/dir/index.html")
    assert 'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"' in header


async def test_a_lock_that_others_caused_is_not_made_longer(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    carried: list[bool] = []
    locked = [True]

    def gate(request: web.Request) -> web.Response | None:
        carried.append("Authorization" in request.headers)
        if carried[-1] and not locked[0]:
            return None
        state = "lock" if locked[0] else "unlock"
        return web.Response(
            status=401,
            text=f"<userCheck><lockStatus>{state}</lockStatus></userCheck>",
            headers={"WWW-Authenticate": 'Digest realm="R", nonce="n", qop="auth"'},
        )

    device.gate = gate
    client = scripted_site.connect()
    with pytest.raises(AccessRefused):
        await client.device()
    assert carried == [False]
    assert not client.blocked
    locked[0] = False
    assert (await client.device()).model == "M"


async def test_a_recorder_that_was_started_anew_and_knows_no_nonce_is_logged_in_to_again(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    valid = ["n1"]
    cut = [False]

    def gate(request: web.Request) -> web.Response | None:
        if cut[0] and request.transport is not None:
            request.transport.close()
        if f'nonce="{valid[0]}"' in request.headers.get("Authorization", ""):
            return None
        value = f'Digest realm="R", nonce="{valid[0]}", qop="auth", stale="FALSE"'
        return web.Response(status=401, headers={"WWW-Authenticate": value})

    device.gate = gate
    client = scripted_site.connect()
    await client.device()
    cut[0] = True
    with pytest.raises(Unreachable):
        await client.device()
    cut[0] = False
    valid[0] = "n2"
    assert (await client.device()).model == "M"
    assert not client.blocked
