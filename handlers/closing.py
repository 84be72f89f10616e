"""A delivered recording is not kept for ever: after its time the case is closed and the copy destroyed.

The regulation names no maximum; the law wants deletion when the purpose is met (90 days, a setting; s).
"""

from domain.requests import RequestState
from handlers.asking import system_entry
from handlers.ports import Tools


async def close(tools: Tools) -> int:
    """Close every delivered request whose copy has been kept long enough; the number of them."""
    now = tools.now()
    async with tools.reading() as uow:
        delivered = await uow.requests.in_state(RequestState.DELIVERED)
    due = [
        request
        for request in delivered
        if request.decided_at is not None and now - request.decided_at > tools.limits.keep_copies
    ]
    for request in due:
        async with tools.begin() as uow:
            current = await uow.requests.get(request.id)
            if current is None or current.state is not RequestState.DELIVERED:
                continue
            await uow.requests.move(current, RequestState.CLOSED)
            await uow.jobs.want("destroy", f"destroy:{current.id}", {"request": current.id}, now)
            await uow.audit.write(system_entry(now, "request:close:done", current.code))
            await uow.commit()
    return len(due)
