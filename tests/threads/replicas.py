"""Replicas of a record as clients have them, for tests: made with pycrdt, without anything of the site."""

import pycrdt

FIELDS = ("problem", "environment", "cause", "resolution")


class Replica:
    """A client's copy of a record. What it writes waits in `outgoing`."""

    def __init__(self, client: int | None = None, *updates: bytes) -> None:
        self.doc: pycrdt.Doc[pycrdt.Text] = pycrdt.Doc(client_id=client)
        self.fields = {name: self.doc.get(name, type=pycrdt.Text) for name in FIELDS}
        self.outgoing: list[bytes] = []
        self._hears = True
        self._observing = self.doc.observe(self._heard)
        self.take(*updates)

    def _heard(self, event: pycrdt.TransactionEvent) -> None:
        if self._hears:
            self.outgoing.append(event.update)

    def write(self, field: str, at: int, text: str) -> bytes:
        """Put in text at a place counted in characters; the update that this makes."""
        before = str(self.fields[field])[:at]
        self.fields[field].insert(len(before.encode()), text)
        return self.outgoing[-1]

    def remove(self, field: str, at: int, length: int) -> bytes:
        """Take out characters; the update that this makes."""
        text = str(self.fields[field])
        start, end = (len(text[:place].encode()) for place in (at, at + length))
        del self.fields[field][start:end]
        return self.outgoing[-1]

    def take(self, *updates: bytes) -> None:
        """Apply what others wrote."""
        self._hears = False
        for update in updates:
            self.doc.apply_update(update)
        self._hears = True

    def sent(self) -> list[bytes]:
        """What was written since the last time."""
        updates, self.outgoing = self.outgoing, []
        return updates

    @property
    def vector(self) -> bytes:
        """What the replica knows."""
        return self.doc.get_state()

    def since(self, vector: bytes = b"\0") -> bytes:
        """What somebody else is missing."""
        return self.doc.get_update(vector)

    @property
    def texts(self) -> dict[str, str]:
        """The four texts."""
        return {name: str(text) for name, text in self.fields.items()}


def torn() -> list[bytes]:
    """Updates of client 7, and one that is forged: neighbours in an order in which no client writes. Who has taken them
    one after another says something else than who reads them all."""
    replica = Replica(7)
    letters = [replica.write("cause", place, letter) for place, letter in ((0, "a"), (1, "b"), (1, "c"), (0, "d"))]
    return [*letters, bytes.fromhex("0103090084070201598409000158c409010901015a00")]
