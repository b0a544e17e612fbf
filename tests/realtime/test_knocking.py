"""Two hundred knock at one door at the same time, by whatever right they have or have not."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from tests.realtime.servers import Server
from tests.realtime.test_arrivals import crowd, session_of

if TYPE_CHECKING:
    from threads.models import Thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
PATIENCE_SECONDS = 30.0
Visit = tuple[dict[str, str], str | None]


async def outcome(server: Server, visit: Visit, stream: str) -> str | int:
    """What comes of subscribing: the answer's type, or the code that the socket is closed with."""
    headers, origin = visit
    async with connect(
        f"ws://{server.host}/ws/",
        additional_headers=headers,
        origin=Origin(origin) if origin else None,
        proxy=None,
        open_timeout=PATIENCE_SECONDS,
    ) as connection:
        try:
            await connection.send(json.dumps({"type": "subscribe", "stream": stream, "after": 2}))
            answer: dict[str, str] = json.loads(await asyncio.wait_for(connection.recv(), PATIENCE_SECONDS))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else str(closed)
        return answer.get("code") or answer["type"]


async def all_at_once(server: Server, wanted: list[Visit], stream: str) -> list[str | int]:
    """What comes of each."""
    return await asyncio.gather(*(outcome(server, visit, stream) for visit in wanted))


def visits(server: Server, token_of: Callable[[str], str]) -> dict[str, tuple[Visit, str | int]]:
    """One of each sort, with what is to come of it."""
    from community.rules import clock

    ours, [member] = f"http://{server.host}", crowd(1)
    good, expired = session_of(member), session_of(member, expires=clock.now() - timedelta(seconds=1))
    return {
        "session that may not listen": (({"Cookie": good.cookie}, ours), "not_there"),
        "expired session": (({"Cookie": expired.cookie}, ours), 4401),
        "another site's page": (({"Cookie": good.cookie}, "http://evil.example"), 4403),
        "token": (({"Authorization": f"Bearer {token_of('ada')}"}, None), "subscribed"),
        "token that may not listen": (({"Authorization": f"Bearer {token_of('finn')}"}, None), "not_there"),
        "unknown token": (({"Authorization": "Bearer gh_wrong"}, None), 4401),
        "nothing": (({}, ours), 4401),
        "nonsense": (({"Cookie": "sessionid='\";--"}, ours), 4401),
    }


def test_each_gets_their_own_answer(server: Server, token_of: Callable[[str], str], thread: "Thread") -> None:
    sorts = visits(server, token_of)
    names = [name for _time in range(25) for name in sorts]
    found = asyncio.run(all_at_once(server, [sorts[name][0] for name in names], f"thread:{thread.pk}"))
    assert [(name, answer) for name, answer in zip(names, found, strict=True) if answer != sorts[name][1]] == []
