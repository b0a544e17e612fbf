"""Organizations say what they work by: once each, as far as they let it be known, and of a version."""

import re
from typing import Any

import pytest

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.models import Member
from community.rules import clock
from tests.cast import Cast
from tests.pages.stories import signed_in
from tests.threads.practicing import fresh, recorded
from threads.actions.adoption import adopt, end_adoption
from threads.actions.merging import merge_practices
from threads.actions.practice_audience import change_audience
from threads.actions.practices import edit_practice
from threads.actions.standard import Exposed
from threads.models import Adoption, Practice
from threads.queries.adoption import adoptions_of, decided_for, outdated_for
from threads.queries.practice_audience import reach_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def olga(cast: Cast) -> Member:
    """Who administers Acme."""
    return cast.olga


def known(viewer: Member, practice: Practice) -> list[tuple[str, str, str]]:
    found = adoptions_of(viewer, practice)
    rows = ([found.own] if found.own else []) + found.others
    return [(row.organization.slug, row.state, row.variant) for row in rows]


def test_an_organization_says_one_thing_at_a_time_and_what_it_said_is_kept(cast: Cast, olga: Member) -> None:
    practice = recorded(cast)
    first = adopt(by=olga, practice=practice, state="adopted")
    assert adopt(by=olga, practice=practice, state="adopted") == first
    adopt(by=olga, practice=practice, state="not_applicable", reason="We have no gateway.")
    adopt(by=olga, practice=practice, state="adapted", variant="Flush *twice*.")
    assert list(Adoption.objects.order_by("pk").values_list("state", flat=True)) == [
        "adopted", "not_applicable", "adapted",
    ]  # fmt: skip
    assert "<em>twice</em>" in Adoption.objects.get(until=None).variant_html
    for _time in range(2):
        end_adoption(by=olga, practice=practice)
    assert known(cast.ada, practice) == []


def test_what_was_shared_with_some_is_not_told_to_more(cast: Cast, olga: Member) -> None:
    practice = recorded(cast)
    adopt(by=olga, practice=practice, state="adapted", variant="Flush *twice*.", shares="variant")
    assert known(cast.zoe, practice) == [("acme", "adapted", "Flush *twice*.")]
    preview = reach_of(fresh(practice), "network", []).digest
    change_audience(
        by=cast.cleo, practice=practice, audience="network", organizations=[], preview=preview, reason="For all."
    )
    assert (known(cast.zoe, practice), len(known(cast.ada, practice))) == ([], 1)
    adopt(by=olga, practice=practice, state="adapted", variant="Flush *twice*.", shares="state")
    assert known(cast.zoe, practice) == [("acme", "adapted", "")]


def test_only_who_decides_for_it_decides(cast: Cast, olga: Member) -> None:
    practice = recorded(cast)
    for name in ("ada", "ben", "zoe", "finn", "mo"):
        with pytest.raises(Forbidden):
            adopt(by=cast.people[name], practice=practice, state="adopted")
    assert adopt(by=cast.cleo, practice=practice, state="adopted").organization.slug == "brightline"
    hidden = recorded(cast, space="alliance", audience="organization")
    with pytest.raises(NotThere):
        adopt(by=cast.cleo, practice=hidden, state="adopted")
    assert adopt(by=olga, practice=hidden, state="adopted").organization.slug == "acme"


def test_what_is_lacking_is_said(cast: Cast, olga: Member) -> None:
    practice = recorded(cast)
    for wrong in (
        {"state": "x"},
        {"state": "adapted"},
        {"state": "not_applicable"},
        {"state": "adopted", "shares": "x"},
    ):
        with pytest.raises(Invalid):
            adopt(by=olga, practice=practice, **wrong)
    with pytest.raises(Exposed):
        adopt(by=olga, practice=practice, state="adapted", variant="Write to ann@abc.com", shares="variant")
    adopt(by=olga, practice=practice, state="adapted", variant="Write to ann@abc.com", shares="state")
    Practice.objects.filter(pk=practice.pk).update(confidence=Practice.Confidence.ARCHIVED)
    with pytest.raises(Conflict):
        adopt(by=olga, practice=practice, state="adopted")


@pytest.mark.parametrize(
    ("state", "link_without", "link_with"),
    [
        ({}, "Decide for your organization", "Decide again"),
        ({"warned_at": clock.now()}, "Decide for your organization", "Decide again"),
        ({"confidence": "work_in_progress"}, "", "Take it back"),
        ({"confidence": "archived"}, "", "Take it back"),
    ],
)  # fmt: skip
def test_the_page_offers_what_can_be_done(
    cast: Cast, olga: Member, state: dict[str, Any], link_without: str, link_with: str
) -> None:
    practice, client = recorded(cast), signed_in(olga)
    at = f"/practices/{practice.pk}/adoption/"
    takes = "confidence" not in state

    def offered() -> str:
        page = client.get(f"/practices/{practice.pk}/").content.decode()
        found = re.search(rf'href="{at}">([^<]+)<', page)
        return found[1] if found else ""

    for said, link in ((False, link_without), (True, link_with)):
        if said:
            adopt(by=olga, practice=practice, state="adopted")
        Practice.objects.filter(pk=practice.pk).update(**state)
        assert offered() == link
        page = client.get(at).content.decode()
        assert ('name="variant"' in page, 'value="end"' in page) == (takes, said)
        answer = client.post(at, {"state": "adapted", "variant": "Flush twice.", "shares": "state"})
        assert (answer.status_code == 302) == takes
        Adoption.objects.all().delete()
        Practice.objects.filter(pk=practice.pk).update(confidence="not_validated", warned_at=None)
    adopt(by=olga, practice=practice, state="adopted")
    Practice.objects.filter(pk=practice.pk).update(**state)
    assert client.post(at, {"act": "end"}).status_code == 302
    assert known(olga, practice) == []


def test_others_know_what_is_shared(cast: Cast, olga: Member) -> None:
    practice = recorded(cast)
    own = [("acme", "adapted", "Flush twice.")]
    for shares, others in {
        "nothing": [], "state": [("acme", "adapted", "")], "variant": own,
    }.items():  # fmt: skip
        adopt(by=olga, practice=practice, state="adapted", variant="Flush twice.", reason="Ours.", shares=shares)
        assert known(cast.ada, practice) == own
        assert known(cast.zoe, practice) == others
        assert [row.reason for row in adoptions_of(cast.zoe, practice).others] == [""] * len(others)
        assert adoptions_of(cast.zoe, practice).own is None
    hidden = recorded(cast, space="alliance", audience="organization")
    adopt(by=olga, practice=hidden, state="adopted", shares="variant")
    assert known(cast.zoe, hidden) == []
    assert [row.practice for row in decided_for(cast.zoe)[0]] == []
    assert [row.practice for row in decided_for(cast.ada)[0]] == [hidden, practice]


def test_what_changed_since_is_to_be_decided_again(cast: Cast, olga: Member) -> None:
    practice = recorded(cast)
    adopt(by=olga, practice=practice, state="adopted")
    assert outdated_for(cast.ada) == []
    edit_practice(by=cast.cleo, practice=practice, fields={"cause": "It had died."}, reason="Clearer.", version=1)
    assert [row.practice for row in outdated_for(cast.ada)] == [practice]
    assert outdated_for(cast.zoe) == []
    adopt(by=olga, practice=practice, state="adopted")
    assert outdated_for(cast.ada) == []


def test_what_is_merged_takes_along_who_works_by_it(cast: Cast, olga: Member) -> None:
    source, target = recorded(cast, title="Mail goes round in circles"), recorded(cast)
    adopt(by=olga, practice=source, state="adapted", variant="Flush twice.", shares="variant")
    adopt(by=cast.cleo, practice=source, state="adopted")
    adopt(by=cast.cleo, practice=target, state="not_applicable", reason="No gateway.")
    merge_practices(by=cast.cleo, source=source, target=target, reason="The same.", version=1)
    assert known(cast.finn, target) == [("acme", "adapted", "Flush twice."), ("brightline", "not_applicable", "")]
    assert known(cast.finn, source) == []
