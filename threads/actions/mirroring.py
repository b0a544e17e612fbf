"""Practices that are still written in their thread: they say what its record says, with masks for what tells of
somebody, because nobody was asked about that yet; and are seen by whom it is seen."""

from collections.abc import Mapping

from community.events import action
from community.rendering.markdown import render
from community.rules import clock
from threads.actions.index_work import put_opened
from threads.actions.indexing import index_practice
from threads.actions.locking import lock_practice
from threads.actions.postings import forget_words
from threads.actions.standard import masked_until_settled
from threads.models import RECORD_FIELDS, Practice, Thread
from threads.rules.limits import TITLE_LENGTH


def show_text(practice: Practice, texts: Mapping[str, str]) -> None:
    """Put these texts (`title` among them) into a practice that follows a record, not saved, with masks for what tells
    of somebody; what stood there as the problem stays rather than nothing."""
    _show(practice, masked_until_settled(practice, texts))
    practice.updated_at = clock.now()
    practice.place = practice.place_now()


def _show(practice: Practice, texts: Mapping[str, str]) -> None:
    practice.title = texts["title"][:TITLE_LENGTH]
    for name in RECORD_FIELDS:
        text = texts.get(name)
        if text or (text is not None and name != "problem"):
            setattr(practice, name, text)
            setattr(practice, f"{name}_html", render(text))


@action
def mask_marked(*, practice_id: int) -> bool:
    """Put masks into what a practice that was marked for it shows of its record, for what its organization watches for
    by now and for what was not masked when it was begun.

    For the worker; False when somebody was quicker.
    """
    practice = lock_practice(Practice(pk=practice_id))
    if not practice.mask_anew:
        return False
    practice.mask_anew = False
    before = {"title": practice.title, **practice.fields}
    shown = masked_until_settled(practice, before) if practice.follows_record else before
    if shown != before:
        _show(practice, shown)
    practice.save()
    if shown != before:
        index_practice(practice)
        forget_words(before.values())
    return True


def mirror_record(thread: Thread, texts: Mapping[str, str]) -> None:
    """Have the practice of a locked thread, if it follows the record, say what the record says now."""
    practice = _following(thread)
    if practice is not None:
        show_text(practice, {"title": thread.title, **texts})
        practice.product_id = thread.product_id
        practice.save()
        index_practice(practice)


def mirror_audience(thread: Thread) -> None:
    """Have the practice of a locked thread, if it follows the record, be seen by whom the thread is seen."""
    practice = _following(thread)
    if practice is not None:
        practice.audience = thread.audience
        practice.save(update_fields=["audience"])
        practice.audience_organizations.set(thread.audience_organizations.all())
        put_opened("practice", practice.pk)


def _following(thread: Thread) -> Practice | None:
    rows = Practice.objects.select_for_update(of=("self",), no_key=True).filter(thread=thread, follows_record=True)
    return rows.first()
