"""Secrets in a text: keys and tokens by their shape, passwords by the word beside them. Never to be kept."""

import math
import re
from collections import Counter
from collections.abc import Iterator

Span = tuple[int, int]

_SHAPES = re.compile(
    r"(?<![A-Za-z0-9_-])(?:"
    r"(?:AKIA|ASIA)[0-9A-Z]{16}"
    r"|gh[pousr]_[A-Za-z0-9]{36,80}|github_pat_[A-Za-z0-9_]{40,100}"
    r"|xox[abprs]-[A-Za-z0-9-]{10,120}"
    r"|AIza[A-Za-z0-9_-]{35}"
    r"|[sr]k_live_[A-Za-z0-9]{16,100}"
    r"|glpat-[A-Za-z0-9_-]{20,60}"
    r"|eyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,2000}"
    r")"
)
_KEY_BEGINS = re.compile(r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----")
_KEY_ENDS = re.compile(r"-----END [A-Z0-9 ]{0,30}-----")
_IN_ADDRESS = re.compile(r"://[^\s/:@\[\]]{1,64}:([^\s/@\ufffc]{1,128})@")
_WORD = r"(?:pass(?:word|wd|phrase|code)|passwd|pwd|secret|token|api[_ -]?key|access[_ -]?key|psk|community)"
_NAMED = re.compile(
    rf"(?i)(?<![^\W_]){_WORD}(?P<quote>[\"'`*]{{0,3}})(?P<sign>\s{{0,3}}[:=]{{1,2}}>?\s{{0,3}}|\s{{1,3}}is:?\s{{1,3}})"
    r"(?P<open>[\"'`*]{0,3})(?P<value>[^\s\"'`,;<>|\ufffc]{8,200})"
)
_LONG = re.compile(r"(?<![A-Za-z0-9+/=_.-])[A-Za-z0-9+/_-]{32,512}={0,2}(?![A-Za-z0-9+/=_.-])")
_NEAR = re.compile(rf"(?i){_WORD}[^\n]{{0,24}}$")
_HEX = re.compile(r"[0-9a-fA-F]+")
_STAND_IN = re.compile(
    r"(?i)[*x•.\-_#?]{3,}|change_?-?me|your|placeholder|example|redacted|removed|hidden|password|secret|token$|1234567"
    r"|none|null|true|false|required|optional|\[[a-z]+(?:-\d+)?\]"
)
_CODE = re.compile(r"[(){}$%\[\]]|://|^[A-Za-z_]{1,40}(?:\.[A-Za-z_]{1,40}){1,8}\.?$|^[/\\~]|^@|->|=>")
_LEAST = 8
_LEAST_DIGITS = 3
_LEAST_HEX, _LEAST_OTHER = 3.0, 4.0


def secrets_in(text: str) -> Iterator[Span]:
    """Where the secrets stand; they may overlap."""
    yield from _private_keys(text)
    for match in _SHAPES.finditer(text):
        yield match.span()
    for match in _IN_ADDRESS.finditer(text):
        if not _STAND_IN.search(match[1]) and not _CODE.search(match[1]):
            yield match.span(1)
    for match in _NAMED.finditer(text):
        value = match["value"].rstrip(".:!?)*")
        if _is_secret(value, said=match["sign"].strip().startswith("i"), set_=bool(match["open"])):
            yield match.start("value"), match.start("value") + len(value)
    for match in _LONG.finditer(text):
        if _NEAR.search(text, max(0, match.start() - 48), match.start()) and _is_random(match[0]):
            yield match.span()


def _private_keys(text: str) -> Iterator[Span]:
    """Each to its end; one without an end takes the rest."""
    place = 0
    while begun := _KEY_BEGINS.search(text, place):
        ended = _KEY_ENDS.search(text, begun.end())
        place = ended.end() if ended else len(text)
        yield begun.start(), place


def _is_secret(value: str, *, said: bool, set_: bool) -> bool:
    """Whether what stands beside the word is one, and no placeholder, no code and no word of a sentence."""
    if len(value) < _LEAST or _STAND_IN.search(value) or _CODE.search(value):
        return False
    digit, letter = any(map(str.isdigit, value)), any(map(str.isalpha, value))
    mixed = not value.islower() and not value.isupper() and not value.istitle()
    sign = any(not char.isalnum() and char not in "-_.'’" for char in value)
    if said and not set_:
        return digit and (letter or sign)
    return (digit and letter) or (mixed and letter) or sign or (digit and not said and len(value) > _LEAST)


def _is_random(value: str) -> bool:
    if not _HEX.fullmatch(value) and sum(map(str.isdigit, value)) < _LEAST_DIGITS:
        return False
    counts, length = Counter(value), len(value)
    entropy = -sum(count / length * math.log2(count / length) for count in counts.values())
    return entropy > (_LEAST_HEX if _HEX.fullmatch(value) else _LEAST_OTHER)
