"""Flags as moderators see them; nobody sees those that they are in."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from community.events.reactors import Label
from community.models import Grant, Member
from community.rules import clock
from reputation.models import Award, Flag, FlagAward, FlagDecision, FlagLook
from reputation.policies.patterns import may_audit, may_review_patterns
from reputation.rules.patterns import LOOK_SECONDS

A_PAGE = 30
ALL = 1  # the number of the one group that all patterns are in an inbox


def flags_visible_to(viewer: Member) -> QuerySet[Flag]:
    """The predicate is `policies.patterns.may_review`."""
    if not may_review_patterns(viewer):
        return Flag.objects.none()
    mine = Flag.members.through.objects.filter(flag_id=OuterRef("pk"), member_id=viewer.pk)
    return Flag.objects.filter(~Exists(mine))


def flags_listed(viewer: Member, *, state: str = "", before: int = 0, limit: int = A_PAGE) -> list[Flag]:
    """The newest first, of one state or of all; how many people each is about, but not who."""
    rows = (
        flags_visible_to(viewer)
        .annotate(people=Count("members"))
        .select_related("decided_by__organization")
        .order_by("-pk")
    )
    if state:
        rows = rows.filter(state=state)
    return list((rows.filter(pk__lt=before) if before else rows)[:limit])


def flag_visible_to(viewer: Member, pk: int) -> Flag | None:
    """The flag with that number."""
    return flags_visible_to(viewer).select_related("decided_by__organization").filter(pk=pk).first()


def has_looked(viewer: Member, flag: Flag) -> bool:
    """Whether it is noted that the viewer looks at it in this hour."""
    return FlagLook.objects.filter(flag=flag, by=viewer, hour=hour_of(clock.now())).exists()


def hour_of(now: datetime) -> datetime:
    """When the stretch of time began in which a look is noted once."""
    return datetime.fromtimestamp(now.timestamp() // LOOK_SECONDS * LOOK_SECONDS, now.tzinfo)


def looks_at(flag: Flag, *, limit: int = 50) -> list[FlagLook]:
    """Who looked at it, the newest first."""
    return list(flag.looks.select_related("by__organization")[:limit])


def looks_audited_by(viewer: Member, *, before: int = 0, limit: int = A_PAGE) -> list[FlagLook]:
    """Who looked at what, the newest first, for network administrators; without flags that they are in."""
    if not may_audit(viewer):
        return []
    rows = FlagLook.objects.filter(flag__in=flags_visible_to(viewer).values("pk"))
    rows = rows.select_related("by__organization", "flag")
    return list((rows.filter(pk__lt=before) if before else rows)[:limit])


def decisions_about(flag: Flag) -> list[FlagDecision]:
    """What was decided about it, and about the same thing before, the newest first."""
    return list(FlagDecision.objects.filter(flag__key=flag.key).select_related("by")[:20])


def people_in(flag: Flag) -> list[Member]:
    """Whom it is about."""
    return list(flag.members.select_related("organization", "center").order_by("name", "pk"))


def awards_named(flag: Flag) -> list[FlagAward]:
    """The awards that it names, with who gave them to whom, the newest first."""
    rows = FlagAward.objects.filter(flag=flag).select_related(
        "award__giver__organization", "award__member__organization", "award__reversal"
    )
    return list(rows.order_by("-award__at", "-award_id"))


def to_settle(*, limit: int, besides: Collection[int] = ()) -> list[int]:
    """The keys of `FlagAward` that do not follow yet what was decided, the oldest decision first."""
    flags = Flag.objects.filter(settled=False).order_by("decided_at")[:50]
    found: list[int] = []
    for flag in flags:
        due = _due_in(flag).exclude(pk__in=list(besides)).order_by("award__member_id", "pk")
        found += due.values_list("pk", flat=True)[: limit - len(found)]
        if len(found) >= limit:
            break
    return found


def due_in(flag: Flag, *, limit: int) -> list[int]:
    """Those of one flag."""
    return list(_due_in(flag).order_by("award__member_id", "pk").values_list("pk", flat=True)[:limit])


def settled_flags() -> list[Flag]:
    """Decided flags of which nothing is left to do."""
    return [flag for flag in Flag.objects.filter(settled=False)[:50] if not _due_in(flag).exists()]


def _due_in(flag: Flag) -> QuerySet[FlagAward]:
    if flag.state == Flag.State.ACTED:
        return FlagAward.objects.filter(flag=flag, withdrawn_at=None, award__reversal=None)
    return FlagAward.objects.filter(flag=flag, withdrawn_at__isnull=False)


def reviewers(*, without: Collection[int] = ()) -> list[int]:
    """The ids of all who are shown patterns."""
    moderating = Grant.objects.filter(role=Grant.Role.MODERATOR).values("member")
    people = Member.objects.filter(Q(is_superuser=True) | Q(pk__in=moderating), is_active=True, source_site="")
    return list(people.exclude(pk__in=list(without)).order_by("pk").values_list("pk", flat=True))


def describe_patterns(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """All patterns, for who is shown any: one group in the inbox."""
    seen = seen_patterns(viewer, sorted(ids))
    return {pk: Label(_("Unusual patterns in giving"), reverse("patterns")) for pk in seen}


def seen_patterns(viewer: Member, ids: list[int]) -> set[int]:
    """The one group, for who is shown patterns."""
    return {ALL} & set(ids) if may_review_patterns(viewer) else set()


def patterns_seen_by(_pk: int, members: Collection[int]) -> set[int]:
    """Those of some members who are shown patterns."""
    return set(members) & set(reviewers())


def describe_flags(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """Flags by what they are, naming nobody."""
    rows = flags_visible_to(viewer).filter(pk__in=ids).order_by()
    return {row.pk: Label(row.get_kind_display(), reverse("pattern", args=[row.pk])) for row in rows}


def seen_flags(viewer: Member, ids: list[int]) -> set[int]:
    """Those of some flags that the viewer sees."""
    return set(flags_visible_to(viewer).filter(pk__in=ids).order_by().values_list("pk", flat=True))


def describe_withdrawn(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """Awards that a moderator withdrew, for who got and who gave them."""
    url = reverse("member", args=[viewer.handle])
    words = {True: _("Awards to you that were withdrawn"), False: _("Awards that you gave and that were withdrawn")}
    rows = _withdrawn_from(viewer).filter(pk__in=ids).values_list("pk", "member_id")
    return {pk: Label(words[receiver == viewer.pk], url) for pk, receiver in rows}


def seen_withdrawn(viewer: Member, ids: list[int]) -> set[int]:
    """Those of some withdrawn awards that the viewer got or gave."""
    return set(_withdrawn_from(viewer).filter(pk__in=ids).values_list("pk", flat=True))


def _withdrawn_from(viewer: Member) -> QuerySet[Award]:
    return Award.objects.filter(Q(member=viewer) | Q(giver=viewer), reversal__why=Award.Why.GAMED).order_by()
