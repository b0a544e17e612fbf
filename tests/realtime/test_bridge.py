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
    """What comes from it is put into `incoming`, an error to be raised; `sent` is what went out, and comes in again.

    One that is `deaf` takes everything and gives nothing.
    """

    def __init__(self, *, deaf: bool = False) -> None:
        self.deaf = deaf
        self.flushed = False
        self.incoming: asyncio.Queue[Any] = asyncio.Queue()
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def new_channel(self) -> str:
        return "ours"

    async def group_add(self, _group: str, _channel: str) -> None:
        pass

    async def group_send(self, _group: str, message: dict[str, Any]) -> None:
        self.sent.put_nowait(message)
        if not self.deaf:
            self.incoming.put_nowait(message)

    async def flush(self) -> None:
        self.flushed = True

    async def receive(self, _channel: str) -> Any:
        message = await self.incoming.get()
        if isinstance(message, Exception):
            raise message
        return message


class Layers(dict[str, Layer]):
    """As Channels keeps them."""

    def __init__(self, layer: Layer, anew: Layer) -> None:
        super().__init__(default=layer)
        self.anew = anew

    def make_backend(self, _alias: str) -> Layer:
        return self.anew


@asynccontextmanager
async def running(layer: Layer, hear: Callable[[str, Any], None], anew: Layer | None = None) -> AsyncIterator["Bridge"]:
    """The bridge of the process `us`; a layer that it takes `anew` is that one."""
    from realtime.bridge import Bridge

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("realtime.bridge.channel_layers", Layers(layer, anew or Layer()))
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


async def test_who_does_not_hear_what_it_says_takes_a_new_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.bridge.UNHEARD_SECONDS", 0)
    deaf, anew, heard = Layer(deaf=True), Layer(), asyncio.Queue[str]()
    async with (
        running(deaf, lambda place, _message: heard.put_nowait(place), anew) as bridge,
        asyncio.timeout(PATIENCE_SECONDS),
    ):
        bridge.say("thread:1", "nudge", seq=1)
        await deaf.sent.get()
        bridge.say("thread:1", "nudge", seq=2)
        anew.incoming.put_nowait({"from": "other", "said": [["thread:2", "nudge", {"seq": 1}]]})
        assert await heard.get() == "thread:2"
        bridge.say("thread:1", "nudge", seq=3)
        assert (await anew.sent.get())["said"] == [["thread:1", "nudge", {"seq": 3}]]
    assert deaf.flushed
    assert deaf.sent.empty()


async def test_who_hears_itself_keeps_its_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.bridge.UNHEARD_SECONDS", 0)
    layer, heard = Layer(), asyncio.Queue[str]()
    async with running(layer, lambda place, _message: heard.put_nowait(place)) as bridge:
        for seq in range(5):
            bridge.say("thread:1", "nudge", seq=seq)
            async with asyncio.timeout(PATIENCE_SECONDS):
                await layer.sent.get()
                layer.incoming.put_nowait({"from": "other", "said": [["thread:2", "nudge", {"seq": seq}]]})
                assert await heard.get() == "thread:2"
    assert not layer.flushed
