"""Members: the accounts of the people of the network, their working roles and their grants."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models.organizations import Center, Organization, WorkRole
from community.models.provenance import Sourced, unique_source
from community.rules import clock
from community.rules.handles import HANDLE_PATTERN


class MemberManager(BaseUserManager["Member"]):
    """Creates members the way Django's own commands expect."""

    def create_user(self, email: str | None, password: str | None = None, **fields: Any) -> "Member":
        """A member with this e-mail address; without a password they cannot sign in."""
        member = self.model(email=self.normalize_email(email).lower() or None, **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Member":
        """A network administrator, in the organization of that name (made when it is not there)."""
        organization, _created = Organization.objects.get_or_create(
            slug="network", defaults={"name": "Network administration"}
        )
        fields.setdefault("organization", organization)
        return self.create_user(email, password, is_superuser=True, **fields)


class Member(Sourced, AbstractBaseUser, PermissionsMixin):
    """A person of the network, in one organization and at most one center. Network administrators are superusers.

    Imported authors have no e-mail address and no usable password, so they cannot sign in.
    Members are never deleted: what they wrote stays theirs. Who has no access is suspended, unless `left_at` says that
    they left in good standing: then what they said of others' work goes on counting. Of who was erased (`erased_at`)
    nothing is left but this row, which says nothing of them.
    """

    handle = models.CharField(
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(
                HANDLE_PATTERN, _("Use lower-case letters, digits, dots, dashes; start with a letter or digit.")
            )
        ],
    )
    name = models.CharField(max_length=120)
    email = models.EmailField(unique=True, null=True, blank=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="members")
    center = models.ForeignKey(Center, on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    about = models.TextField(blank=True, default="", max_length=4000)
    time_zone = models.CharField(max_length=60, blank=True, default="")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(
        _("left in good standing"), null=True, blank=True,
        help_text=_(
            "For who has no access any more: their votes go on counting. Empty: suspended, their votes are withdrawn."
        ),
    )  # fmt: skip
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    present_without_name = models.BooleanField(default=False)

    # Whether they have any role in the network, when it was read along with them; then nobody else has to ask.
    granted: bool | None = None

    objects: ClassVar[MemberManager] = MemberManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["handle", "name"]

    class Meta:
        ordering = ("name", "id")
        constraints = (unique_source("member_source_once"),)
        indexes = (
            models.Index(
                fields=["id"], condition=models.Q(present_without_name=True), name="member_present_without_name"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Who may enter Django's admin."""
        return self.is_active and self.is_superuser

    def get_absolute_url(self) -> str:
        """The member's page."""
        return reverse("member", args=[self.handle])


class Assignment(models.Model):
    """A member's working role over a period; people rotate, the history stays."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="assignments")
    role = models.ForeignKey(WorkRole, on_delete=models.PROTECT, related_name="assignments")
    center = models.ForeignKey(Center, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-starts_on",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="assignment_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.member}: {self.role}"


class Grant(models.Model):
    """A network role given to a member for one space or one organization, by whom and when."""

    class Role(models.TextChoices):
        CURATOR = "curator", _("Curator")
        MODERATOR = "moderator", _("Moderator")
        ORGANIZATION_ADMIN = "organization_admin", _("Organization administrator")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    space = models.ForeignKey("community.Space", on_delete=models.CASCADE, null=True, blank=True, related_name="grants")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, blank=True, related_name="grants"
    )
    granted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    granted_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(space__isnull=True) ^ models.Q(organization__isnull=True), name="grant_has_one_scope"
            ),
            models.CheckConstraint(
                condition=~models.Q(role="organization_admin") | models.Q(organization__isnull=False),
                name="organization_admin_of_an_organization",
            ),
            models.UniqueConstraint(
                fields=["member", "role", "space"], condition=models.Q(space__isnull=False), name="grant_once_a_space"
            ),
            models.UniqueConstraint(
                fields=["member", "role", "organization"],
                condition=models.Q(organization__isnull=False),
                name="grant_once_an_organization",
            ),
        )

    def __str__(self) -> str:
        return f"{self.member}: {self.role}"
