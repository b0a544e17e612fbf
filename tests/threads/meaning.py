"""Shared by the tests of the sentence model: it is switched on, things have vectors, and a process answers."""

import importlib.util
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.processes import until
from threads.rules import semantic

os.environ.setdefault("OMP_NUM_THREADS", "1")  # as the process of the model has it
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
needs_model = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in semantic.LIBRARIES),
    reason="the extra `semantic` is not installed (bin/serve --semantic)",
)


@contextmanager
def switched_on(settings: Any, folder: Path) -> Iterator[None]:
    """The site uses its model, whose socket and index are in a folder of their own; nobody was let down by it yet."""
    from threads.queries import nearest_vectors

    settings.SEMANTIC, settings.DATA_DIR = True, folder
    nearest_vectors._failures.update({"in a row": 0, "until": 0.0})
    yield
    nearest_vectors._failures.update({"in a row": 0, "until": 0.0})


def fill() -> int:
    """Make all vectors that are lacking, as `manage.py embed` does; says how many were made."""
    from threads.management.model.filling import Filler
    from threads.management.model.process import own_model

    filler = Filler(the_model(), own_model())
    made = sum(new for _seen, new in filler.everything())
    while filler.work():
        pass
    filler.finish()
    return made


_loaded: list[Any] = []


def the_model() -> Any:
    """Loaded once for all tests."""
    from threads.management.model.minilm import MiniLM

    if not _loaded:
        _loaded.append(MiniLM())
    return _loaded[0]


class Listening:
    """The process's door, in a thread of this one: the shelves are this test's, which sees its own transaction."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from threads.management.model import process

        monkeypatch.setattr(process, "MiniLM", the_model)
        monkeypatch.setattr(process, "close_old_connections", lambda: None)
        self.process = process.Process()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._attend)

    def catch_up(self) -> None:
        """Until there is nothing more to do."""
        self.process._due.clear()
        while self.process.step():
            pass
        self.process._due.clear()
        while self.process.step():
            pass

    def _attend(self) -> None:
        while not self._stop.is_set():
            self.process._door.attend(0.02)

    def start(self) -> None:
        """Answer from now on what has been learnt."""
        self._thread.start()

    def end(self) -> None:
        """Hang up."""
        self._stop.set()
        self._thread.join()
        self.process._door.close()


@contextmanager
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listening]:
    """All that is there has vectors, and somebody answers by them."""
    listening = Listening(monkeypatch)
    listening.catch_up()
    until(lambda: listening.process._answering is not None)
    listening.start()
    try:
        yield listening
    finally:
        listening.end()
