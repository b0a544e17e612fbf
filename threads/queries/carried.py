"""Rows of lists with the tags and organizations they carry, and a key of all that they show."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from community.models import Organization
from community.queries.prepared import Answer, Prepared, held
from threads.models import Playbook, Practice, Tag, Thread
from threads.models.audience import Audience

T = TypeVar("T", Thread, Practice, Playbook)
_Names = dict[int, tuple[Any, ...]]


@dataclass(frozen=True)
class Row(Generic[T]):
    """A thread, practice or playbook in a list. `facts` are all that was read of it."""

    pk: int
    facts: Hashable
    _answer: Answer[T]
    _place: int
    _tags: tuple[tuple[str], ...]
    _organizations: tuple[tuple[str, str], ...]

    def thing(self) -> T:
        """The thing itself, with what was read."""
        thing = self._answer[self._place]
        held(thing, "tags", [Tag(slug=slug) for (slug,) in self._tags])
        organizations = [Organization(slug=slug, name=name) for slug, name in self._organizations]
        held(thing, "audience_organizations", organizations)
        return thing


def carrying(model: type[T]) -> Callable[..., Iterator[list[Row[T]]]]:
    """What makes rows of several answers at once, in at most two more queries for all of them."""
    noun = model._meta.model_name
    tags_through: Any = model.tags.through
    organizations_through: Any = model.audience_organizations.through

    def tags(ids: list[int]) -> "QuerySet[Any, Any]":
        tagged: QuerySet[Any] = tags_through.objects.filter(**{f"{noun}__in": ids})
        return tagged.order_by("tag__slug").values_list(f"{noun}_id", "tag__slug")

    def organizations(ids: list[int]) -> "QuerySet[Any, Any]":
        named: QuerySet[Any] = organizations_through.objects.filter(**{f"{noun}__in": ids})
        shown = (f"{noun}_id", "organization__slug", "organization__name")
        return named.order_by("organization__name").values_list(*shown)

    tags_of: Prepared[Any] = Prepared(tags)
    organizations_of: Prepared[Any] = Prepared(organizations)

    def rows_of(*answers: Answer[T]) -> Iterator[list[Row[T]]]:
        everything = sorted({pk for answer in answers for pk in answer.column("id")})
        tagged = _grouped(tags_of(ids=everything))
        named = _grouped(organizations_of(ids=_for_organizations(answers)))
        for answer in answers:
            yield [_row(answer, place, pk, tagged, named) for place, pk in enumerate(answer.column("id"))]

    return rows_of


def _row(answer: Answer[T], place: int, pk: int, tagged: _Names, named: _Names) -> Row[T]:
    tags, organizations = tagged.get(pk, ()), named.get(pk, ())
    return Row(pk, (answer.rows[place], tags, organizations), answer, place, tags, organizations)


def _for_organizations(answers: tuple[Answer[Any], ...]) -> list[int]:
    """The ids of those that are for named organizations."""
    ids: set[int] = set()
    for answer in answers:
        audiences = zip(answer.column("id"), answer.column("audience"), strict=True)
        ids |= {pk for pk, audience in audiences if audience == Audience.ORGANIZATIONS}
    return sorted(ids)


def _grouped(answer: Answer[Any]) -> _Names:
    grouped: _Names = {}
    for pk, *names in answer.rows:
        grouped[pk] = (*grouped.get(pk, ()), tuple(names))
    return grouped
