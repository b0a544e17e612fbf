"""The process of the sentence model and those who ask it: whatever one of them says, the other goes on."""

import json
import random
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.threads.meaning import switched_on
from threads.management.model.door import BUSY, MOST_WAITING, Door
from threads.queries.nearest_vectors import LEFT_ALONE, MOST_FAILURES, Question
from threads.rules import semantic
from threads.rules.model_frames import HEAD, LONGEST_QUESTION, frame, unframed

GOOD = {"model": 1, "near": {"thread": [[7, 0.5]]}, "of": {}}


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(semantic, "installed", lambda: True)
    with switched_on(settings, tmp_path):
        yield semantic.socket_path()


def speaking(path: Path, said: Callable[[socket.socket], object]) -> threading.Thread:
    """Somebody who takes one question at that place and says something."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen()

    def speak() -> None:
        with listener:
            line, _address = listener.accept()
            with line:
                line.recv(LONGEST_QUESTION)
                said(line)

    thread = threading.Thread(target=speak)
    thread.start()
    return thread


def asked() -> Any:
    with Question("a text", {"thread": 200}) as question:
        return question.nearest()


def test_a_true_answer(place: Path) -> None:
    thread = speaking(place, lambda line: line.sendall(frame(GOOD)))
    assert asked() == {"thread": {7: 0.5}}
    thread.join()


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\0",
        b"GET / HTTP/1.1\r\n\r\n",
        HEAD.pack(2**31),
        HEAD.pack(3) + b"{}]",
        HEAD.pack(9) + b"[" * 9,
        frame([]),
        frame({}),
        frame({**GOOD, "near": {"thread": [[7, float("nan")]]}}),
        frame({**GOOD, "near": {"thread": [[7, 1e300]]}}),
        frame({**GOOD, "near": {"thread": [[2**64, 0.5]]}}),
        frame({**GOOD, "near": {"thread": [["7", 0.5]]}}),
        frame({**GOOD, "near": [7]}),
        frame({**GOOD, "model": None}),
    ],
)
def test_nonsense_is_no_answer(place: Path, said: bytes) -> None:
    thread = speaking(place, lambda line: line.sendall(said))
    assert asked() is None
    thread.join()


def test_who_is_slow_costs_no_more_than_patience(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the clock that counts it: each byte comes in time, all of them do not."""
    now = [100.0]
    monkeypatch.setattr("threads.queries.nearest_vectors.monotonic", lambda: now[0])

    class Dripping:
        patience: list[float] = []

        def settimeout(self, seconds: float) -> None:
            self.patience.append(seconds)

        def recv(self, _most: int) -> bytes:
            now[0] += 0.06
            return b"\0"

        def close(self) -> None: ...

    question = Question("", {})
    question._line = Dripping()  # type: ignore[assignment]
    assert question.nearest() is None
    assert [round(each, 2) for each in Dripping.patience] == [0.15, 0.09, 0.03]


def test_who_fails_often_is_left_alone_for_a_while(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _time in range(MOST_FAILURES):
        assert asked() is None
    thread = speaking(place, lambda line: line.sendall(frame(GOOD)))
    assert asked() is None, "nobody asks"
    now = time.monotonic()
    monkeypatch.setattr("threads.queries.nearest_vectors.monotonic", lambda: now + LEFT_ALONE + 1)
    assert asked() == {"thread": {7: 0.5}}
    thread.join()


def test_two_answers_of_different_models_are_none(place: Path) -> None:
    def speak(line: socket.socket) -> None:
        line.sendall(frame(GOOD))
        line.recv(LONGEST_QUESTION)
        line.sendall(frame({**GOOD, "model": 2}))

    thread = speaking(place, speak)
    with Question("a text", {"thread": 200}) as question:
        assert question.nearest() is not None
        assert question.likeness({"thread": [8]}, {}) is None
    thread.join()


def test_nothing_is_asked_where_it_is_switched_off(settings: Any, place: Path) -> None:
    settings.SEMANTIC = False
    thread = speaking(place, lambda _line: None)
    assert asked() is None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.connect(str(place))
    thread.join()


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    def answer(question: Any) -> dict[str, Any]:
        return {"said": question["text"]}

    opened = Door(tmp_path / "door", answer)
    yield opened
    opened.close()
    assert not (tmp_path / "door").exists()


def call(path: Path) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(10)
    line.connect(str(path))
    return line


def heard(line: socket.socket) -> Any:
    (length,) = HEAD.unpack(line.recv(HEAD.size))
    return unframed(line.recv(length))


def test_the_door_is_private_and_outlives_nonsense(door: Door, tmp_path: Path) -> None:
    path, draw = tmp_path / "door", random.Random(7)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    deep = b"[" * 60_000
    for nonsense in (
        b"GET / HTTP/1.1\r\n\r\n",
        HEAD.pack(0),
        HEAD.pack(LONGEST_QUESTION + 1),
        frame([]),
        frame(7),
        frame({}),
        HEAD.pack(len(deep)) + deep,
        HEAD.pack(9) + draw.randbytes(9),
    ):
        with call(path) as line:
            line.sendall(nonsense)
            door.attend(0)
            door.attend(0)
            assert line.recv(10) == b""
    with call(path) as line:
        question = frame({"text": "fine"})
        line.sendall(question[:7])
        door.attend(0)
        line.sendall(question[7:])
        door.attend(0)
        assert heard(line) == {"said": "fine"}


def test_who_waits_behind_too_many_is_told_so(door: Door, tmp_path: Path) -> None:
    lines = [call(tmp_path / "door") for _number in range(MOST_WAITING + 3)]
    for line in lines:
        line.sendall(frame({"text": "one"}))
    door.attend(0)
    said = [json.dumps(heard(line)) for line in lines]
    assert said.count(json.dumps(BUSY)) == 3
    assert said.count(json.dumps({"said": "one"})) == MOST_WAITING
    for line in lines:
        line.close()


def test_who_hung_up_is_not_answered(door: Door, tmp_path: Path) -> None:
    with call(tmp_path / "door") as line:
        line.sendall(frame({"text": "gone"}))
    door._answer = lambda _asked: pytest.fail("nobody waits for it")
    door.attend(0)
    door.attend(0)
