"""Mentorings as they are shown, and who mentors in what, as far as the viewer meets it."""

from django.urls import reverse

from community.events.reactors import Label, describe_with
from community.models import Member
from reputation.queries.mentoring import mentors_for, seen_by
from threads.queries.met import labels_of, met_among


def mentors_seen_by(viewer: Member, scope: str) -> list[Member]:
    """Who can be asked to mentor in a subject; nobody in one that the viewer meets nowhere."""
    return mentors_for(viewer, scope) if met_among(viewer, [scope]) else []


def describe_mentorings(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """What an inbox calls the viewer's own mentorings: their subjects."""
    rows = list(seen_by(viewer).filter(pk__in=ids).values_list("pk", "scope"))
    labels = labels_of({scope for _pk, scope in rows})
    page = reverse("mentoring")
    return {pk: Label(labels[scope], f"{page}#mentoring-{pk}") for pk, scope in rows}


def seen_mentorings(viewer: Member, ids: list[int]) -> set[int]:
    """Those of the mentorings that are the viewer's own."""
    return set(seen_by(viewer).filter(pk__in=ids).values_list("pk", flat=True))


def register() -> None:
    """Say who knows the mentorings that an inbox names."""
    describe_with("mentoring", describe_mentorings, seen_mentorings)
