"""The content standard where practices are written: details that tell of somebody are masked, or kept by name."""

import hashlib
from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from community.errors import Conflict, Invalid
from community.models import Member
from threads.models import KeptFinding, Practice
from threads.policies.practices import may_curate, may_edit
from threads.queries.names import names_watched_by, names_watched_for
from threads.rules.details import CUSTOMER, SECRET
from threads.rules.masking import Found, digest, found_in, masked_fields

INSIDE, NETWORK, PUBLIC = "inside", "network", "public"


class Exposed(Invalid):
    """A text tells of somebody; `found` is what, in which of the `texts`, each to be masked or kept."""

    def __init__(self, found: list[Found], texts: Mapping[str, str]) -> None:
        super().__init__({"details": _("This tells of somebody. Mask what is marked, or say that it is needed.")})
        self.found, self.texts = found, dict(texts)
        self.more = {"details": [told(each) for each in found]}


class Settled(NamedTuple):
    """Texts that may be shown, and what of their details somebody just said has to stay."""

    texts: dict[str, str]
    kept: list[tuple[str, str]]


def digest_of(found: Found) -> str:
    """What is remembered of a detail, and what forms and programs name it by."""
    key = hashlib.sha256(b"kept findings\0" + settings.SECRET_KEY.encode()).digest()
    return digest(key, found.detail.kind, found.detail.text)


def told(found: Found) -> dict[str, str | int | bool]:
    """A detail as programs are told of it."""
    field, detail = found
    return {
        "field": field, "kind": detail.kind, "start": detail.start, "end": detail.end, "text": detail.text,
        "mask": detail.mask, "digest": digest_of(found), "may_keep": detail.kind != SECRET,
    }  # fmt: skip


def settled(
    by: Member,
    texts: Mapping[str, str],
    *,
    practice: Practice | None = None,
    keep: Collection[str] = (),
    mask: bool | Collection[str] = False,
    level: str = INSIDE,
) -> Settled:
    """The texts (`title` among them) with masks where they are asked for: everywhere, or for the digests given.

    `keep` names what has to stay. Raises Exposed while anything is neither masked nor kept; a secret is never kept.
    """
    names = names_watched_for(by)
    allowed = _kept_in(practice, level) | (set(keep) if _may_keep(by, practice, level) else set())
    if mask:
        named = None if mask is True else _texts_of(found_in(texts, names), mask)
        texts = masked_fields(texts, names, kept=lambda found: digest_of(found) in allowed, only=named)
    found = found_in(texts, names)
    exposed = [each for each in found if each.detail.kind == SECRET or digest_of(each) not in allowed]
    if exposed:
        raise Exposed(exposed, texts)
    return Settled(dict(texts), sorted({(each.detail.kind, digest_of(each)) for each in found}))


def masked_until_settled(practice: Practice, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts of a practice whose details nobody was asked about yet: all that is found is masked, names of
    customers too that its own organization watches for, but what somebody said is needed there."""
    names, kept = names_watched_by(practice.organization_id), _kept_in(practice, INSIDE)
    return masked_fields(texts, names, kept=lambda found: digest_of(found) in kept)


def check_own_names(by: Member, practice: Practice, texts: Mapping[str, str] | None = None) -> None:
    """Raise Conflict where a member of another organization would show a name that the practice's own watches for: one
    in its text, or one that the new `texts` say and it does not. What its own members said is needed may stay.

    Which name it is, is that organization's secret; its own members are asked by `settled`.
    """
    if by.organization_id == practice.organization_id:
        return
    names = names_watched_by(practice.organization_id)
    kept = KeptFinding.objects.filter(practice=practice, by__organization=practice.organization_id)
    known, now = set(kept.values_list("digest", flat=True)), {"title": practice.title, **practice.fields}
    words = _("Its own organization has to take out a name first, or say that it is needed.")
    if texts is not None:
        known |= {digest_of(each) for each in found_in(now, names)}
        words = _("This names somebody whom the practice's own organization masks. Say it without the name.")
    found = found_in(now if texts is None else texts, names)
    if any(each.detail.kind == CUSTOMER and digest_of(each) not in known for each in found):
        raise Conflict("named", words)


def _texts_of(found: list[Found], digests: bool | Collection[str]) -> set[str]:
    wanted = set() if isinstance(digests, bool) else set(digests)
    return {each.detail.text for each in found if digest_of(each) in wanted}


def _kept_in(practice: Practice | None, level: str) -> set[str]:
    """What was kept in a practice before; for strangers to read only what a curator kept."""
    if practice is None or practice.pk is None:
        return set()
    rows = list(KeptFinding.objects.filter(practice_id=practice.pk).select_related("by"))
    if level == PUBLIC:
        curators = {member.pk for member in {row.by for row in rows} if may_curate(member, practice)}
        rows = [row for row in rows if row.by_id in curators]
    return {row.digest for row in rows}


def _may_keep(by: Member, practice: Practice | None, level: str) -> bool:
    if level == INSIDE or practice is None:
        return level == INSIDE
    return may_curate(by, practice) or (level == NETWORK and may_edit(by, practice))


def keep_findings(practice: Practice, kept: Collection[tuple[str, str]], *, by: Member) -> None:
    """Remember what of a practice's details has to stay, and who says so; what was kept before stays with whoever said
    so, until somebody who may keep more says it again."""
    before = {row.digest: row for row in KeptFinding.objects.filter(practice=practice).select_related("by")}
    curates = may_curate(by, practice)
    for kind, name in kept:
        row = before.get(name)
        if row is None:
            KeptFinding.objects.create(practice=practice, kind=kind, digest=name, by=by)
        elif curates and row.by_id != by.pk and not may_curate(row.by, practice):
            row.by = by
            row.save(update_fields=["by"])


def check_details(
    by: Member,
    texts: Mapping[str, str],
    *,
    practice: Practice | None = None,
    keep: Collection[str] = (),
    level: str = INSIDE,
) -> None:
    """Raise Exposed unless every detail in the texts may be shown at this level: `inside`, `network` or `public`.

    What `keep` names is remembered as kept by this member, where they may keep it. The practice is locked.
    """
    kept = settled(by, texts, practice=practice, keep=keep, level=level).kept
    if practice is not None and keep:
        keep_findings(practice, [each for each in kept if each[1] in keep], by=by)


def refuse_secrets(by: Member, texts: Mapping[str, str]) -> None:
    """Raise Exposed when there is a secret in the texts; nobody keeps one, so it is not stored in the first place."""
    found = [each for each in found_in(texts, names_watched_for(by)) if each.detail.kind == SECRET]
    if found:
        raise Exposed(found, texts)
