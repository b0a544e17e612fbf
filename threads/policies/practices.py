"""Who may do what in the archive. `rights` are found out when they are not given.

Whom a practice's governance makes responsible (its keepers) decides about it as curators of its space do.
"""

from django.db.models import Q

from community.models import Member, Organization
from community.policies.members import is_organization_admin
from community.policies.network import may_administer
from reputation.policies.privileges import has
from reputation.rules.privileges import Privilege
from threads.models import (
    AGAINST,
    BEYOND_THE_SPACE,
    Practice,
    PracticeAudience,
    PracticeVersion,
    Review,
    Suggestion,
    Thread,
    Verdict,
)
from threads.policies.audience import may_see as may_see_audienced
from threads.policies.governance import Governing, governance_of
from threads.policies.making import has_made
from threads.policies.rights import Rights, is_removed, rights_in
from threads.policies.subjects import subjects_of
from threads.policies.threads import may_reply, may_write_record

# Which reviews whoever earned it looks at, besides curators.
LOOKED_AT = (Review.Kind.NEW, Review.Kind.CHANGED)

_UNSETTLED = (Practice.Confidence.WORK_IN_PROGRESS, Practice.Confidence.ARCHIVED)


def may_see(member: Member, practice: Practice) -> bool:
    """The predicate that agrees with `queries.archive.practices_visible_to`."""
    return may_see_audienced(member, practice)


def hides_practice(member: Member, thread: Thread) -> bool:
    """Whether a practice of the thread is not for the member: it is answered as where nothing may be recorded."""
    made = Practice.objects.filter(thread=thread).select_related("space").first()
    return made is not None and not may_see(member, made)


def may_start(member: Member, thread: Thread, rights: Rights | None = None, *, recorded: bool | None = None) -> bool:
    """Everyone who may write the record of a thread may show it in the archive while it is unresolved, but no guest."""
    rights = rights or rights_in(member, thread)
    return thread.is_unresolved and not rights.guest and may_write_record(member, thread, rights, recorded=recorded)


def may_record(member: Member, thread: Thread, rights: Rights | None = None) -> bool:
    """Everyone who may write the record of a resolved thread may put it into the archive, but no guest, who would not
    see the practice.

    Curators also when it is closed.
    """
    rights = rights or rights_in(member, thread)
    if rights.curates:
        return True
    return not rights.guest and may_reply(member, thread, rights) and not is_removed(member, thread, rights)


def may_edit(
    member: Member, practice: Practice, rights: Rights | None = None, governing: Governing | None = None
) -> bool:
    """Whoever recorded a practice or looks after it, curators of its space, and who earned enough in what it is about.

    Nobody what follows a record, where the text is written in the thread, what was merged, or what is governed by
    approval, where every change is a suggestion.
    """
    rights = rights or rights_in(member, practice)
    if not rights.sees or practice.follows_record or not practice.is_current:
        return False
    if (governing or governance_of(practice)).by_approval:
        return False
    return rights.curates or _has_part(member, practice) or is_licensed(member, practice)


def _has_part(member: Member, practice: Practice) -> bool:
    return member.pk in (practice.recorded_by_id, practice.owner_id)


def is_licensed(member: Member, practice: Practice) -> bool:
    """Whether the member has earned enough with the practice's product or one of its tags."""
    return has(member, Privilege.EDIT, subjects_of(practice))


def may_curate(
    member: Member, practice: Practice, rights: Rights | None = None, governing: Governing | None = None
) -> bool:
    """Curators of its space, and whom its governance makes responsible."""
    rights = rights or rights_in(member, practice)
    if not rights.sees or rights.curates:
        return rights.sees
    return member.pk in (governing or governance_of(practice)).keepers


def may_suggest(member: Member, practice: Practice, rights: Rights | None = None) -> bool:
    """Everyone who sees a finished practice suggests edits of it."""
    return _is_settled(practice) and (may_see(member, practice) if rights is None else rights.sees)


def _is_settled(practice: Practice) -> bool:
    return practice.is_current and practice.confidence not in _UNSETTLED


def may_decide_suggestion(member: Member, suggestion: Suggestion) -> bool:
    """Whoever may edit the practice, or decides about it under approval; not who made the suggestion."""
    practice = suggestion.practice
    if suggestion.author_id == member.pk or not practice.is_current:
        return False
    return may_edit(member, practice) or may_curate(member, practice)


def may_judge(member: Member, practice: Practice, rights: Rights | None = None) -> bool:
    """Everyone who sees a finished practice says how it did for them, its makers too."""
    return _is_settled(practice) and (may_see(member, practice) if rights is None else rights.sees)


def may_decide_review(member: Member, review: Review) -> bool:
    """Who decides about the practice, but not about what they wrote; and on a warning nobody of its own organization.

    Network administrators decide where nobody else is left. What is new or changed is also looked at by who earned it.
    """
    practice = review.practice
    if not may_curate(member, practice):
        return review.kind in LOOKED_AT and may_approve(member, practice)
    if member.is_superuser:
        return True
    if wrote_between(member, practice, review.base_version, review.version):
        return False
    if review.kind != Review.Kind.CHALLENGED:
        return True
    own = practice.organization_id == member.organization_id
    return not has_made(member, practice) and not (own and _is_warned_of(practice))


def may_approve(
    member: Member, practice: Practice, rights: Rights | None = None, governing: Governing | None = None
) -> bool:
    """Who earned enough in its subjects looks at the new or changed practice of another organization, if they made
    nothing of it and do not look after it.

    Nobody so where it is by approval: there those decide who were named, and no standing.
    """
    if (
        practice.organization_id == member.organization_id
        or practice.owner_id == member.pk
        or not _is_settled(practice)
    ):
        return False
    if not has(member, Privilege.VALIDATE, subjects_of(practice)) or (governing or governance_of(practice)).by_approval:
        return False
    return (rights or rights_in(member, practice)).sees and not has_made(member, practice)


def wrote_between(member: Member, practice: Practice, base: int, version: int) -> bool:
    """Whether the member wrote, or suggested, what the text became after version `base` up to `version`."""
    rows = PracticeVersion.objects.filter(practice=practice, number__gt=base, number__lte=version)
    rows = rows.exclude(kind=PracticeVersion.Kind.STATE)
    return rows.filter(Q(author=member) | Q(suggested_by=member)).exists()


def _is_warned_of(practice: Practice) -> bool:
    """Whether somebody's "dangerous" stands and no review has dealt with it."""
    said = Verdict.objects.filter(practice=practice, superseded_at__isnull=True, answered_by__isnull=True)
    return said.filter(kind=AGAINST[-1]).exists()


def may_retire(member: Member, practice: Practice) -> bool:
    """Who decides about a practice takes it out of use."""
    return may_curate(member, practice)


def may_merge(member: Member, source: Practice, target: Practice) -> bool:
    """Who decides about both merges them."""
    return may_curate(member, source) and may_curate(member, target)


def may_restore(member: Member, practice: Practice, rights: Rights | None = None) -> bool:
    """Whoever may edit a practice brings an earlier version back."""
    return may_edit(member, practice, rights)


def may_scrub(member: Member, practice: Practice) -> bool:
    """Who decides about a practice, and who recorded it, take a detail out of all that it ever said."""
    return may_curate(member, practice) or (practice.recorded_by_id == member.pk and may_see(member, practice))


def may_own_practice(member: Member, practice: Practice, owner: Member) -> bool:
    """Anybody who sees a practice that nobody looks after takes it; who decides about it chooses whom they like."""
    if may_curate(member, practice):
        return True
    return practice.owner_id is None and owner.pk == member.pk and may_see(member, practice)


def may_change_audience(member: Member, practice: Practice, audience: str) -> bool:
    """Up to named organizations whoever made it, looks after it or administers its organization: it is their own.

    To the space and beyond, who decides about it.
    """
    if not practice.is_current or practice.follows_record or not may_see(member, practice):
        return False
    if may_curate(member, practice):
        return True
    if audience in (PracticeAudience.SPACE, *BEYOND_THE_SPACE):
        return False
    return is_of_its_own(member, practice)


def is_of_its_own(member: Member, practice: Practice) -> bool:
    """Whether the member may say where it goes for the organization whose practice it is: they made it, look after it,
    or administer that organization.
    """
    if member.organization_id == practice.organization_id and _has_part(member, practice):
        return True
    return is_organization_admin(member, practice.organization_id)


def may_publish(member: Member, practice: Practice) -> bool:
    """Who decides about a practice shows it to strangers; its organization has to have agreed."""
    return practice.is_current and may_curate(member, practice)


def may_consent(member: Member, practice: Practice) -> bool:
    """Administrators of the organization whose practice it is; of what was imported the network's."""
    if not may_see(member, practice):
        return False
    if practice.organization.kind == Organization.Kind.IMPORTED:
        return may_administer(member)
    return is_organization_admin(member, practice.organization_id)
