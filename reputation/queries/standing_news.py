"""What an inbox says of standing that was earned or taken back, and of badges."""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from community.events.reactors import Label, describe
from community.models import InboxItem, Member
from reputation.facts.standing import STANDING_LOST
from reputation.models import Award, EarnedBadge, NewsLine
from reputation.rendering.awards import counted
from reputation.rules.badges import BY_SLUG

_THINGS_TOLD = 3
_LOOKED_AT = 100


class _Sum(NamedTuple):
    rule: str
    why: str
    points: int
    awards: int


def describe_standing(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """The viewer's own standing (by their id): one group in the inbox."""
    page = reverse("member", args=[viewer.handle])
    return {viewer.pk: Label(_("Your standing"), f"{page}#standing")} if viewer.pk in ids else {}


def describe_news(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """What each of the viewer's notices, named by the first award in it, adds up, in words.

    The newest things that it is about have their titles with it, as far as the viewer sees them now.
    """
    lines = NewsLine.objects.filter(item__in=_notices(viewer, ids), awards__gt=0)
    sums: dict[str, list[_Sum]] = defaultdict(list)
    added = lines.values_list("item__target", "rule", "why").order_by("rule", "why")
    for target, *of_it in added.annotate(Sum("points"), Sum("awards")):
        sums[target].append(_Sum(*of_it))
    newest = list(lines.order_by("-pk").values_list("item__target", "rule", "why", "subject")[:_LOOKED_AT])
    labels = describe(viewer, {subject for *_rest, subject in newest})
    things: dict[tuple[str, str, str], dict[str, Label]] = defaultdict(dict)
    for target, rule, why, subject in newest:
        if subject in labels:
            things[target, "" if why else rule, why].setdefault(labels[subject].title, labels[subject])
    kinds = dict(_notices(viewer, ids).values_list("target", "kind"))
    return {_number(target): _label(viewer, kinds[target], sums[target], things, target) for target in sums}


def seen_news(viewer: Member, ids: list[int]) -> set[int]:
    """Those of the awards with which notices of the viewer begin."""
    return {_number(target) for target in _notices(viewer, set(ids)).values_list("target", flat=True)}


def _notices(viewer: Member, ids: set[int]) -> QuerySet[InboxItem]:
    targets = [f"award:{pk}" for pk in ids]
    return InboxItem.objects.filter(member=viewer, subject=f"standing:{viewer.pk}", target__in=targets).order_by()


def _number(target: str) -> int:
    return int(target.partition(":")[2])


Things = dict[tuple[str, str, str], dict[str, Label]]


def _label(viewer: Member, kind: str, sums: list[_Sum], things: Things, target: str) -> Label:
    said = _taken_back(sums, things, target) if kind == STANDING_LOST.name else _earned(sums, things, target)
    named = [label.url for (of, _rule, _why), labels in things.items() if of == target for label in labels.values()]
    url = named[0] if len(named) == 1 else f"{reverse('member', args=[viewer.handle])}#standing"
    return Label(_("Your standing"), url, words=said)


def _earned(sums: list[_Sum], things: Things, target: str) -> str:
    sums = sorted(sums, key=lambda each: (-each.points, -each.awards))
    what = ", ".join(f"{counted(each.rule, each.awards)}{_named(things[target, each.rule, ''])}" for each in sums)
    points = sum(each.points for each in sums)
    if not points:
        return _("Limits left no standing: %(what)s") % {"what": what}
    return _("+%(points)d standing: %(what)s") % {"points": points, "what": what}


def _taken_back(sums: list[_Sum], things: Things, target: str) -> str:
    reasons = list(dict.fromkeys(each.why for each in sums))
    what = "; ".join(f"{Award.Why(why).label}{_named(things[target, '', why])}" for why in reasons)
    return _("-%(points)d standing: %(what)s") % {"points": -sum(each.points for each in sums), "what": what}


def _named(titles: Mapping[str, Label]) -> str:
    """Titles in brackets, a few of them."""
    if not titles:
        return ""
    shown, more = list(titles)[:_THINGS_TOLD], len(titles) - _THINGS_TOLD
    words = "; ".join(shown)
    return f" ({words} …)" if more > 0 else f" ({words})"


def describe_badges(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """The viewer's own badges (by their id): one group in the inbox."""
    return {viewer.pk: Label(_("Your badges"), reverse("badges"))} if viewer.pk in ids else {}


def describe_badge(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """Which badge they got, or lost and why."""
    rows = EarnedBadge.objects.filter(member=viewer, pk__in=ids).order_by()
    return {row.pk: _badge(row) for row in rows if row.slug in BY_SLUG}


def seen_badge(viewer: Member, ids: list[int]) -> set[int]:
    """Those of the badges that the viewer holds or held."""
    return set(EarnedBadge.objects.filter(member=viewer, pk__in=ids).order_by().values_list("pk", flat=True))


def _badge(row: EarnedBadge) -> Label:
    values = {"name": BY_SLUG[row.slug].name, "sentence": BY_SLUG[row.slug].sentence}
    if row.is_held:
        words = _("You hold the badge %(name)s. %(sentence)s") % values
    elif row.why:
        words = _("The badge %(name)s is withdrawn: %(why)s. It says: %(sentence)s") % {
            **values, "why": Award.Why(row.why).label,
        }  # fmt: skip
    else:
        words = _("The badge %(name)s is withdrawn, because it asks for something else now: %(sentence)s") % values
    return Label(_("Your badges"), f"{reverse('badges')}#{row.slug}", words=words)
