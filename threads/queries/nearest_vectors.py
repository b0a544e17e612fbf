"""Asks the process of the sentence model what things are like a text. What it says is nobody's permission to see them.

All that goes wrong costs at most PATIENCE of waiting, and the answer is then that there is none: the process may be
slow, gone, or talk nonsense. After a few such answers in a row it is left alone for a while.
"""

import math
import socket
from collections.abc import Collection, Mapping
from contextlib import suppress
from time import monotonic
from types import TracebackType
from typing import Any, Self

from threads.rules import semantic
from threads.rules.model_frames import HEAD, LONGEST_ANSWER, MOST_LETTERS, frame, unframed

PATIENCE = 0.15
MOST_FAILURES, LEFT_ALONE = 3, 10.0
_LARGEST = 2**63
_MOST_LIKE = 1.01  # rounding makes a little more than 1 of what says the same
_failures = {"in a row": 0, "until": 0.0}

Near = dict[str, dict[int, float]]


def is_asked() -> bool:
    """Whether there is a model, and it is not left alone."""
    return semantic.in_use() and monotonic() >= _failures["until"]


class Question:
    """What is like a text: sent at once, so that the model thinks while others look up words.

    Things are named by kind and id, how like they are is a cosine. Where there is no model, nothing is asked. Of each
    kind there come so many (`most`), and as many of those in `among`.
    """

    def __init__(self, text: str, most: Mapping[str, int], among: Mapping[str, Collection[int]] | None = None) -> None:
        self._text = text[:MOST_LETTERS]
        self._left = PATIENCE
        self._model: object = None
        self._line: socket.socket | None = None
        if text.strip() and is_asked():
            self._try(lambda: self._call(most, among or {}))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._hang_up()

    def nearest(self) -> Near | None:
        """The things most like it of each kind asked for; None where the model has no answer."""
        answer = self._answer()
        return None if answer is None else answer["near"]

    def likeness(self, of: Mapping[str, Collection[int]], most: Mapping[str, int]) -> tuple[Near, Near] | None:
        """How like it these things are, and the nearest of each kind in other numbers than at first."""
        if self._line is None:
            return None
        asked = {"text": self._text, "near": dict(most), "of": {kind: list(ids) for kind, ids in of.items()}}
        self._try(lambda: self._send(asked))
        answer = self._answer()
        return None if answer is None else (answer["of"], answer["near"])

    def _call(self, most: Mapping[str, int], among: Mapping[str, Collection[int]]) -> None:
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._line.settimeout(self._left)
        self._line.connect(str(semantic.socket_path()))
        self._send({"text": self._text, "near": dict(most), "among": {kind: list(ids) for kind, ids in among.items()}})

    def _send(self, asked: dict[str, Any]) -> None:
        if self._line is not None:
            self._line.settimeout(max(0.001, self._left))
            self._line.sendall(frame(asked))

    def _answer(self) -> dict[str, Near] | None:
        """The next answer, if it is one, and of the model that gave those before it."""
        said = None if self._line is None else self._try(self._hear)
        if not said or said["near"] is None or self._model not in (None, said["model"]):
            self._hang_up()
            return None
        self._model = said["model"]
        return {"near": said["near"], "of": said["of"]}

    def _hear(self) -> dict[str, Any]:
        (length,) = HEAD.unpack(self._read(HEAD.size))
        if length > LONGEST_ANSWER:
            raise ValueError(length)
        said = unframed(self._read(length))
        if said["near"] is None:
            return {"near": None}
        return {"model": int(said["model"]), "near": _near(said["near"]), "of": _near(said["of"])}

    def _read(self, wanted: int) -> bytes:
        came = b""
        while self._line is not None and len(came) < wanted:
            started = monotonic()
            self._line.settimeout(max(0.001, self._left))
            data = self._line.recv(wanted - len(came))
            self._left -= monotonic() - started
            if not data or self._left <= 0:
                raise TimeoutError
            came += data
        return came

    def _try(self, attempt: Any) -> Any:
        try:
            result = attempt()
        except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            self._hang_up()
            _failures["in a row"] += 1
            if _failures["in a row"] >= MOST_FAILURES:
                _failures.update({"in a row": 0, "until": monotonic() + LEFT_ALONE})
            return None
        if result is not None:
            _failures["in a row"] = 0
        return result

    def _hang_up(self) -> None:
        if self._line is not None:
            with suppress(OSError):
                self._line.close()
            self._line = None


def _near(said: Any) -> Near:
    """Raises ValueError, TypeError or AttributeError for what is no such answer."""
    return {kind: {_id(pk): _cosine(cosine) for pk, cosine in rows} for kind, rows in said.items()}


def _id(said: Any) -> int:
    if not (isinstance(said, int) and 0 < said < _LARGEST):
        raise ValueError(said)
    return said


def _cosine(said: Any) -> float:
    if not (isinstance(said, int | float) and math.isfinite(said) and abs(said) <= _MOST_LIKE):
        raise ValueError(said)
    return float(said)
