"""getUpdates, webhooks, getFile."""

from simulator.telegram.call import Call
from simulator.telegram.errors import bad_request
from simulator.telegram.files import DOWNLOAD_LIMIT_BYTES
from simulator.telegram.methods.table import Method
from simulator.telegram.updates import Webhook
from simulator.telegram.world import World


async def _get_updates(world: World, call: Call) -> object:
    world.updates.allow(call.structure("allowed_updates"))
    return await world.updates.poll(
        offset=call.integer("offset"),
        limit=call.integer("limit", 100),
        timeout_seconds=call.integer("timeout"),
    )


async def _set_webhook(world: World, call: Call) -> object:
    url = call.text("url")
    if not url:
        return await _delete_webhook(world, call)
    # Plain HTTP is fine here, as with a self-hosted Bot API server in local mode.
    if not url.startswith(("http://", "https://")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = call.text("secret_token")
    if len(secret) > 256 or not all(letter.isalnum() or letter in "_-" for letter in secret):
        raise bad_request("secret token contains unallowed characters")
    _drop_pending(world, call)
    world.updates.allow(call.structure("allowed_updates"))
    world.updates.webhook = Webhook(url, secret, call.integer("max_connections", 40))
    world.bell.ring()
    return True


async def _delete_webhook(world: World, call: Call) -> object:
    _drop_pending(world, call)
    world.updates.webhook = None
    world.bell.ring()
    return True


def _drop_pending(world: World, call: Call) -> None:
    if call.flag("drop_pending_updates"):
        world.updates.waiting.clear()


async def _get_webhook_info(world: World, _call: Call) -> object:
    webhook = world.updates.webhook
    info: dict[str, object] = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.waiting),
    }
    if world.updates.allowed is not None:
        info["allowed_updates"] = sorted(world.updates.allowed)
    if webhook is not None:
        info["max_connections"] = webhook.max_connections
        if webhook.last_error_date:
            info["last_error_date"] = webhook.last_error_date
            info["last_error_message"] = webhook.last_error_message
    return info


async def _get_file(world: World, call: Call) -> object:
    file_id = call.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    file = world.files.find(file_id)
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if file.size_bytes > DOWNLOAD_LIMIT_BYTES:
        raise bad_request("file is too big")
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": file.size_bytes,
        "file_path": file.remote_path,
    }


RECEIVING: dict[str, Method] = {
    "getUpdates": _get_updates,
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": _get_webhook_info,
    "getFile": _get_file,
}
