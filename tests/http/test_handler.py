"""The handler of pages: Django in a few long-lived threads."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, current_thread

import pytest
from django.core import signals
from pytest_django.fixtures import Settings

from community.http.handler import PageHandler
from community.http.workers import Worker, Workers, begin_with
from tests.http.asking import Asking, Make, ask, until
from tests.http.views import Scene


async def slow_one(application: PageHandler, scene: Scene, *, method: str = "GET") -> Asking:
    """A request that is behind the gate."""
    asking = await Asking(application, "/slow", method=method).send()
    await asyncio.to_thread(scene.entered.acquire, timeout=30)
    return asking


async def test_threads_are_kept(handler: Make, scene: Scene) -> None:
    application = handler(threads=2, most_waiting=20)
    for _ in range(6):
        assert (await ask(application, "/quick")).body == b"quick"
    assert len(scene.threads) == 1, "one at a time needs one thread"
    await asyncio.gather(*(ask(application, "/quick") for _ in range(20)))
    assert len(scene.threads) <= 2


async def test_a_slow_page_does_not_hold_up_others(handler: Make, scene: Scene) -> None:
    application = handler(threads=2)
    slow = await slow_one(application, scene)
    for _ in range(3):
        assert (await ask(application, "/quick")).status == 200
    scene.gate.set()
    assert (await slow.answer()).body == b"slow"


async def test_who_waits_is_served_in_order(handler: Make, scene: Scene) -> None:
    application = handler(threads=1)
    slow = await slow_one(application, scene)
    waiting = [await Asking(application, f"/quick?{number}").send() for number in range(4)]
    await until(lambda: application.workers.waiting == 4)
    scene.gate.set()
    assert [(await asking.answer()).status for asking in [slow, *waiting]] == [200] * 5
    assert scene.ran == ["/slow", *(f"/quick?{number}" for number in range(4))]
    assert application.workers.waiting == 0


async def test_a_read_does_not_wait_for_writes(handler: Make, scene: Scene) -> None:
    application = handler(threads=3, slow_after=3600.0)
    slow = await slow_one(application, scene, method="POST")
    written = [await Asking(application, f"/quick?{number}", method="POST").send() for number in range(3)]
    await until(lambda: application.workers.waiting == 3)

    assert (await ask(application, "/quick?read")).status == 200

    assert scene.ran == ["/slow", "/quick?read"], "writes begin one after the other, a read at once"
    scene.gate.set()
    assert [(await asking.answer()).status for asking in (slow, *written)] == [200] * 4


async def test_reads_without_end_do_not_keep_writes_out() -> None:
    workers = Workers(threads=2, slow_after=3600.0, most_waiting=5, patience=30.0)
    first = workers.take(reads=True)
    assert first
    reads = [asyncio.create_task(workers.wait(reads=True)) for _ in range(3)]
    written = asyncio.create_task(workers.wait(reads=False))
    await until(lambda: workers.waiting == 4)
    workers.give_back(first)
    await asyncio.wait_for(written, 30)
    await asyncio.wait_for(reads[0], 30)
    assert [read.done() for read in reads] == [True, False, False], "after one read a write has its turn"
    for read in reads:
        workers.give_back(await asyncio.wait_for(read, 30))
    workers.give_back(written.result())


async def test_reads_and_writes_keep_to_the_threads_that_they_used() -> None:
    workers = Workers(threads=3, slow_after=3600.0, most_waiting=5, patience=30.0)

    def both(*, first: bool) -> tuple[Worker | None, Worker | None]:
        """The threads of a write and of a read that begins meanwhile, given back in that order or the other."""
        written = workers.take(reads=False)
        read = workers.take(reads=True)
        assert written is not None
        assert read is not None
        for worker in (written, read) if first else (read, written):
            workers.give_back(worker)
        return written, read

    written, read = both(first=True)
    assert written is not read
    assert both(first=False) == both(first=True) == (written, read)


async def test_writes_that_hang_leave_a_thread_for_reads(handler: Make, scene: Scene) -> None:
    application = handler(threads=3, slow_after=0.001)
    hanging = [await slow_one(application, scene, method="POST") for _ in range(2)]
    waiting = await Asking(application, "/quick?written", method="POST").send()
    await until(lambda: application.workers.waiting == 1)
    assert (await ask(application, "/quick")).status == 200
    assert application.workers.waiting == 1
    scene.gate.set()
    assert [(await asking.answer()).status for asking in (*hanging, waiting)] == [200] * 3


@contextmanager
def counted(why: str) -> Iterator[None]:
    """One refusal for that reason is counted while the block runs."""
    from community.metrics.instruments import REFUSED

    def total() -> float:
        samples = next(iter(REFUSED.collect())).samples
        return sum(each.value for each in samples if each.labels["why"] == why and each.name.endswith("_total"))

    before = total()
    yield
    assert total() == before + 1


@pytest.mark.parametrize(("path", "says"), [("/quick", b"what you typed"), ("/api/v1/me", b"too_busy")])
async def test_overload_is_refused_at_once(handler: Make, scene: Scene, path: str, says: bytes) -> None:
    application = handler(threads=1, most_waiting=1)
    slow = await slow_one(application, scene)
    waiting = await Asking(application, "/quick").send()
    await until(lambda: application.workers.waiting == 1)

    with counted("too_busy"):
        refused = await ask(application, path)

    assert (refused.status, refused["Retry-After"]) == (503, "5")
    assert says in refused.body
    scene.gate.set()
    assert [(await asking.answer()).status for asking in (slow, waiting)] == [200, 200]


async def test_nobody_waits_for_ever(handler: Make, scene: Scene) -> None:
    application = handler(threads=1, patience=0.01)
    slow = await slow_one(application, scene)
    assert (await ask(application, "/quick")).status == 503
    assert application.workers.waiting == 0
    scene.gate.set()
    assert (await slow.answer()).status == 200
    assert (await ask(application, "/quick")).status == 200, "the thread is free again"


async def test_who_left_the_line_costs_nothing(handler: Make, scene: Scene) -> None:
    application = handler(threads=1)
    slow = await slow_one(application, scene)
    gone = await Asking(application, "/quick?gone").send()
    await until(lambda: application.workers.waiting == 1)
    await gone.hang_up()
    scene.gate.set()
    await gone.ended()
    assert await gone.silent()
    assert (await slow.answer()).status == 200
    assert (await ask(application, "/quick?there")).status == 200
    assert scene.ran == ["/slow", "/quick?there"]


async def test_a_cancelled_request_gives_its_thread_back(handler: Make, scene: Scene) -> None:
    """Only when it has really ended: the next one must not wait behind it in the same thread."""
    application = handler(threads=1)
    slow = await slow_one(application, scene)
    waiting = await Asking(application, "/quick").send()
    await until(lambda: application.workers.waiting == 1)
    slow._asking.future.cancel()
    await asyncio.sleep(0)
    assert application.workers.waiting == 1
    scene.gate.set()
    assert (await waiting.answer()).status == 200
    assert (await ask(application, "/quick")).status == 200


async def test_a_body_that_is_cut_off_never_reaches_a_view(handler: Make, scene: Scene) -> None:
    asking = await Asking(handler(), "/quick", method="POST").send(b"half", more=True)
    await asking.hang_up()
    await asking.ended()
    assert await asking.silent()
    assert scene.ran == []


async def test_what_django_sees(handler: Make) -> None:
    headers = [("cookie", "a=1"), ("x-twice", "1"), ("x-twice", "2"), ("x_sneaky", "no")]
    answer = await ask(handler(), "/seen?q=%C3%A9", headers=headers)
    assert json.loads(answer.body) == {
        "method": "GET", "path": "/seen", "path_info": "/seen", "address": "http://localhost/seen?q=%C3%A9",
        "query": {"q": "é"}, "cookies": {"a": "1"}, "header": "1,2", "sneaky": None, "client": "192.0.2.7",
    }  # fmt: skip
    cookies = [value for name, value in answer.headers if name == "Set-Cookie"]
    assert cookies == ["one=1; HttpOnly; Path=/", "two=2; Path=/"]


async def test_addresses_begin_as_the_site_says_not_as_the_request_does(handler: Make, settings: Settings) -> None:
    """Servers take `root_path` from a header that anybody can send."""
    answer = await ask(handler(), "/seen", root_path="https://elsewhere.example")
    assert json.loads(answer.body)["address"] == "http://localhost/seen"
    settings.FORCE_SCRIPT_NAME = "/site"
    answer = await ask(handler(), "/site/seen", root_path="https://elsewhere.example")
    assert json.loads(answer.body)["path_info"] == "/seen"


async def test_uploads_arrive_whole(handler: Make) -> None:
    """In parts, and larger than what is kept in memory."""
    size = 3 * 1024 * 1024
    lines = [
        b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nwith it\r\n',
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.log"\r\n\r\n',
        b"x" * size,
        b"\r\n--b--\r\n",
    ]
    headers = [("content-type", "multipart/form-data; boundary=b"), ("content-length", str(sum(map(len, lines))))]
    asking = Asking(handler(), "/upload", method="POST", headers=headers)
    for line in lines:
        await asking.send(line, more=True)
    await asking.send()
    assert json.loads((await asking.answer()).body) == {"name": "x.log", "size": size, "text": "with it"}


@pytest.mark.parametrize(("path", "says"), [("/swallow", b"Too much at once"), ("/api/v1/threads", b'"too_big"')])
async def test_a_body_without_end_is_refused_before_it_ends(
    handler: Make, settings: Settings, path: str, says: bytes
) -> None:
    settings.BODY_LIMIT = 1000
    asking = Asking(handler(), path, method="POST")
    await asking.send(b"x" * 600, more=True)
    with counted("too_large"):
        await asking.send(b"x" * 600, more=True)
        refused = await asking.answer()
    assert refused.status == 413
    assert says in refused.body


async def test_a_body_too_large_for_memory_is_a_bad_request(handler: Make, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    application = handler()
    for size, status in ((1000, 200), (1001, 400)):
        headers = [("content-length", str(size))]
        assert (await ask(application, "/swallow", method="POST", body=b"x" * size, headers=headers)).status == status


async def test_our_mistakes_are_a_page_and_the_thread_goes_on(handler: Make, settings: Settings) -> None:
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False
    application = handler(threads=1)
    assert (await ask(application, "/broken")).status == 500
    assert (await ask(application, "/nowhere")).status == 404
    assert (await ask(application, "/quick")).status == 200


@pytest.mark.parametrize("size", [0, 10, 65_536, 1_000_000])
async def test_files_arrive_whole_and_are_closed(handler: Make, tmp_path: Path, size: int) -> None:
    name = tmp_path / "file.bin"
    name.write_bytes(bytes(range(256)) * (size // 256) + b"x" * (size % 256))
    finished: list[object] = []

    def finish(**told: object) -> None:
        finished.append(told["sender"])

    signals.request_finished.connect(finish)
    try:
        answer = await ask(handler(), f"/file?name={name}")
    finally:
        signals.request_finished.disconnect(finish)
    assert answer.body == name.read_bytes()
    assert answer["Content-Length"] == str(size)
    assert finished == [PageHandler]


async def test_a_stream_is_read_by_its_own_thread_while_that_serves_others(handler: Make, scene: Scene) -> None:
    application = handler(threads=1)
    asking = await Asking(application, "/stream").send()
    assert (await asking.message())["status"] == 200
    for _ in range(3):
        assert (await asking.message())["body"] == b"part;"
        assert (await ask(application, "/quick")).status == 200
    await asking.hang_up()
    await asking.ended()
    assert len(scene.threads) == 1
    assert scene.ended.is_set(), "the generator was closed"


async def test_a_stream_stops_when_nobody_listens(handler: Make, scene: Scene) -> None:
    asking = await Asking(handler(), "/stream").send()
    await asking.message()
    await asking.hang_up()
    await asking.ended()
    read = scene.parts
    assert scene.ended.is_set()
    await asyncio.sleep(0)
    assert scene.parts == read


async def test_only_http(handler: Make) -> None:
    with pytest.raises(ValueError, match="HTTP only"):
        await handler()({"type": "websocket"}, None, None)  # type: ignore[arg-type]


async def test_one_begins_when_the_one_before_ends_or_turns_out_to_be_slow(
    handler: Make, settings: Settings, scene: Scene
) -> None:
    application = handler(threads=3)
    application.workers._slow_after = 3600.0
    slow = await slow_one(application, scene)
    waiting = await Asking(application, "/quick").send()
    await until(lambda: application.workers.waiting == 1)
    assert scene.ran == ["/slow"], "two threads are free, and it waits"

    [worker] = application.workers._just_begun
    application.workers._is_slow(worker)

    assert (await waiting.answer()).status == 200
    scene.gate.set()
    assert (await slow.answer()).status == 200


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Worker]:
    """The threads of a process that has just begun."""
    known: list[Worker] = []
    monkeypatch.setattr("community.http.workers._workers", known)
    return [Worker(f"begun {number}") for number in range(3)]


async def test_each_thread_begins_with_something_before_its_first_request(begun: list[Worker]) -> None:
    done = list[tuple[str, int]]()
    begin_with(lambda number: done.append((current_thread().name, number)), patience=30.0)
    assert done == [(f"begun {number}", number) for number in range(3)]


async def test_what_a_thread_begins_with_may_fail(begun: list[Worker], caplog: pytest.LogCaptureFixture) -> None:
    def fail(number: int) -> None:
        raise LookupError(f"thread {number}")

    begin_with(fail, patience=30.0)
    assert [record.exc_info[1].args for record in caplog.records if record.exc_info and record.exc_info[1]] == [
        (f"thread {number}",) for number in range(3)
    ]
    assert await begun[1].run(lambda: "served") == "served"


async def test_nobody_waits_for_a_beginning_without_an_end(begun: list[Worker]) -> None:
    gate = Event()
    begin_with(lambda _number: gate.wait(30), patience=0.0)
    asked = asyncio.create_task(begun[0].run(lambda: "served"))
    gate.set()
    assert await asked == "served"
