"""What the facts of an archive look like, each by itself."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from community.models import Organization, Space
from community.rules.handles import HANDLE_PATTERN
from threads.models import Governance, Practice, PracticeAudience, PracticeVersion, Verdict
from threads.rules.archived import FIELDS
from threads.rules.limits import BODY_LENGTH, NOTE_LENGTH, REASON_LENGTH, TITLE_LENGTH

Check = Callable[[Any], bool]

_SLUG = re.compile(r"^[A-Za-z0-9_-]{1,60}\Z")
_TAG = re.compile(r"^[a-z0-9][a-z0-9+#._-]{0,39}\Z")
_HANDLE = re.compile(HANDLE_PATTERN.replace("$", r"\Z"))
_PUBLIC_SLUG = re.compile(r"^[A-Za-z0-9_-]{1,80}\Z")
_SITE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9.-]{0,99}\Z")
_ID = re.compile(r"^[A-Za-z0-9._-]{1,64}\Z")
_TIME = re.compile(r"^(19[7-9]|[2-9]\d\d)\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00\Z")
_ZONE = re.compile(r"^[A-Za-z0-9_+/-]{1,60}\Z")
_LARGEST = 2**31 - 1
_MOST_VERSIONS = 10_000
_MOST_NAMED = 100_000


def _text(most: int, pattern: re.Pattern[str] | None = None, *, least: int = 0) -> Check:
    def check(value: Any) -> bool:
        fits = isinstance(value, str) and least <= len(value.strip()) and len(value) <= most
        return fits and (pattern is None or bool(pattern.match(value)))

    return check


def _number(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _LARGEST


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _time(value: Any) -> bool:
    try:
        return bool(isinstance(value, str) and _TIME.match(value) and datetime.fromisoformat(value))
    except ValueError:
        return False


def _link(value: Any) -> bool:
    """Nothing, or an address of the web: it becomes a link."""
    if not _text(500)(value) or not str(value).isprintable() or " " in value:
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return not value or (parts.scheme in {"http", "https"} and bool(parts.hostname))


def _zone(value: Any) -> bool:
    try:
        return bool(isinstance(value, str) and _ZONE.match(value) and ZoneInfo(value))
    except (ValueError, OSError, KeyError):
        return False


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _one_of(values: list[str]) -> Check:
    return lambda value: isinstance(value, str) and value in values


def _list_of(check: Check, most: int) -> Check:
    return lambda value: isinstance(value, list) and len(value) <= most and all(map(check, value))


def _by(key: Check, check: Check, most: int) -> Check:
    return lambda value: isinstance(value, dict) and len(value) <= most and all(
        key(name) and check(each) for name, each in value.items()
    )  # fmt: skip


def _object(shape: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    known = shape | (optional or {})
    return lambda value: isinstance(value, dict) and set(shape) <= set(value) <= set(known) and all(
        known[name](each) for name, each in value.items()
    )  # fmt: skip


_FIELD = _text(4 * BODY_LENGTH)
_NAME = _text(120, least=1)
_ORIGIN = _object({"site": _text(100, _SITE), "id": _text(64, _ID), "url": _link, "license": _text(60)})
_MERGED = _object({"site": _text(100, _SITE), "id": _text(64, _ID)})
_PERSON, _PLACE = _text(40, _HANDLE), _text(60, _SLUG)
_VERSION: dict[str, Check] = {
    "number": _number, "title": _or_none(_text(TITLE_LENGTH)),
    "fields": _or_none(_object(dict.fromkeys(FIELDS, _FIELD))), "product": _or_none(_PLACE),
    "tags": _or_none(_list_of(_text(40, _TAG), 100)), "kind": _one_of(PracticeVersion.Kind.values),
    "restores": _or_none(_number), "author": _PERSON, "suggested_by": _or_none(_PERSON),
    "reason": _text(REASON_LENGTH), "at": _time,
}  # fmt: skip
_VERDICT = _object({
    "member": _PERSON, "organization": _PLACE, "kind": _one_of(Verdict.Kind.values), "environment": _text(400),
    "note": _text(NOTE_LENGTH), "version": _number, "at": _time, "superseded_at": _or_none(_time), "answered": _flag,
})  # fmt: skip


def _versions(*, least: int) -> Check:
    """Versions; `least` is how many states one has to name that says how they changed: before and after, or one."""

    def states(values: list[str]) -> Check:
        some = _list_of(_one_of(values), 2)
        return lambda value: some(value) and len(value) >= least

    moved = _object({}, {"confidence": states(Practice.Confidence.values), "audience": states(PracticeAudience.values)})
    return _list_of(_object(_VERSION, {"moved": moved}), _MOST_VERSIONS)


_ALWAYS: dict[str, Check] = {
    "origin": _ORIGIN, "product": _or_none(_PLACE), "tags": _list_of(_text(40, _TAG), 100),
    "confidence": _one_of(Practice.Confidence.values), "basis": _one_of(Practice.Basis.values), "version": _number,
}  # fmt: skip
_PUBLIC: dict[str, Check] = {"slug": _text(80, _PUBLIC_SLUG), "published_at": _time}
_INSIDE: dict[str, Check] = {
    "space": _or_none(_PLACE), "organization": _PLACE, "audience": _one_of(PracticeAudience.values),
    "recorded_by": _PERSON, "recorded_at": _time, "updated_at": _time, "merged_into": _or_none(_MERGED),
    "versions": _versions(least=1), "verdicts": _list_of(_VERDICT, _MOST_NAMED),
}  # fmt: skip
_KEPT: dict[str, Check] = {
    "space": _PLACE, "versions": _versions(least=2), "center": _or_none(_NAME),
    "audience_organizations": _list_of(_PLACE, 1000),
    "owner": _or_none(_PERSON), "judged_from": _number, "reviewed_version": _number,
    "reviewed_at": _or_none(_time), "due_at": _or_none(_time), "history_from": _number, "widened_at": _or_none(_time),
    "helpful": _number, "unhelpful": _number, "slug": _or_none(_text(80, _PUBLIC_SLUG)),
    "published_at": _or_none(_time), "published_version": _number,
    "public_text": _object({}, dict.fromkeys(("title", *FIELDS), _FIELD)),
    "public_html": _object({}, dict.fromkeys(FIELDS, _FIELD)),
    "consent_by": _or_none(_PERSON), "consent_at": _or_none(_time),
}  # fmt: skip
SHAPES = {"public": _ALWAYS | _PUBLIC, "as": _ALWAYS | _INSIDE, "whole": _ALWAYS | _INSIDE | _KEPT}
OPTIONAL: dict[str, dict[str, Check]] = {"public": {}, "as": {}, "whole": {"due_told": _time}}

_RULE = _object({
    "space": _or_none(_PLACE), "product": _or_none(_PLACE), "tag": _or_none(_text(40, _TAG)),
    "mode": _one_of(Governance.Mode.values), "reason": _text(REASON_LENGTH), "set_by": _PERSON, "set_at": _time,
    "keepers": _list_of(_object({"member": _PERSON, "since": _time}), 1000),
})  # fmt: skip
_CURATOR = _object({"space": _PLACE, "member": _PERSON, "by": _or_none(_PERSON), "at": _time})
_FINDING = _object({"kind": _text(12, least=1), "digest": _text(64, least=1), "by": _PERSON, "at": _time})
CURATION = _object({
    "governance": _list_of(_RULE, _MOST_NAMED), "curators": _list_of(_CURATOR, _MOST_NAMED),
    "kept": _by(_text(181), _list_of(_FINDING, _MOST_VERSIONS), _MOST_NAMED),
})  # fmt: skip

SITE = _text(100, _SITE)
PEOPLE = _by(
    _PERSON, _object({"site": SITE, "id": _text(64, least=1), "name": _NAME, "organization": _PLACE}), _MOST_NAMED
)
_CENTERS = {"centers": _by(_NAME, _object({"time_zone": _zone}), 1000)}
_ORGANIZATION = _object({"name": _NAME, "kind": _one_of(Organization.Kind.values)}, _CENTERS)
_SPACE = _object({"name": _NAME}, {"audience": _one_of(Space.Audience.values), "organizations": _list_of(_PLACE, 1000)})
_PRODUCT = _object({"name": _text(80, least=1)})
NAMED = {
    "organizations": _by(_PLACE, _ORGANIZATION, _MOST_NAMED), "spaces": _by(_PLACE, _SPACE, _MOST_NAMED),
    "products": _by(_PLACE, _PRODUCT, _MOST_NAMED),
}  # fmt: skip
