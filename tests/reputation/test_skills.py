"""What people say that they know, and certificates: who confirms them, and that search finds people by both."""

from datetime import date, timedelta
from typing import Any

import pytest

from community.actions.members import suspend
from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.models import Member
from community.rules import clock
from reputation.actions.skills import add_certificate, confirm_certificate, declare_skills, remove_certificate
from reputation.models import Certificate, Skill
from reputation.queries.skills import certificates_in, skills_in, skills_of
from reputation.rules.skills import Declared
from tests.cast import Cast
from threads.queries.search import search

pytestmark = pytest.mark.both_databases
LONG_AGO = date(2020, 1, 1)


def _certificate(by: Member, **what: Any) -> Certificate:
    given: dict[str, Any] = {"name": "Mail master", "issuer": "Postal Guild", "scope": "tag:smtp"}
    return add_certificate(by=by, **{**given, "issued_on": LONG_AGO, **what})


def _found(viewer: Member, words: str) -> set[str]:
    return {hit.subject.handle for hit in search(viewer, words).hits if isinstance(hit.subject, Member)}


def test_what_is_declared_is_the_whole_list(cast: Cast) -> None:
    declare_skills(by=cast.ben, skills=[Declared("tag:dns", 3), Declared("product:mail-gateway", 1, True)])
    before = Skill.objects.get(member=cast.ben, scope="tag:dns").at
    declare_skills(by=cast.ben, skills=[Declared("tag:dns", 3), Declared("tag:smtp", 2)])
    assert [(row.scope, row.level) for row in skills_of(cast.ben)] == [("tag:dns", 3), ("tag:smtp", 2)]
    assert Skill.objects.get(member=cast.ben, scope="tag:dns").at == before
    declare_skills(by=cast.ben, skills=[])
    assert skills_of(cast.ben) == []


@pytest.mark.parametrize(
    "skills",
    [
        [Declared("tag:dns", 0)],
        [Declared("tag:dns", 4)],
        [Declared("dns", 1)],
        [Declared("tag:DNS", 1)],
        [Declared("tag:" + "a" * 90, 1)],
        [Declared("tag:dns", 1), Declared("tag:dns", 2)],
        [Declared(f"tag:t{number}", 1) for number in range(41)],
    ],
)
def test_what_cannot_be_declared(cast: Cast, skills: list[Declared]) -> None:
    with pytest.raises(Invalid):
        declare_skills(by=cast.ben, skills=skills)
    assert not Skill.objects.exists()


def test_the_best_come_first_and_who_left_not_at_all(cast: Cast) -> None:
    for who, level in (("ada", 1), ("ben", 3), ("zoe", 2), ("sam", 3)):
        declare_skills(by=cast.people[who], skills=[Declared("tag:dns", level)])
    assert [row.member for row in skills_in(["tag:dns"])] == [cast.ben.pk, cast.zoe.pk, cast.ada.pk]
    suspend(by=cast.olga, member=cast.ben)
    assert [row.level for row in skills_in(["tag:dns", "tag:none"])] == [2, 1]
    assert skills_in([]) == []


def test_administrators_of_the_holder_confirm_once(cast: Cast) -> None:
    certificate = _certificate(cast.ben)
    for who in (cast.ben, cast.ada, cast.cleo, cast.mo):
        with pytest.raises(Forbidden):
            confirm_certificate(by=who, certificate=certificate)
    assert not certificates_in(["tag:smtp"])[0].confirmed
    confirm_certificate(by=cast.olga, certificate=certificate)
    assert certificates_in(["tag:smtp"])[0].confirmed_by == "Acme"
    with pytest.raises(Conflict):
        confirm_certificate(by=cast.nia, certificate=certificate)
    own = _certificate(cast.olga)
    with pytest.raises(Forbidden):
        confirm_certificate(by=cast.olga, certificate=own)


def test_only_the_holder_removes(cast: Cast) -> None:
    certificate = _certificate(cast.ben)
    with pytest.raises(Forbidden):
        remove_certificate(by=cast.olga, certificate=certificate)
    remove_certificate(by=cast.ben, certificate=certificate)
    with pytest.raises(NotThere):
        confirm_certificate(by=cast.olga, certificate=certificate)


def test_only_certificates_in_force_count(cast: Cast) -> None:
    today = clock.now().date()
    _certificate(cast.ben, name="old", expires_on=today - timedelta(days=1))
    _certificate(cast.ben, name="last day", expires_on=today)
    _certificate(cast.sam, name="of somebody who left")
    assert [row.name for row in certificates_in(["tag:smtp"])] == ["last day"]


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"scope": "smtp"}, "scope"),
        ({"name": " "}, "name"),
        ({"issuer": "x" * 121}, "issuer"),
        ({"expires_on": date(2019, 1, 1)}, "expires_on"),
        ({"issued_on": date(2199, 1, 1)}, "issued_on"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "ftp://example.org/x"}, "url"),
    ],
)
def test_what_is_no_certificate(cast: Cast, what: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        _certificate(cast.ben, **what)
    assert field in refused.value.fields


def test_people_are_found_by_what_they_declare(cast: Cast) -> None:
    assert _found(cast.ada, "quorums") == set()
    declare_skills(by=cast.ben, skills=[Declared("tag:quorums", 2), Declared("tag:kerning", 1)])
    _certificate(cast.zoe, name="Certified kerberist")
    assert _found(cast.ada, "quorums") == {"ben"}
    assert _found(cast.ada, "kerning") == set()
    assert _found(cast.ada, "kerberist") == {"zoe"}
    declare_skills(by=cast.ben, skills=[])
    assert _found(cast.ada, "quorums") == set()
