"""What of a member's word does not count while they are suspended."""

from django.db import models
from django.db.models import Q

from community.models import Member
from community.rules import clock
from reputation.models.ledger import Award


class Withholding(models.Model):
    """Whether a member's votes and credits are withheld (`wanted`), and since when all have followed (`settled_at`).

    There is a row for whoever was ever suspended. `changed_at` is when what is wanted changed last.
    """

    member = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="withholding")
    wanted = models.BooleanField()
    changed_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["changed_at"], condition=Q(settled_at=None), name="withholding_to_settle"),)

    def __str__(self) -> str:
        return f"{self.member_id}: {'withheld' if self.wanted else 'given back'}"


class WithheldAward(models.Model):
    """An award that was reversed because its giver is suspended, until it is given again or has no ground any more."""

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="withheld")
    giver = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.award_id}"
