"""What a process says to the others and hears from them, on a channel layer that the tests are."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from realtime.bridge import Bridge

PATIENCE_SECONDS = 15.0


class Layer:
    """What comes from it is put into `incoming`, an error to be raised; `sent` is what went out."""

    def __init__(self) -> None:
        self.incoming: asyncio.Queue[Any] = asyncio.Queue()
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def new_channel(self) -> str:
        return "ours"

    async def group_add(self, _group: str, _channel: str) -> None:
        pass

    async def group_send(self, _group: str, message: dict[str, Any]) -> None:
        self.sent.put_nowait(message)

    async def receive(self, _channel: str) -> Any:
        message = await self.incoming.get()
        if isinstance(message, Exception):
            raise message
        return message


@asynccontextmanager
async def running(layer: Layer, hear: Callable[[str, Any], None]) -> AsyncIterator["Bridge"]:
    """The bridge of the process `us`."""
    from realtime.bridge import Bridge

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("realtime.bridge.get_channel_layer", lambda: layer)
        patch.setattr("realtime.bridge.RETRY_SECONDS", 0)
        bridge = Bridge("us", hear)
        task = asyncio.create_task(bridge.run())
        yield bridge
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.mark.parametrize(
    "bad",
    [
        ValueError("unpack(b) received extra data"),
        OSError("the connection is gone"),
        {"from": "other"},
        {"said": []},
        {"from": "other", "said": [["too", "few"]]},
        {"from": "other", "said": [["place", "what", None]]},
        None,
    ],
)
async def test_a_message_that_makes_no_sense_makes_nobody_deaf(bad: Any) -> None:
    layer, heard = Layer(), asyncio.Queue[str]()
    async with running(layer, lambda place, _message: heard.put_nowait(place)), asyncio.timeout(PATIENCE_SECONDS):
        for message in (bad, {"from": "other", "said": [["thread:1", "nudge", {"seq": 1}]]}):
            layer.incoming.put_nowait(message)
        assert await heard.get() == "thread:1"


async def test_hints_to_one_space_name_all_threads_that_grew() -> None:
    from tests.realtime.inside import hub_alone

    layer = Layer()
    async with hub_alone() as hub, running(layer, lambda _place, _message: None) as bridge:
        hub.bridge = bridge
        for grown in ({"thread:1": 4, "member:7": 2}, {"thread:2": 9}, {"thread:1": 5}):
            hub._told(grown, frozenset({"space:lobby"}))
        async with asyncio.timeout(PATIENCE_SECONDS):
            said = (await layer.sent.get())["said"]
        assert [more for place, what, more in said if what == "hint"] == [{"grown": {"thread:1": 5, "thread:2": 9}}]
        assert bridge.unsaid("space:lobby", "hint") == {}
