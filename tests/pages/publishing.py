"""A practice that strangers may read, and what they say of it."""

from tests.cast import Cast
from tests.threads.practicing import fresh, validated
from threads.actions.practice_audience import change_audience
from threads.actions.publishing import consent_to_publish
from threads.models import Practice, Tag
from threads.queries.practice_audience import reach_of

EXPERIENCE = {"outcome": "failed", "environment": "4.3", "text": "The queue stayed full <b>here</b>.", "website": ""}


def public(cast: Cast, **more: str) -> Practice:
    """A practice that strangers may read."""
    practice = validated(cast, **more)
    practice.product = cast.products["mail-gateway"]
    practice.save(update_fields=["product"])
    practice.tags.add(Tag.objects.get_or_create(slug="c++")[0])
    practice.versions.update(product=practice.product, tags=["c++", "gone"])
    consent_to_publish(by=cast.olga, practice=practice)
    now = fresh(practice)
    preview = reach_of(now, "public", []).digest
    change_audience(by=cast.cleo, practice=now, audience="public", organizations=[], preview=preview, reason="For all.")
    return fresh(practice)


def address(practice: Practice) -> str:
    """Where they read it."""
    return f"/public/practices/{practice.slug}/"
