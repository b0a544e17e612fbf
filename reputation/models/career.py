"""Records of contributions that members took with them, and the keys by which the network signs them."""

from django.db import models
from django.db.models import F, Q

from community.models import Member
from community.rules import clock


class SigningKey(models.Model):
    """A public key of the network, for ever: what it signed must verify after it signs no more.

    The private half is in the environment or in DATA_DIR. A key that is distrusted got into wrong hands, maybe: of what
    it signed only that is believed of which the network has a note.
    """

    id = models.CharField(primary_key=True, max_length=32)
    public = models.CharField(max_length=43, unique=True)
    valid_from = models.DateTimeField(default=clock.now)
    valid_until = models.DateTimeField(null=True, blank=True)
    is_current = models.BooleanField(default=True)
    distrusted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-valid_from", "id")
        constraints = (
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="signing_key_current"),
            models.CheckConstraint(
                condition=Q(is_current=True, valid_until__isnull=True, distrusted_at__isnull=True)
                | Q(is_current=False, valid_until__isnull=False),
                name="signing_key_ends",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="signing_key_ends_after_it_began",
            ),
        )

    def __str__(self) -> str:
        return self.id


class CareerRecord(models.Model):
    """That a record was issued, and whether it was withdrawn. What it said is not kept, only its digest.

    Of an erased member's nothing stays but the digest, without which a withdrawn record would be genuine again.
    """

    number = models.UUIDField(unique=True)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="career_records")
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    chosen = models.JSONField(default=dict)
    issued_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-issued_at", "-id")
        indexes = (models.Index(fields=["member", "-issued_at"], name="career_record_of_member"),)

    def __str__(self) -> str:
        return str(self.number)
