from simulator.recorder import SimulatedRecorder
from tests.simulator.recorder.conftest import Client, Clock, tree

DEVICE = "/ISAPI/System/deviceInfo"


async def test_the_right_password_is_let_in(client: Client) -> None:
    assert (await client.get(DEVICE))[0] == 200


async def test_a_wrong_password_is_refused_and_counted(
    wrong_client: Client, recorder: SimulatedRecorder
) -> None:
    status, body = await wrong_client.get(DEVICE)
    assert status == 401
    assert tree(body).findtext("lockStatus") == "unlock"
    assert recorder.rejected_logins == 1
    assert recorder.calls["device"] == 0


async def test_five_wrong_passwords_lock_the_address_for_half_an_hour(
    client: Client, wrong_client: Client, clock: Clock, recorder: SimulatedRecorder
) -> None:
    while recorder.rejected_logins < 5:
        await wrong_client.get(DEVICE)
    status, body = await client.get(DEVICE)
    assert status == 401
    assert tree(body).findtext("lockStatus") == "lock"
    assert tree(body).findtext("unlockTime") == "1800"
    clock.advance(minutes=29)
    assert (await client.get(DEVICE))[0] == 401
    clock.advance(minutes=1)
    assert (await client.get(DEVICE))[0] == 200


async def test_a_right_password_between_wrong_ones_forgives_them(
    client: Client, wrong_client: Client, recorder: SimulatedRecorder
) -> None:
    while recorder.rejected_logins < 3:
        await wrong_client.get(DEVICE)
    assert (await client.get(DEVICE))[0] == 200
    await wrong_client.get(DEVICE)
    assert recorder.rejected_logins >= 5
    assert (await client.get(DEVICE))[0] == 200


async def test_an_old_nonce_is_stale_and_not_a_wrong_password(
    client: Client, clock: Clock, recorder: SimulatedRecorder
) -> None:
    assert (await client.get(DEVICE))[0] == 200
    clock.advance(minutes=6)
    assert (await client.get(DEVICE))[0] == 200
    assert recorder.rejected_logins == 0


async def test_a_changed_password_refuses_the_old_one(client: Client, recorder: SimulatedRecorder) -> None:
    assert (await client.get(DEVICE))[0] == 200
    recorder.password_ok = False
    assert (await client.get(DEVICE))[0] == 401
    assert recorder.rejected_logins >= 1
