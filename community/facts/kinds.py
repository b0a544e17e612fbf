"""Event kinds: each is declared once, by the room it belongs to, and named nowhere else as a bare string."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of event: its name on the wire, and the fields its `data` always has."""

    name: str
    fields: tuple[str, ...]
    about: str


_declared: dict[str, Kind] = {}


def declare(name: str, *, fields: Iterable[str], about: str) -> Kind:
    """Declare a kind. Raises ValueError when the name is taken."""
    if name in _declared:
        raise ValueError(f"event kind {name} is declared twice")
    _declared[name] = Kind(name, tuple(fields), about)
    return _declared[name]


def declared_kinds() -> list[Kind]:
    """Every kind, by name; the live protocol's documentation is checked against it."""
    return sorted(_declared.values(), key=lambda kind: kind.name)
