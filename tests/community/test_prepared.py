"""A prepared query answers as its queryset does, for every viewer and any values."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db.models import Exists, F, QuerySet

from community.models import Grant, Member, Space
from community.queries.prepared import Prepared, asked, held
from community.queries.spaces import spaces_visible_to
from tests.cast import Cast
from threads.actions.threads import open_thread
from threads.models import Thread
from threads.queries.threads import threads_visible_to

pytestmark = pytest.mark.both_databases

Counted = Callable[[int], AbstractContextManager[object]]


def named(viewer: Member, ids: list[int], audience: str) -> "QuerySet[Thread]":
    """Threads the viewer sees among some, with their space, and whether the viewer has a role there."""
    granted = Grant.objects.filter(member=viewer, space=F("space_id"))
    found = threads_visible_to(viewer).filter(pk__in=ids, audience=audience).select_related("space", "center")
    return found.only("title", "space__name", "center__name").annotate(has_role=Exists(granted)).order_by("pk")


threads_named = Prepared(named)
spaces_of = Prepared(lambda viewer: spaces_visible_to(viewer).order_by("slug").values_list("slug", "created_at"))


def test_everybody_gets_what_the_queryset_gives_them(cast: Cast) -> None:
    for _again in range(2):
        for member in cast.people.values():
            expected = list(spaces_visible_to(member).order_by("slug").values_list("slug", "created_at"))
            assert spaces_of(member).things() == expected, member


def test_who_changes_sides_gets_what_is_theirs_now(cast: Cast) -> None:
    """The values are the viewer's of this moment, not those that the query was made with."""
    assert "workshop" in dict(spaces_of(cast.ada).things())
    cast.ada.organization, cast.ada.center = cast.organizations["corax"], None
    cast.ada.save()
    assert dict(spaces_of(cast.ada).things()).keys() == {"backroom", "lobby"}
    cast.ada.is_active = False
    assert spaces_of(cast.ada).things() == []


@pytest.mark.parametrize("audience", ["space", "organization", "center"])
def test_models_come_with_what_was_selected(cast: Cast, django_assert_num_queries: Counted, audience: str) -> None:
    lobby = cast.spaces["lobby"]
    pks = [open_thread(by=cast.ada, space=lobby, title="T", body="x", audience=audience).pk for _turn in range(5)]
    for count in range(1, 6):
        for member in (cast.ada, cast.zoe, cast.mo, cast.nia):
            expected = list(named(member, pks[:count], audience))
            with django_assert_num_queries(1):
                found: list[Any] = threads_named(member, ids=pks[:count], audience=audience).things()
                shown = [(row.pk, row.title, row.space.name, row.center and row.center.name) for row in found]
            assert found == expected
            assert shown == [(row.pk, row.title, row.space.name, row.center and row.center.name) for row in expected]
            assert [bool(row.has_role) for row in found] == [row.has_role for row in expected]  # type: ignore[attr-defined]


def test_nothing_is_asked_for_an_empty_list(cast: Cast, django_assert_num_queries: Counted) -> None:
    with django_assert_num_queries(0):
        answer = threads_named(cast.ada, ids=[], audience="space")
    assert (answer.things(), answer.first(), answer.key, answer.column("id")) == ([], None, (), [])


def test_a_key_is_all_that_was_read_but_what_was_set_apart(cast: Cast) -> None:
    lobby = cast.spaces["lobby"]
    by_slug = Prepared(lambda slug: Space.objects.filter(slug=slug), apart=("description",))
    before = by_slug(slug="lobby").key
    Space.objects.filter(pk=lobby.pk).update(description="Another")
    assert by_slug(slug="lobby").key == before
    Space.objects.filter(pk=lobby.pk).update(name="Another")
    assert by_slug(slug="lobby").key != before


def test_values_are_values_and_never_sql(cast: Cast) -> None:
    by_slug = Prepared(lambda slug: Space.objects.filter(slug=slug))
    for hostile in ("' OR ''='", "%s", "stand-in-for-slug", "%", "\\"):
        assert by_slug(slug=hostile).things() == []
    assert [space.slug for space in by_slug(slug="lobby").things()] == ["lobby"]


def test_a_query_of_any_shape_can_be_asked_once(cast: Cast) -> None:
    answer = asked(Space.objects.filter(name__icontains="o").order_by("slug"))
    assert [space.slug for space in answer.things()] == ["backroom", "lobby", "workshop"]
    assert answer.column("slug") == ["backroom", "lobby", "workshop"]
    assert answer[1].slug == "lobby"
    assert len(answer.cut(2)) == 2
    assert asked(Space.objects.none()).things() == []


def test_a_relation_is_held_as_if_prefetched(cast: Cast, django_assert_num_queries: Counted) -> None:
    lobby = cast.spaces["lobby"]
    held(lobby, "organizations", [cast.organizations["acme"]])
    with django_assert_num_queries(0):
        assert [organization.name for organization in lobby.organizations.all()] == ["Acme"]


@pytest.mark.parametrize("form", ["a part of a text", "a number of rows", "among others"])
def test_a_value_must_stand_in_the_query_as_it_is(cast: Cast, form: str) -> None:
    """Otherwise everybody would be answered as the first who asked."""

    def build(word: str, number: int) -> "QuerySet[Space]":
        if form == "a part of a text":
            return Space.objects.filter(slug__contains=word)
        if form == "a number of rows":
            return Space.objects.all()[:number]
        return Space.objects.filter(slug__in=[f"{word}-{number}"])

    with pytest.raises(LookupError, match="does not stand in the query as it is"):
        Prepared(build)(word="lob", number=3)


def test_a_value_need_not_be_asked_for(cast: Cast) -> None:
    spaces = Prepared(lambda slug, **_others: Space.objects.filter(slug=slug))
    assert [space.slug for space in spaces(slug="lobby", other=7).things()] == ["lobby"]


def test_what_the_query_itself_says_stands_in_its_text(cast: Cast) -> None:
    """So that only values are given each time; words of the query's own that are not plain are left to the driver."""

    def build(slug: str) -> "QuerySet[Space]":
        return Space.objects.filter(slug=slug, pk__gt=-1).exclude(name="it's 100% \\'").exclude(name="x%")

    spaces = Prepared(build)
    for slug in ("lobby", "none"):
        assert spaces(slug=slug).things() == list(build(slug))
    (plan,) = spaces._plans.values()
    assert plan is not None
    assert "> (-1)" in plan.sql
    assert sorted(map(str, plan.params)) == ["it's 100% \\'", "stand-in-for-slug", "x%"]
