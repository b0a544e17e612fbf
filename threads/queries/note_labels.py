"""How the inbox names notes that were answered: to each side no more than they know."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from community.events.reactors import Label
from community.models import Member
from reputation.models import NoteAnswer
from threads.queries.evaluating import reviews_visible_to


def describe_note_answers(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """To the writer that it is theirs, to the reader that it is about them, to moderators the review."""
    url = reverse("evaluations")
    found = {}
    for row in reviews_visible_to(viewer).filter(pk__in=ids):
        title = _("A note about %(name)s") % {"name": row.evaluation.rated.name}
        found[row.pk] = Label(title, reverse("note-review", args=[row.pk]))
    for row in _own(viewer).filter(pk__in=ids).select_related("evaluation__rated"):
        if row.evaluation.rater_id == viewer.pk:
            title = _("Your note to %(name)s") % {"name": row.evaluation.rated.name}
            found[row.pk] = Label(title, f"{url}#given")
        else:
            found[row.pk] = Label(_("A note about your part"), f"{url}#notes")
    return found


def seen_note_answers(viewer: Member, ids: list[int]) -> set[int]:
    """Those that the viewer wrote, has, or may decide about."""
    own = set(_own(viewer).filter(pk__in=ids).values_list("pk", flat=True))
    return own | set(reviews_visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))


def _own(viewer: Member) -> QuerySet[NoteAnswer]:
    standing = NoteAnswer.objects.filter(evaluation__withdrawn_at__isnull=True)
    return standing.filter(Q(evaluation__rater=viewer) | Q(evaluation__rated=viewer))
