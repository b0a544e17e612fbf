"""The contribution profile: sums by axis and month, sums by subject, and the rows behind each number."""

from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, CharField, Count, F, Func, Q, QuerySet, Sum, Value, When
from django.db.models.sql.compiler import SQLCompiler

from community.models import Member
from reputation.models import Award, MonthlyStanding, ProfileChoice
from reputation.policies.profile import CONTRIBUTIONS, LEDGER, Shown
from reputation.rules.profile import ALL, AXES, CAUSE_OF_REVIEWS, CURATE, EITHER, EVER, REVIEW, RULES, Period

MOST_SUBJECTS = 50


class AxisSum(NamedTuple):
    """What one axis adds up to in one month: awards and their points, without what was taken back."""

    axis: str
    month: int
    points: int
    awards: int


class SubjectSum(NamedTuple):
    """What a member earned on one subject."""

    scope: str
    points: int
    awards: int


class _Names(Func):
    """Whether a list of names holds one."""

    function = "jsonb_exists"
    output_field = BooleanField()

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        """The same on SQLite."""
        template = "EXISTS(SELECT 1 FROM json_each(%(expressions)s))"
        return super().as_sql(compiler, connection, template=template, arg_joiner=") WHERE (value = ", **context)


def sums_of(shown: Shown, *periods: Period, scope: str = "") -> list[AxisSum]:
    """By axis and month, of the months of these periods. Nothing for whom it is not."""
    if CONTRIBUTIONS not in shown.parts:
        return []
    wanted = Q()
    for period in periods:
        wanted |= _months(period)
    on_axis = Case(*(When(_on(axis), then=Value(axis)) for axis in AXES), output_field=CharField())
    alike = _awards(shown, scope).filter(wanted).order_by().annotate(axis=on_axis).values("axis", "month")
    taken = Count("pk", filter=Q(reverses__isnull=False))
    sums = alike.annotate(sum=Sum("points"), standing=Count("pk") - 2 * taken)
    return [AxisSum(*row) for row in sums.values_list("axis", "month", "sum", "standing")]


def subjects_of(shown: Shown, period: Period) -> list[SubjectSum]:
    """The tags and products in which the member earned most in a period, best first. Nothing for whom it is not."""
    if CONTRIBUTIONS not in shown.parts:
        return []
    rows = MonthlyStanding.objects.filter(_months(period), _subjects(), member=shown.member)
    sums = rows.order_by().values("scope").annotate(sum=Sum("points"), standing=Sum("awards"))
    best = sums.filter(standing__gt=0).order_by("-sum", "scope")[:MOST_SUBJECTS]
    return [SubjectSum(*row) for row in best.values_list("scope", "sum", "standing")]


def evidence_of(
    shown: Shown, period: Period = EVER, *, axis: str = "", scope: str = "", before: int | None = None, limit: int = 20
) -> list[Award]:
    """The awards and reversals behind a number, the newest first, from before the row `before`. Nothing for whom they
    are not."""
    if LEDGER not in shown.parts:
        return []
    rows = _awards(shown, scope).filter(_months(period))
    if axis:
        rows = rows.filter(_on(axis))
    if before:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[:limit])


def _awards(shown: Shown, scope: str) -> QuerySet[Award]:
    rows = Award.objects.filter(member=shown.member)
    noun, _colon, slug = scope.partition(":")
    if noun == "product":
        return rows.filter(product=slug)
    return rows.filter(_Names(F("tags"), Value(slug))) if noun == "tag" else rows


def _months(period: Period) -> Q:
    return Q(month__gt=0) if period.name == ALL else Q(month__gte=period.first, month__lte=period.last)


def _subjects() -> Q:
    return Q(scope__startswith="tag:") | Q(scope__startswith="product:")


def _on(axis: str) -> Q:
    ends_a_review = Q(rule=EITHER, cause__startswith=CAUSE_OF_REVIEWS)
    either = {REVIEW: ends_a_review, CURATE: Q(rule=EITHER) & ~Q(cause__startswith=CAUSE_OF_REVIEWS)}
    return Q(rule__in=RULES[axis]) | either[axis] if axis in either else Q(rule__in=RULES[axis])


def shown_by(member: Member) -> ProfileChoice:
    """What the member chose to show, for themselves; without a choice the narrowest."""
    return ProfileChoice.objects.filter(member=member).first() or ProfileChoice(member=member)
