"""What filters ask of threads, practices, playbooks and members, as conditions.

Of things that the viewer may see these are; what they ask of anything else, they ask of what the viewer sees of it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial, reduce
from operator import and_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from community.models import Member, Organization, Space
from community.queries.members import members_visible_to
from community.queries.spaces import spaces_visible_to
from community.rules import clock
from threads.models import UNRESOLVED, Attachment, Playbook, Post, Practice, Product, Resolution, Run, Tag, Thread
from threads.models.records import WorkingRecord
from threads.queries.archive import current, practices_visible_to
from threads.queries.playbooks import playbooks_visible_to
from threads.queries.threads import threads_visible_to
from threads.rules import search_filters
from threads.rules.search_filters import Filter, moment_of

Filters = Collection[Filter]
_Asks = Mapping[str, Callable[[Member, Filter], Q]]

_NONE = Q(pk__in=[])
_CODE = "<pre"
_NAMING = frozenset({"product", "tag", "author", "org", "space"})
# What filters may ask of members; any other leaves them out.
OF_MEMBERS = frozenset({"org"})
_MEANT: Mapping[str, Any] = {"product": Product, "tag": Tag, "org": Organization, "space": Space}


def identified(filters: Filters) -> tuple[Filter, ...]:
    """The same filters with the ids of what they name: how much has a tag databases know by its id only."""
    return tuple(replace(each, ids=tuple(_meant(each))) if each.name in _MEANT else each for each in filters)


def of_threads(viewer: Member, filters: Filters) -> Q:
    """What the filters ask of threads, but for who wrote (see `of_posts`)."""
    return _all(_THREAD, viewer, [each for each in filters if each.name != "author"])


def of_posts(filters: Filters) -> Q:
    """What the filters ask of entries of posts: by whom they are."""
    asked = [each for each in filters if each.name == "author"]
    return reduce(and_, (_either(each, _written_by(each.value)) for each in asked), Q())


def by_authors(filters: Filters) -> Q:
    """The same of posts themselves."""
    asked = [each for each in filters if each.name == "author"]
    return reduce(and_, (_either(each, Q(author__handle=each.value)) for each in asked), Q())


def of_practices(viewer: Member, filters: Filters) -> Q:
    """What the filters ask of practices."""
    narrowed = _all(_PRACTICE, viewer, filters)
    return narrowed & _in_places(viewer) if _places(filters) else narrowed


def of_playbooks(viewer: Member, filters: Filters) -> Q:
    """What the filters ask of playbooks."""
    narrowed = _all(_PLAYBOOK, viewer, filters)
    return narrowed & _in_places(viewer) if _places(filters) else narrowed


def of_members(viewer: Member, filters: Filters) -> Q:
    """What the filters ask of members."""
    return _all({"org": _organization}, viewer, filters)


def filled(viewer: Member, wanted: Filter) -> bool:
    """Whether anything that the viewer may see fulfils a filter that names a thing; true of all others."""
    if wanted.excluded or wanted.name not in _NAMING:
        return True
    asked = (wanted,)
    threads, posts = threads_visible_to(viewer), Post.objects.filter(author__handle=wanted.value)
    if wanted.name == "author":
        seen = posts.filter(thread__in=threads.order_by().values("pk"), deleted_at__isnull=True).exists()
    else:
        seen = threads.filter(of_threads(viewer, asked)).exists()
    return (
        seen
        or current(practices_visible_to(viewer)).filter(of_practices(viewer, asked)).exists()
        or playbooks_visible_to(viewer).filter(of_playbooks(viewer, asked)).exists()
        or (wanted.name == "org" and members_visible_to(viewer).filter(of_members(viewer, asked)).exists())
    )


def _all(asks: _Asks, viewer: Member, filters: Filters) -> Q:
    return reduce(and_, (_either(each, _asked(asks, viewer, each)) for each in filters), Q())


def _asked(asks: _Asks, viewer: Member, wanted: Filter) -> Q:
    ask = asks.get(wanted.name)
    return ask(viewer, wanted) if ask else _NONE


def _either(wanted: Filter, condition: Q) -> Q:
    return ~condition if wanted.excluded else condition


def _places(filters: Filters) -> bool:
    return any(each.name == "space" for each in filters)


def _in_places(viewer: Member) -> Q:
    """A thing shown beyond its space names that only to those who may see it."""
    return Q(space__in=spaces_visible_to(viewer).values("pk"))


def _written_by(handle: str) -> Q:
    return Q(Exists(Post.objects.filter(pk=OuterRef("object_id"), author__handle=handle)))


def _named(name: str, _viewer: Member, wanted: Filter) -> Q:
    return Q(**{f"{name}__in": _ids(wanted)})


_product = partial(_named, "product")
_organization = partial(_named, "organization")
# The organization that a practice or playbook comes from is not always named: that of who made it is.
_recorder = partial(_named, "recorded_by__organization")
_maker = partial(_named, "made_by__organization")
_space = partial(_named, "space")


def _tag(tagged: "QuerySet[Any]", thing: str, _viewer: Member, wanted: Filter) -> Q:
    return Q(pk__in=tagged.filter(tag__in=_ids(wanted)).values(thing))


def _ids(wanted: Filter) -> Any:
    return _meant(wanted) if wanted.ids is None else wanted.ids


def _meant(wanted: Filter) -> "QuerySet[Any, Any]":
    """The ids of what a filter names: by slug, all but tags also by name."""
    named = Q(slug=wanted.value)
    if wanted.name != "tag":
        named |= Q(name__iexact=wanted.value)
    found: QuerySet[Any, Any] = _MEANT[wanted.name].objects.filter(named).order_by().values_list("pk", flat=True)
    return found


def _by(person: str, _viewer: Member, wanted: Filter) -> Q:
    return Q(**{f"{person}__handle": wanted.value.lower()})


def _time(field: str, comparison: str, _viewer: Member, wanted: Filter) -> Q:
    moment = moment_of(wanted.value, clock.now())
    return Q() if moment is None else Q(**{f"{field}__{comparison}": moment})


def _thread_status(_viewer: Member, wanted: Filter) -> Q:
    if wanted.value == search_filters.UNRESOLVED:
        return Q(status__in=UNRESOLVED)
    return Q(status=wanted.value)


def _confidence(_viewer: Member, wanted: Filter) -> Q:
    return Q(confidence=wanted.value)


def _thread_has(viewer: Member, wanted: Filter) -> Q:
    posts = Post.objects.filter(deleted_at__isnull=True)
    recorded = current(practices_visible_to(viewer))
    having: dict[str, QuerySet[Any]] = {
        "solution": Resolution.objects.filter(reopened_at__isnull=True),
        "practice": recorded,
        "playbook": Run.objects.all(),
        "record": WorkingRecord.objects.filter(version__gt=0),
        "file": Attachment.objects.filter(post__isnull=False, post__deleted_at__isnull=True),
        "code": posts.filter(html__contains=_CODE),
    }
    return Q(Exists(having[wanted.value].order_by().filter(thread=OuterRef("pk"))))


def _practice_has(_viewer: Member, wanted: Filter) -> Q:
    if wanted.value == "file":
        return Q(Exists(Practice.files.through.objects.filter(practice=OuterRef("pk"))))
    if wanted.value == "code":
        return Q(problem_html__contains=_CODE) | Q(cause_html__contains=_CODE) | Q(resolution_html__contains=_CODE)
    return ~Q(resolution="") if wanted.value == "solution" else _NONE


_THREAD: _Asks = {
    "product": _product,
    "tag": partial(_tag, Thread.tags.through.objects.all(), "thread_id"),
    "status": _thread_status,
    "asker": partial(_by, "author"),
    "org": _organization,
    "space": _space,
    "before": partial(_time, "created_at", "lt"),
    "after": partial(_time, "created_at", "gte"),
    "has": _thread_has,
}
_PRACTICE: _Asks = {
    "product": _product,
    "tag": partial(_tag, Practice.tags.through.objects.all(), "practice_id"),
    "status": _confidence,
    "author": partial(_by, "recorded_by"),
    "org": _recorder,
    "space": _space,
    "before": partial(_time, "recorded_at", "lt"),
    "after": partial(_time, "recorded_at", "gte"),
    "has": _practice_has,
}
_PLAYBOOK: _Asks = {
    "product": _product,
    "tag": partial(_tag, Playbook.tags.through.objects.all(), "playbook_id"),
    "author": partial(_by, "made_by"),
    "org": _maker,
    "space": _space,
    "before": partial(_time, "made_at", "lt"),
    "after": partial(_time, "made_at", "gte"),
}
