"""What a member contributed, in numbers, and the records they took with them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Count, Max, Min, QuerySet, Sum
from django.db.models.functions import ExtractYear

from community.models import Member
from reputation.models import Award, CareerRecord, Certificate


class Tally(NamedTuple):
    """Awards that stand and are alike: how many, for how much, from when to when."""

    rule: str
    year: int
    organization: str
    product: str
    tags: list[str]
    awards: int
    points: int
    first: datetime
    last: datetime

    def scopes(self) -> list[str]:
        """The subjects in which they count."""
        products = [f"product:{self.product}"] if self.product else []
        return [*products, *(f"tag:{tag}" for tag in self.tags)]


def tallies_of(member: Member, *, first: date | None, last: date) -> list[Tally]:
    """The member's awards of these days (UTC, both included) that were not taken back, whenever that happened."""
    rows = Award.objects.filter(member=member, reverses__isnull=True, reversal__isnull=True)
    rows = rows.filter(at__lt=_midnight(last + timedelta(days=1)))
    if first is not None:
        rows = rows.filter(at__gte=_midnight(first))
    dated = rows.order_by().annotate(year=ExtractYear("at", tzinfo=UTC))
    alike = dated.values("rule", "year", "receiver_organization__name", "product", "tags")
    sums = alike.annotate(n=Count("pk"), sum=Sum("points"), earliest=Min("at"), latest=Max("at"))
    columns = ("rule", "year", "receiver_organization__name", "product", "tags", "n", "sum", "earliest", "latest")
    return [Tally._make(row) for row in sums.values_list(*columns)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def confirmed_certificates(member: Member) -> list[Certificate]:
    """Those of the member's certificates that an administrator saw, the newest first."""
    return list(Certificate.objects.filter(member=member, confirmed_at__isnull=False))


def issued_to(member: Member) -> QuerySet[CareerRecord]:
    """The records that the member took, the newest first."""
    return CareerRecord.objects.filter(member=member)
