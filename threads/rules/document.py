"""One working record as a document that several people write at once. The only module that knows pycrdt.

A document is not safe to use in several threads at once. Its texts are counted in characters here; pycrdt counts bytes
of UTF-8, and clocks count units of UTF-16.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pycrdt

from threads.rules.edits import edits
from threads.rules.runs import Change
from threads.rules.yjs import (
    MOST_FURTHER,
    Malformed,
    Piece,
    Range,
    Update,
    agree,
    first_pieces,
    read_update,
    read_vector,
    vector_of,
)

FIELDS = ("problem", "environment", "cause", "resolution")
SITE = 1  # the client that the site itself writes as: forms, the API, restoring
_NOTHING = b"\0\0"


class Broken(Exception):
    """The document did not take what it was given, and is of no more use: throw it away."""


class Document:
    """The four texts of one record."""

    def __init__(self) -> None:
        self._doc: pycrdt.Doc[pycrdt.Text] = pycrdt.Doc(client_id=SITE)
        self._texts = {name: self._doc.get(name, type=pycrdt.Text) for name in FIELDS}
        self._news: list[bytes] = []
        self._read: tuple[dict[str, str] | None, dict[int, int] | None] = (None, None)

    @classmethod
    def loaded(cls, state: bytes | None, updates: Iterable[bytes] = ()) -> "Document":
        """The document that a state and the updates after it make. Both must have been checked when they were kept."""
        document = cls()
        _sure(lambda: document._apply([state] if state else [], updates))
        return document

    @classmethod
    def made(cls, texts: Mapping[str, str]) -> "Document":
        """A new document with these texts, written by the site."""
        document = cls.loaded(None)
        document.write(texts)
        return document

    def _apply(self, *several: Iterable[bytes]) -> None:
        self._read = None, None
        with self._doc.transaction():
            for updates in several:
                for update in updates:
                    self._doc.apply_update(update)

    @property
    def vector(self) -> bytes:
        """How much of each client the document knows, as SyncStep1 says it."""
        return bytes(self._doc.get_state())

    @property
    def clocks(self) -> dict[int, int]:
        """The same, by client."""
        texts, clocks = self._read
        if clocks is None:
            clocks = read_vector(self.vector)
            self._read = texts, clocks
        return clocks.copy()

    @property
    def state(self) -> bytes:
        """The whole document as one update."""
        return bytes(self._doc.get_update())

    @property
    def texts(self) -> dict[str, str]:
        """The four texts. Reading one takes as long as all that was ever written there has pieces."""
        texts, clocks = self._read
        if texts is None:
            texts = {name: str(text) for name, text in self._texts.items()}
            self._read = texts, clocks
        return texts.copy()

    def since(self, vector: bytes) -> bytes:
        """What somebody with this vector does not have, as SyncStep2 says it. Raises Malformed."""
        if len(vector) > len(self.vector) + MOST_FURTHER:
            raise Malformed("it knows too many clients")
        read_vector(vector)
        try:
            return bytes(self._doc.get_update(vector))
        except ValueError as error:
            raise Malformed(str(error)) from error

    def has(self, update: Update) -> bool:
        """Whether taking this update would change nothing."""
        if update.brings(self.clocks):
            return False
        return not update.deletions or _covered(update.deletions, self._deletions())

    def agrees(self, update: Update, clients: Collection[int]) -> bool:
        """Whether what an update says that these clients put in is what they put in here, but for what is deleted by
        now."""
        said: dict[int, list[Piece]] = {}
        for piece in update.pieces:
            if piece.client in clients:
                said.setdefault(piece.client, []).append(piece)
        ends = {client: end for client, _start, end in update.ranges}
        clocks = self.clocks
        for client, pieces in said.items():
            if ends[client] > clocks.get(client, 0):
                return False
            kept = self._doc.get_update(vector_of({**clocks, client: pieces[0].start}))
            if not agree(pieces, first_pieces(bytes(kept), ends[client])):
                return False
        return True

    def _deletions(self) -> list[Range]:
        return read_update(self.since(self.vector), ours=True).deletions

    def take(self, updates: Sequence[bytes]) -> bytes | None:
        """Apply updates that have been read; what was new in them, as one update, or None when nothing was.

        Raises Broken when one of them does not fit wholly.
        """
        known = self.clocks
        for update in updates:
            known |= read_update(update).brings(known)
        with self._listening():
            _sure(lambda: self._apply(updates))
        if self.clocks != known:
            raise Broken("something was left over")
        return self._new()

    @contextmanager
    def followed(self) -> Iterator[Callable[[bytes], Mapping[str, Sequence[Change]]]]:
        """Gives what applies an update of the log, read when it was kept, and says what that changed in which text."""
        changed: dict[str, list[Change]] = {}

        def follow(update: bytes) -> Mapping[str, Sequence[Change]]:
            changed.clear()
            _sure(lambda: self._apply([update]))
            return changed

        def note(name: str) -> Callable[[Any], None]:
            return lambda event: changed.update({name: list(_changes(event.delta))})

        subscriptions = [(text, text.observe(note(name))) for name, text in self._texts.items()]
        try:
            yield follow
        finally:
            for text, subscription in subscriptions:
                text.unobserve(subscription)

    def write(self, texts: Mapping[str, str]) -> bytes | None:
        """Make these the document's texts with few edits; what was new, as one update, None when nothing was."""
        self._read = None, None
        with self._listening(), self._doc.transaction():
            for name, new in texts.items():
                self._edit(self._texts[name], new)
        return self._new()

    def _edit(self, text: pycrdt.Text, new: str) -> None:
        old = str(text)
        for edit in reversed(edits(old, new)):
            at = len(old[: edit.at].encode())
            removed = len(old[edit.at : edit.at + edit.removed].encode())
            if removed:
                del text[at : at + removed]
            if edit.inserted:
                text.insert(at, edit.inserted)

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Only meanwhile: a document that is observed holds itself, and is never freed."""
        self._news.clear()
        subscription = self._doc.observe(lambda event: self._news.append(event.update))
        try:
            yield
        finally:
            self._doc.unobserve(subscription)

    def _new(self) -> bytes | None:
        news = [update for update in self._news if update != _NOTHING]
        self._news.clear()
        if len(news) > 1:
            raise Broken("several transactions of one")
        return news[0] if news else None


def _changes(delta: Iterable[Mapping[str, Any]]) -> Iterator[Change]:
    at = 0
    for step in delta:
        inserted, removed = str(step.get("insert", "")), int(step.get("delete", 0))
        if inserted or removed:
            yield Change(at, removed, inserted)
        at += int(step.get("retain", 0)) + len(inserted.encode())


def _sure(apply: Callable[[], None]) -> None:
    """Apply; whatever the library raises means that the document is broken, a panic included."""
    try:
        apply()
    except Exception as error:
        raise Broken(str(error)) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise Broken(str(error)) from error
        raise


def _covered(ranges: Sequence[Range], by: Sequence[Range]) -> bool:
    """Whether these ranges lie within the others, of which some may touch."""
    joined: dict[int, list[tuple[int, int]]] = {}
    for client, start, end in sorted(by):
        known = joined.setdefault(client, [])
        if known and start <= known[-1][1]:
            known[-1] = known[-1][0], max(known[-1][1], end)
        else:
            known.append((start, end))
    return all(
        start == end or any(a <= start and end <= b for a, b in joined.get(client, ())) for client, start, end in ranges
    )
