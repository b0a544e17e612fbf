"""Telephone numbers in a text; not dates, versions, serial numbers, codes, nor numbers reserved for stories."""

import re
from collections.abc import Iterator

from threads.rules.secrets import Span

_CANDIDATE = re.compile(r"(?<![\w@#./:=+-])\(?\+?\(?\d(?:[ \u00a0()./\u2013-]{0,3}\d){6,17}")
_GOES_ON = re.compile(r"[\w%°]|[-.:/]\w")
_WORD = re.compile(r"(?i)\b(?:tel|telephone|phone|call|mobile|cell|fax|ring|whatsapp|hotline)\b[^\n]{0,20}$")
_DATE = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d")
_AMERICAN = re.compile(r"(?:\([2-9]\d\d\) ?|[2-9]\d\d[-.])[2-9]\d\d[-.]\d{4}")
_AREA = re.compile(r"\((?:0\d{1,4}|[2-9]\d\d)\)")
_PAIRS = re.compile(r"0[1-9](?:[ .-]\d\d){4}")
_BYTES = re.compile(r"\d\d(?: \d\d){5,9}")
_STORIES = re.compile(r"(?:44|0)7700900|55501\d\d$|(?:44|0)2079460|(?:44|0)1632960")
_DECIMAL = re.compile(r"\+?\d+\.\d+")


def phones_in(text: str) -> Iterator[Span]:
    """Where telephone numbers stand."""
    place = 0
    while match := _CANDIDATE.search(text, place):
        found = match[0]
        goes_on = _GOES_ON.match(text, match.end())
        if not goes_on and _is_phone(found, said=bool(_WORD.search(text[max(0, match.start() - 40) : match.start()]))):
            yield match.span()
            place = match.end()
        else:
            place = match.end() if _is_none(found) else match.start() + max(1, found.find(" ", 1))


def _is_none(found: str) -> bool:
    """Whether no part of it can be one: a number for stories, or bytes written in pairs."""
    return bool(_STORIES.search("".join(filter(str.isdigit, found))) or _BYTES.fullmatch(found))


def _is_phone(found: str, *, said: bool) -> bool:
    digits = "".join(filter(str.isdigit, found))
    separators = [char for char in found if not char.isdigit() and char != "+"]
    if _DATE.match(found) or _STORIES.search(digits) or _DECIMAL.fullmatch(found) or len(set(digits)) == 1:
        return False
    if found.lstrip("(").startswith("+"):
        return digits[0] != "0" and (8 if separators else 10) <= len(digits) <= 15  # noqa: PLR2004  (as numbers are)
    if said and 7 <= len(digits) <= 15:  # noqa: PLR2004
        return "." not in found or min(map(len, re.split(r"\D+", found.strip("("))), default=0) >= 3  # noqa: PLR2004
    return bool(_AMERICAN.fullmatch(found)) or (_is_national(found, digits, len(separators)))


def _is_national(found: str, digits: str, separators: int) -> bool:
    if not 9 <= len(digits) <= 15 or "." in found:  # noqa: PLR2004
        return bool(_PAIRS.fullmatch(found))
    if _AREA.match(found):
        return True
    groups = re.split(r"[ \u00a0()/\u2013-]+", found)
    if all(len(group) == 2 for group in groups):  # noqa: PLR2004  (pairs: a number has five, a dump of bytes any)
        return bool(_PAIRS.fullmatch(found))
    if digits.startswith("00"):
        return separators >= 2 and len(digits) >= 10 and digits[2] != "0"  # noqa: PLR2004
    return digits[0] == "0" and separators >= 2 and len(digits) <= 13 and len(groups[0]) >= 2  # noqa: PLR2004
