"""Practices that are still written in their thread: they say what its record says, and are seen by whom it is seen."""

from collections.abc import Mapping

from community.rendering.markdown import render
from community.rules import clock
from threads.actions.indexing import index_practice
from threads.models import Practice, Thread


def show_text(practice: Practice, texts: Mapping[str, str]) -> None:
    """Put these texts into a practice that follows a record, not saved; what stood there as the problem stays rather
    than nothing."""
    for name, text in texts.items():
        if text or name != "problem":
            setattr(practice, name, text)
            setattr(practice, f"{name}_html", render(text))
    practice.updated_at = clock.now()
    practice.place = practice.place_now()


def mirror_record(thread: Thread, texts: Mapping[str, str]) -> None:
    """Have the practice of a locked thread, if it follows the record, say what the record says now."""
    practice = _following(thread)
    if practice is not None:
        show_text(practice, texts)
        practice.title, practice.product_id = thread.title, thread.product_id
        practice.save()
        index_practice(practice)


def mirror_audience(thread: Thread) -> None:
    """Have the practice of a locked thread, if it follows the record, be seen by whom the thread is seen."""
    practice = _following(thread)
    if practice is not None:
        practice.audience = thread.audience
        practice.save(update_fields=["audience"])
        practice.audience_organizations.set(thread.audience_organizations.all())


def _following(thread: Thread) -> Practice | None:
    rows = Practice.objects.select_for_update(of=("self",), no_key=True).filter(thread=thread, follows_record=True)
    return rows.first()
