"""The practices that somebody looks after as a curator or keeper. Its other face is `policies.practices.may_curate`."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from community.models import Grant, Member, Space
from threads.models import Practice
from threads.policies.desk import kept_by
from threads.queries.archive import practices_visible_to


def curated_by(viewer: Member) -> QuerySet[Practice]:
    """The practices a member decides about: in spaces that they curate, or kept by them; none that was merged."""
    seen = practices_visible_to(viewer).filter(merged_into__isnull=True)
    if viewer.is_superuser:
        return seen
    spaces = Grant.objects.filter(member=viewer, role=Grant.Role.CURATOR, space__isnull=False).values("space_id")
    return seen.filter(Q(space__in=spaces) | _kept_by(viewer))


def _kept_by(viewer: Member) -> Q:
    kept = kept_by(viewer)
    here = Q(governance__space__isnull=True) | Q(governance__space=OuterRef("space_id"))
    tagged = Practice.tags.through.objects.filter(practice_id=OuterRef(OuterRef("pk"))).values("tag_id")
    of_product = kept.filter(here, governance__product=OuterRef("product_id"))
    of_tag = kept.filter(here, governance__tag__in=tagged)
    return Q(Exists(of_product)) | Q(Exists(of_tag))


def spaces_curated_by(viewer: Member) -> QuerySet[Space]:
    """The spaces whose practices a member curates, by name."""
    spaces = Space.objects.order_by("name", "id")
    if viewer.is_superuser:
        return spaces
    return spaces.filter(pk__in=Grant.objects.filter(member=viewer, role=Grant.Role.CURATOR).values("space_id"))
