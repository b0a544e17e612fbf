"""Whether a file is a record of this network as it was issued. It is told from the file, the keys, and nothing else but
whether it was withdrawn; nothing of the file is stored.
"""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from reputation.models import CareerRecord, SigningKey
from reputation.rules.career import FORMAT, SignedRecord
from reputation.rules.signing import Unreadable, digest, is_signed, read_strictly

Verdict = Literal["genuine", "withdrawn", "altered", "other_network", "distrusted", "not_a_record"]


@dataclass(frozen=True)
class Verified:
    """What is to be said of a file; `record` is there only when it is genuine. `reason` says why it is no record."""

    verdict: Verdict
    reason: str = ""
    record: dict[str, Any] | None = None
    key: SigningKey | None = None
    note: CareerRecord | None = None


def verified(data: bytes) -> Verified:
    """What this file is."""
    try:
        found = read_strictly(data)
    except Unreadable as error:
        return Verified("not_a_record", error.code)
    reason = _oddity(found)
    if reason:
        return Verified("not_a_record", reason)
    return _judged(found["record"], found["signature"])


def _oddity(found: Any) -> str:
    try:
        SignedRecord.model_validate(found)
    except ValidationError:
        record = found.get("record") if isinstance(found, dict) else None
        named = record.get("format") if isinstance(record, dict) else None
        other = isinstance(named, str) and named != FORMAT and named.startswith(FORMAT.partition("/")[0] + "/")
        return "other_format" if other else "other_shape"
    return ""


def _judged(record: dict[str, Any], signature: dict[str, Any]) -> Verified:
    key = SigningKey.objects.filter(pk=signature["key"]).first()
    if key is None:
        return Verified("other_network")
    if not is_signed(key.public, record, signature["value"]):
        return Verified("altered", key=key)
    note = CareerRecord.objects.filter(digest=digest(record)).first()
    if note is None and _needs_note(key, record["issued_at"]):
        return Verified("distrusted", key=key)
    if note is not None and note.withdrawn_at is not None:
        return Verified("withdrawn", key=key, note=note)
    return Verified("genuine", record=record, key=key, note=note)


def _needs_note(key: SigningKey, issued_at: str) -> bool:
    """Whether a signature alone proves nothing: the key is distrusted, or signed at a time when it did not sign."""
    ended = key.valid_until is not None and f"{key.valid_until:%Y-%m-%dT%H:%M:%SZ}" < issued_at
    return key.distrusted_at is not None or ended or issued_at < f"{key.valid_from:%Y-%m-%dT%H:%M:%SZ}"
