"""Records of contributions that members take with them: signed once, and withdrawn for good."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, NotThere, TooMuch
from community.events import action
from community.models import Member
from community.rules import clock
from reputation.actions.keys import needed_signer
from reputation.models import CareerRecord
from reputation.policies.career import may_issue, may_withdraw
from reputation.rules import key_store
from reputation.rules.career import ALGORITHM, MOST_A_DAY, Choice, RecordDraft
from reputation.rules.signing import digest, sign
from threads.queries.career import draft_of

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Issued:
    """A record as its member takes it, and the note that the network keeps."""

    note: CareerRecord
    document: dict[str, Any]


def digest_of(draft: RecordDraft) -> str:
    """What tells a preview from every other."""
    return digest(draft.model_dump())


@action
def issue_record(*, by: Member, choice: Choice, number: UUID, seen: str) -> Issued:
    """Sign a record of one's own contributions, as the preview with the digest `seen` showed it.

    `number` is the record's own, chosen by whoever asks: asked for twice it is the same record. Raises Conflict when
    there would be something else in it by now, when the number is taken, or when no key can be kept here; TooMuch
    beyond the limit of a day; Invalid for a choice that cannot be.
    """
    member = Member.objects.select_for_update(no_key=True).get(pk=by.pk)
    if not may_issue(member):
        raise Forbidden("not_active")
    draft = draft_of(member, choice)
    if digest_of(draft) != seen:
        raise Conflict("record_changed")
    before = CareerRecord.objects.filter(number=number).first()
    if before is not None:
        return _again(member, draft, before)
    recent = CareerRecord.objects.filter(member=member, issued_at__gt=clock.now() - _DAY).count()
    if recent >= MOST_A_DAY:
        raise TooMuch(
            "enough_records", _("You took %(most)d records today. Come back tomorrow.") % {"most": MOST_A_DAY}
        )
    key, private = needed_signer()
    issued_at = max(clock.now().replace(microsecond=0), key.valid_from)
    record = _dated(draft, number, issued_at)
    note = CareerRecord.objects.create(
        number=number, member=member, key=key, digest=digest(record), chosen=choice.kept(), issued_at=issued_at
    )
    return Issued(note, _signed(record, key.pk, sign(private, record)))


def _again(member: Member, draft: RecordDraft, note: CareerRecord) -> Issued:
    """The same record once more, as long as its key signs and the record would say the same."""
    record = _dated(draft, note.number, note.issued_at)
    private = key_store.kept(note.key_id)
    if not may_withdraw(member, note) or note.withdrawn_at or digest(record) != note.digest or private is None:
        raise Conflict("record_number_taken")
    return Issued(note, _signed(record, note.key_id, sign(private, record)))


def _dated(draft: RecordDraft, number: UUID, issued_at: datetime) -> dict[str, Any]:
    return {**draft.model_dump(), "id": str(number), "issued_at": f"{issued_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}


def _signed(record: dict[str, Any], key: str, value: str) -> dict[str, Any]:
    return {"record": record, "signature": {"alg": ALGORITHM, "key": key, "value": value}}


@action
def withdraw_record(*, by: Member, number: UUID) -> CareerRecord:
    """Have a record of one's own verify no more. It cannot be undone; withdrawing it again changes nothing.

    Raises NotThere for a record that is not one's own.
    """
    note = CareerRecord.objects.select_for_update().filter(number=number).first()
    if note is None or not may_withdraw(by, note):
        raise NotThere("not_there")
    if note.withdrawn_at is None:
        note.withdrawn_at = clock.now()
        note.save(update_fields=["withdrawn_at"])
    return note


@action
def forget_records(*, member: Member) -> int:
    """For an erased member: keep of their records only digests, which say nothing of anybody; how many there were.

    What they hold goes on to verify, and what they withdrew stays withdrawn.
    """
    return CareerRecord.objects.filter(member=member).update(member=None, chosen={})
