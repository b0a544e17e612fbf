"""Who subscribed to what, and whom news of a practice is for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from community.models import Assignment, Grant, Member, WorkRole
from community.policies.members import is_organization_admin
from threads.models import Adoption, Practice, PracticeNews, Subscription, Tag
from threads.queries.archive import practices_visible_to
from threads.queries.audience import viewers_of
from threads.queries.catalog import product_by_slug, product_names
from threads.queries.threads import threads_visible_to

_AT_ONCE = 50


@dataclass(frozen=True)
class Topic:
    """A product or tag that one may hear of: its scope, what it is called, and whether the viewer hears of it."""

    scope: str
    label: str
    wanted: bool = False


def scopes_of(practice: Practice) -> list[str]:
    """What somebody subscribes to in order to hear of the practice."""
    product = [f"product:{practice.product.slug}"] if practice.product else []
    return product + sorted(f"tag:{tag.slug}" for tag in practice.tags.all())


def is_known(viewer: Member, scope: str) -> bool:
    """Whether there is such a product, or such a tag on anything that the viewer sees."""
    noun, _colon, slug = scope.partition(":")
    if noun == "product":
        return product_by_slug(slug) is not None
    tag = Tag.objects.filter(slug=slug).first() if noun == "tag" else None
    if tag is None:
        return False
    return (
        practices_visible_to(viewer).filter(tags=tag).exists() or threads_visible_to(viewer).filter(tags=tag).exists()
    )


def subscriptions_of(member: Member) -> list[Subscription]:
    """What a member themselves said they want to hear of, or not."""
    return list(Subscription.objects.filter(member=member).order_by("scope"))


def role_subscriptions_of(viewer: Member) -> list[Subscription]:
    """What roles in the viewer's organization hear of, for those who administer it."""
    if not is_organization_admin(viewer, viewer.organization_id):
        return []
    rows = Subscription.objects.filter(organization=viewer.organization_id)
    return list(rows.select_related("role").order_by("role__name", "scope"))


def work_roles() -> QuerySet[WorkRole]:
    """Every working role, by name."""
    return WorkRole.objects.order_by("name")


def labels_of(scopes: Collection[str]) -> dict[str, str]:
    """What products and tags are called, by scope; a product that is gone by its slug."""
    slugs = {scope: scope.partition(":")[2] for scope in scopes}
    products = {scope for scope in scopes if scope.startswith("product:")}
    names = product_names(slugs[scope] for scope in products) if products else {}
    return {scope: names.get(slug, slug) if scope in products else f"#{slug}" for scope, slug in slugs.items()}


def subscribed(viewer: Member, practice: Practice) -> list[Topic]:
    """What of a practice one can subscribe to, and whether the viewer does."""
    scopes = scopes_of(practice)
    wanted = set(
        Subscription.objects.filter(member=viewer, scope__in=scopes, wanted=True).values_list("scope", flat=True)
    )
    names = {f"product:{practice.product.slug}": practice.product.name} if practice.product else {}
    return [Topic(scope, names.get(scope) or f"#{scope.partition(':')[2]}", wanted=scope in wanted) for scope in scopes]


def audience_of_news(practice: Practice, today: date, *, besides: Collection[int], adopters: bool) -> list[int]:
    """The ids of those who asked to hear of such practices and see this one, in one query; and who decided for an
    organization that works by it, where `adopters` are told.
    """
    scopes = scopes_of(practice)
    of_scope = Subscription.objects.filter(scope__in=scopes)
    wanted = Q(pk__in=of_scope.filter(member__isnull=False, wanted=True).values("member_id"))
    by_role = Q(pk__in=_in_roles(scopes, today)) & ~Q(
        pk__in=of_scope.filter(member__isnull=False, wanted=False).values("member_id")
    )
    told = wanted | by_role
    if adopters:
        told |= _of_adopters(practice)
    people = Member.objects.filter(told, is_active=True, source_site="").exclude(pk__in=list(besides))
    return list(viewers_of(practice, people).order_by("pk").values_list("pk", flat=True))


def _in_roles(scopes: Collection[str], today: date) -> QuerySet[Assignment, int]:
    """Who has a role today that hears of any of the scopes in their organization."""
    of_roles = Subscription.objects.filter(member__isnull=True, scope__in=scopes)
    told = Exists(of_roles.filter(organization=OuterRef("member__organization"), role=OuterRef("role")))
    held = Assignment.objects.filter(told, starts_on__lte=today).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    return held.values_list("member_id", flat=True)


def _of_adopters(practice: Practice) -> Q:
    adoptions = Adoption.objects.filter(practice=practice, until__isnull=True).exclude(
        state=Adoption.State.NOT_APPLICABLE
    )
    admins = Grant.objects.filter(
        role=Grant.Role.ORGANIZATION_ADMIN, organization__in=adoptions.values("organization_id")
    )
    return Q(pk__in=adoptions.values("by_id")) | Q(pk__in=admins.values("member_id"))


def news_due(now: datetime, besides: Collection[Any] = ()) -> list[int]:
    """Some news whose time has come, by their ids; but for some."""
    due = PracticeNews.objects.filter(due_at__lte=now).exclude(pk__in=list(besides))
    return list(due.order_by("due_at").values_list("pk", flat=True)[:_AT_ONCE])
