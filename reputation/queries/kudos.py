"""Thanks as they are shown, and how many somebody has left."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from community.events.reactors import Label
from community.models import Member
from community.rules import clock
from reputation.models import Kudos
from reputation.rules.kudos import MOST_A_MONTH, MOST_TO_ONE, MOST_WRITTEN_A_MONTH, month_of


@dataclass(frozen=True)
class Budget:
    """How many thanks somebody has left this month; `to_one` those of them for the person asked about."""

    left: int
    to_one: int
    renews_at: datetime


def budget_of(giver: Member, receiver: Member | None = None) -> Budget:
    """What is left now. What was taken back is not counted, but at most twenty are written in a month."""
    month = month_of(clock.now())
    rows = Kudos.objects.filter(giver=giver, at__gte=month.begins, at__lt=month.ends).order_by()
    written = list(rows.values_list("receiver_id", "taken_back_at"))
    given = [to for to, taken_back in written if taken_back is None]
    left = max(0, min(MOST_A_MONTH - len(given), MOST_WRITTEN_A_MONTH - len(written)))
    to_one = MOST_TO_ONE - given.count(receiver.pk) if receiver else MOST_TO_ONE
    return Budget(left, max(0, min(left, to_one)), month.ends)


def standing_kudos() -> QuerySet[Kudos]:
    """What is shown, with what is shown of it; whoever sees the receiver's page sees it, the newest first."""
    shown = Kudos.objects.filter(taken_back_at__isnull=True, removed_at__isnull=True)
    return shown.select_related("giver__organization", "receiver__organization").order_by("-pk")


def kudos_of(receiver: Member, *, before: int | None = None, limit: int = 20) -> list[Kudos]:
    """The newest thanks to somebody, from before the row `before`."""
    rows = standing_kudos().filter(receiver=receiver)
    return list((rows.filter(pk__lt=before) if before else rows)[:limit])


def kudos_with(pk: int) -> Kudos | None:
    """The thanks with that number, while they stand: what is public to the network, to whoever is active."""
    return standing_kudos().filter(pk=pk).first()


def address_of(kudos: Kudos) -> str:
    """Where it stands on its receiver's page."""
    page = reverse("member-thanks", args=[kudos.receiver.handle])
    return f"{page}?before={kudos.pk + 1}#thanks-{kudos.pk}"


def describe_thanks(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """All thanks to somebody (by their id), for themselves: one group in the inbox."""
    page = reverse("member-thanks", args=[viewer.handle])
    return {viewer.pk: Label(_("Thanks to you"), page)} if viewer.pk in ids else {}


def describe_kudos(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """For the receiver what was said; for the giver of thanks that were removed why."""
    rows = _told_of(viewer).filter(pk__in=ids).select_related("receiver")
    return {row.pk: _to_receiver(row) if row.stands else _to_giver(row) for row in rows}


def seen_kudos(viewer: Member, ids: list[int]) -> set[int]:
    """Those of some thanks that the viewer is told of."""
    return set(_told_of(viewer).filter(pk__in=ids).values_list("pk", flat=True))


def _told_of(viewer: Member) -> QuerySet[Kudos]:
    standing = Q(receiver=viewer, taken_back_at__isnull=True, removed_at__isnull=True)
    return Kudos.objects.filter(standing | Q(giver=viewer, removed_at__isnull=False)).order_by()


def _to_receiver(row: Kudos) -> Label:
    return Label(_("Thanks to you"), address_of(row), row.reason)


def _to_giver(row: Kudos) -> Label:
    title = _("Your thanks to %(name)s") % {"name": row.receiver.name}
    return Label(title, reverse("member-thanks", args=[row.receiver.handle]), row.removal_reason)
