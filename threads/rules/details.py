"""Details in a text that tell more of somebody than a practice needs: found, never judged by who reads it."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import NamedTuple

from threads.rules import public_names as known
from threads.rules.addresses import addresses_in, hosts_in
from threads.rules.phones import phones_in
from threads.rules.secrets import Span, secrets_in

SECRET, EMAIL, CUSTOMER, HOST, IP, PHONE, PATH_USER = KINDS = (
    "secret", "email", "customer", "host", "ip", "phone", "path_user",
)  # fmt: skip
MASKS = {EMAIL: "email", CUSTOMER: "customer", HOST: "host", IP: "address", PHONE: "phone"}
MASK = re.compile(r"\[(?:secret|user|(email|customer|host|address|phone)-(\d{1,4}))\]")
SHORTEST_NAME = 3

_EMAIL = re.compile(
    r"(?<![\w.+=&/-])[\w.+-]{1,64}(?:@| ?[\[(]at[\])] ?)"
    r"(?:[\w-]{1,63}(?:\.| ?[\[(]dot[\])] ?)){1,6}[^\W\d_]{2,24}(?![\w-]|\.\w)"
)
_PARTS = re.compile(r"@| ?[\[(]at[\])] ?")
_DOTS = re.compile(r"\.| ?[\[(]dot[\])] ?")
_HOME = re.compile(
    r"(?i)(?<![\w.])/(?:home|users)/([\w.-]{1,40})"
    r"|\b[a-z]:\\{1,2}(?:users|documents and settings)\\{1,2}((?:[\w.-]{1,40} ){0,2}[\w.-]{1,40}(?=\\)|[\w.-]{1,40})"
)
_WORDS = re.compile(r"[^\W_]+")
_COVER = "\ufffc"


class Detail(NamedTuple):
    """Something found: what kind, where it stands in its text, and what says the same without telling."""

    kind: str
    start: int
    end: int
    text: str
    mask: str


class Numbers:
    """Which number stands for what, within one practice: the same text has the same number everywhere."""

    def __init__(self, *texts: str) -> None:
        self._given: dict[tuple[str, str], int] = {}
        self._last = dict.fromkeys(MASKS, 0)
        named = {name: kind for kind, name in MASKS.items()}
        for mask in (mask for text in texts for mask in MASK.finditer(text) if mask[1]):
            kind = named[mask[1]]
            self._last[kind] = max(self._last[kind], int(mask[2]))

    def mask(self, kind: str, text: str) -> str:
        """What stands for it."""
        if kind not in MASKS:
            return "[user]" if kind == PATH_USER else "[secret]"
        key = kind, folded(text)
        if key not in self._given:
            self._last[kind] += 1
            self._given[key] = self._last[kind]
        return f"[{MASKS[kind]}-{self._given[key]}]"


def details(text: str, names: Collection[str] = (), numbers: Numbers | None = None) -> list[Detail]:
    """What is found in a text, in order, never overlapping. `names` are the names of customers to look for."""
    numbers = numbers or Numbers(text)
    covered = MASK.sub(lambda mask: _COVER * len(mask[0]), text)
    taken: list[tuple[int, int, str]] = []
    ends: dict[int, int] = {}
    for kind in KINDS:
        for start, end in sorted(_FINDERS[kind](covered) if kind != CUSTOMER else names_in(covered, names)):
            if not any(place in ends for place in range(start, end)):
                ends.update(dict.fromkeys(range(start, end), end))
                taken.append((start, end, kind))
    return [
        Detail(kind, start, end, text[start:end], numbers.mask(kind, text[start:end]))
        for start, end, kind in sorted(taken)
    ]


def _emails(text: str) -> Iterator[Span]:
    for match in _EMAIL.finditer(text):
        local, *rest = _PARTS.split(match[0])
        labels = [label.lower() for label in _DOTS.split(rest[-1])]
        reserved = labels[-1] in known.RESERVED or ".".join(labels[-2:]) in known.RESERVED_DOMAINS
        if reserved or labels[-1] in known.EXTENSIONS or (local == "git" and text.startswith(":", match.end())):
            continue
        if any(char.isalnum() for char in local):
            yield match.span()


def _hosts(text: str) -> Iterator[Span]:
    yield from hosts_in(text)
    yield from (span for span, private in addresses_in(text) if private)


def _addresses(text: str) -> Iterator[Span]:
    yield from (span for span, private in addresses_in(text) if not private)


def _people(text: str) -> Iterator[Span]:
    for match in _HOME.finditer(text):
        name = match[match.lastindex or 0].rstrip(".-")
        start = match.start(match.lastindex or 0)
        if name and name.lower() not in known.NOBODY and not name.lower().startswith(("your", "my", "user")):
            yield start, start + len(name)


_FINDERS = {
    SECRET: secrets_in, EMAIL: _emails, HOST: _hosts, IP: _addresses, PHONE: phones_in, PATH_USER: _people,
}  # fmt: skip


def folded(text: str) -> str:
    """A name as it is compared: without case, accents, width and repeated blank space."""
    return "".join(char for char, _at in _folded(text)).strip()


def _folded(text: str) -> Iterator[tuple[str, int]]:
    blank = False
    for at, char in enumerate(text):
        for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", char).casefold()):
            if part.isspace():
                if not blank:
                    yield " ", at
                blank = True
            elif not unicodedata.combining(part):
                blank = False
                yield part, at


def names_in(text: str, names: Collection[str]) -> Iterator[Span]:
    """Where one of the names stands, as whole words, however it is written; the longest where several do."""
    wanted: dict[str, list[str]] = {}
    for name in sorted({folded(name) for name in names}, key=len, reverse=True):
        if len(name) >= SHORTEST_NAME and (first := _WORDS.search(name)) and first.start() == 0:
            wanted.setdefault(first[0], []).append(name)
    if not wanted:
        return
    pairs = list(_folded(text))
    line, places = "".join(char for char, _at in pairs), [at for _char, at in pairs]
    end = 0
    for word in _WORDS.finditer(line):
        if word.start() < end:
            continue
        found = next((name for name in wanted.get(word[0], ()) if _stands(line, name, word.start())), None)
        if found:
            end = word.start() + len(found)
            yield places[word.start()], places[end - 1] + 1


def _stands(line: str, name: str, at: int) -> bool:
    end = at + len(name)
    return line.startswith(name, at) and not (end < len(line) and name[-1].isalnum() and line[end].isalnum())
