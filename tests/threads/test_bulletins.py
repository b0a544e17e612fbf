"""Bulletins: who sends them to whom, who is asked to have read them, and who sees how far that is."""

from datetime import timedelta
from typing import Any

import pytest

from community.errors import Forbidden, Invalid, NotThere, TooMuch
from community.events.reactors import those_who_see
from community.models import Assignment, Grant, InboxItem, Member, WorkRole
from community.rules import clock
from tests.cast import Cast
from tests.pages.stories import signed_in
from tests.threads.playing import mo_writes
from tests.threads.practicing import recorded
from threads.actions import bulletins
from threads.actions.bulletins import acknowledge, end_bulletin, remind_all, send_bulletin
from threads.models import Bulletin, Receipt
from threads.policies.bulletins import may_see
from threads.queries.bulletins import asked_by, awaiting, bulletins_visible_to, missing_from, progress
from threads.rules.limits import MOST_BULLETINS_A_DAY

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ALLIANCE = {"ada", "ben", "olga", "cleo", "zoe", "mo", "nia"}


def sent(
    cast: Cast, by: str = "olga", audience: str = "organization", space: str = "alliance", **more: Any
) -> Bulletin:
    given = {"title": "Quuxes end on Friday", "text": "Read *this*."} | more
    return send_bulletin(by=cast.people[by], space=cast.spaces[space], audience=audience, **given)


def seeing(cast: Cast, bulletin: Bulletin) -> set[str]:
    """Who sees it, by each of its faces."""
    by_rule = {name for name, who in cast.people.items() if may_see(who, bulletin)}
    by_query = {name for name, who in cast.people.items() if bulletins_visible_to(who).filter(pk=bulletin.pk).exists()}
    told = those_who_see(f"bulletin:{bulletin.pk}", [who.pk for who in cast.people.values()])
    if bulletin.ended_at is None:
        assert by_rule == {name for name, who in cast.people.items() if who.pk in told}
    assert by_rule == by_query
    return by_rule


def told() -> set[str]:
    return set(InboxItem.objects.filter(kind="bulletin").values_list("member__handle", flat=True))


def test_it_reaches_its_audience_and_nobody_else(cast: Cast) -> None:
    assert seeing(cast, sent(cast)) == {"ada", "ben", "olga", "nia"}
    assert told() == {"ada", "ben"}
    assert seeing(cast, sent(cast, audience="center")) == {"ada", "olga", "nia"}
    assert seeing(cast, sent(cast, "cleo", "space")) == ALLIANCE
    named = [cast.organizations["acme"]]
    assert seeing(cast, sent(cast, "cleo", "organizations", organizations=named)) == ALLIANCE - {"mo"}
    assert seeing(cast, sent(cast, "cleo", "space", "lobby")) == ALLIANCE | {"finn"}


def test_who_has_the_role_is_told_and_the_others_may_read(cast: Cast) -> None:
    role = WorkRole.objects.create(name="On call")
    today = clock.now().date()
    Assignment.objects.create(member=cast.ben, role=role, starts_on=today)
    Assignment.objects.create(member=cast.ada, role=role, starts_on=today + timedelta(days=1))
    Assignment.objects.create(member=cast.zoe, role=role, starts_on=today)
    assert seeing(cast, sent(cast, role=role)) == {"ada", "ben", "olga", "nia"}
    assert told() == {"ben"}


def test_what_is_to_be_read_stands_on_the_home_page_until_it_is_read(cast: Cast) -> None:
    until = clock.now() + timedelta(days=3)
    role = WorkRole.objects.create(name="On call")
    Assignment.objects.create(member=cast.ben, role=role, starts_on=clock.now().date())
    named = [cast.organizations["acme"]]
    bulletins = [
        sent(cast, acknowledge_until=until),
        sent(cast, "cleo", "organizations", organizations=named, acknowledge_until=until + timedelta(hours=1)),
        sent(cast, role=role, acknowledge_until=until + timedelta(hours=2)),
        sent(cast, "cleo", "space", acknowledge_until=until + timedelta(hours=3)),
    ]
    for name, who in cast.people.items():
        asked = [each.pk for each in bulletins if asked_by(each, clock.now().date()).filter(pk=who.pk).exists()]
        assert [row[0] for row in awaiting(who).things()] == asked[:3], name
    sent(cast, title="Nothing to say")
    page = signed_in(cast.ada).get("/").content.decode()
    assert page.count(f'href="/bulletins/{bulletins[0].pk}/"') == 1
    assert "Nothing to say" not in page
    acknowledge(by=cast.ada, bulletin=bulletins[0])
    end_bulletin(by=cast.cleo, bulletin=bulletins[3])
    assert [row[0] for row in awaiting(cast.ada).things()] == [bulletins[1].pk]


def test_who_has_not_read_it_is_reminded_once(cast: Cast) -> None:
    now = clock.now()
    bulletin = sent(cast, acknowledge_until=now + timedelta(days=10))
    sent(cast, title="Short", acknowledge_until=now + timedelta(days=1))
    end_bulletin(by=cast.olga, bulletin=sent(cast, acknowledge_until=now + timedelta(hours=2)))
    acknowledge(by=cast.ada, bulletin=bulletin)
    assert remind_all() == 0
    with clock.at(now + timedelta(hours=13)):
        assert remind_all() == 1
    with clock.at(now + timedelta(days=9, hours=1)):
        assert [remind_all() for _time in range(2)] == [1, 0]
    reminded = InboxItem.objects.filter(kind="bulletin-due").order_by("subject", "member__handle")
    assert list(reminded.filter(subject=f"bulletin:{bulletin.pk}").values_list("member__handle", flat=True)) == ["ben"]
    assert reminded.exclude(subject=f"bulletin:{bulletin.pk}").count() == 2


def test_a_reminder_that_cannot_be_given_stops_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    poisoned, sound = (sent(cast, acknowledge_until=now + timedelta(hours=hours)) for hours in (2, 3))

    def choke(bulletin: Bulletin, *about: Any) -> Any:
        if bulletin == poisoned:
            raise RuntimeError
        return missing_from(bulletin, *about)

    monkeypatch.setattr(bulletins, "missing_from", choke)
    with clock.at(now + timedelta(hours=1, minutes=40)):
        assert (remind_all(), remind_all()) == (1, 0)
    monkeypatch.undo()
    with clock.at(now + timedelta(hours=1, minutes=41)):
        assert remind_all() == 1
    reminded = InboxItem.objects.filter(kind="bulletin-due").values_list("subject", flat=True).distinct()
    assert set(reminded) == {f"bulletin:{poisoned.pk}", f"bulletin:{sound.pk}"}


def test_only_who_may_sends_and_only_what_can_be_read(cast: Cast) -> None:
    for by, audience in (("ada", "organization"), ("olga", "space"), ("olga", "organizations"), ("zoe", "space")):
        with pytest.raises(Forbidden):
            sent(cast, by, audience, organizations=[cast.organizations["acme"]])
    with pytest.raises(Forbidden):
        sent(cast, "olga", space="backroom")
    now = clock.now()
    for wrong in (
        {"title": " "}, {"text": ""}, {"audience": "network"}, {"audience": "organizations"},
        {"acknowledge_until": now}, {"acknowledge_until": now + timedelta(days=91)},
        {"audience": "organizations", "organizations": [cast.organizations["corax"]]},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            sent(cast, "cleo", **wrong)
    for _time in range(MOST_BULLETINS_A_DAY):
        sent(cast)
    with pytest.raises(TooMuch):
        sent(cast)


def test_read_is_said_once_late_too_and_counted_for_who_may_know(cast: Cast) -> None:
    now = clock.now()
    bulletin = sent(cast, "cleo", "space", acknowledge_until=now + timedelta(hours=2))
    acknowledge(by=cast.ada, bulletin=bulletin)
    with clock.at(now + timedelta(hours=3)):
        for _time in range(2):
            acknowledge(by=cast.zoe, bulletin=bulletin)
    with pytest.raises(NotThere):
        acknowledge(by=cast.finn, bulletin=bulletin)
    assert list(Receipt.objects.order_by("pk").values_list("member__handle", flat=True)) == ["ada", "zoe"]

    def known(name: str) -> list[tuple[str, int, int, list[str]]]:
        rows = progress(cast.people[name], bulletin, now.date())
        return [(row.organization, row.asked, row.read, [who.handle for who in row.missing]) for row in rows]

    assert known("olga") == [("Acme", 3, 1, ["ben", "olga"])]
    assert known("cleo") == [("Acme", 3, 1, []), ("Brightline", 1, 1, []), ("Network office", 2, 0, [])]
    for name in ("ada", "ben", "zoe", "mo"):
        assert known(name) == []


def test_who_joined_when_it_was_over_is_not_asked(cast: Cast) -> None:
    now = clock.now()
    role = WorkRole.objects.create(name="On call")
    for name, days in (("ada", 0), ("ben", 3)):
        Assignment.objects.create(member=cast.people[name], role=role, starts_on=now.date() + timedelta(days=days))
    bulletin = sent(cast, acknowledge_until=now + timedelta(days=2))
    for_role = sent(cast, role=role, acknowledge_until=now + timedelta(days=2))

    def asked(name: str, each: Bulletin) -> tuple[bool, bool]:
        member = Member.objects.get(handle=name)
        by_query = asked_by(each, clock.now().date()).filter(pk=member.pk).exists()
        return by_query, each.pk in [row[0] for row in awaiting(member).things()]

    for days, is_asked in ((1, True), (4, False)):
        Member.objects.filter(handle="ben").update(joined_at=now + timedelta(days=days))
        with clock.at(now + timedelta(days=5)):
            assert asked("ben", bulletin) == (is_asked, is_asked), days
    with clock.at(now + timedelta(days=5)):
        assert [(row.asked, row.read) for row in progress(cast.olga, bulletin, clock.now().date())] == [(1, 0)]
        assert not asked_by(for_role, clock.now().date()).filter(handle="ben").exists(), "the role came too late"
        assert asked_by(for_role, clock.now().date()).filter(handle="ada").exists()


def test_who_administers_the_organization_it_is_for_takes_it_back(cast: Cast) -> None:
    Grant.objects.create(member=cast.ada, role=Grant.Role.ORGANIZATION_ADMIN, organization=cast.organizations["acme"])
    ada = Member.objects.get(pk=cast.ada.pk)
    left = sent(cast)
    Member.objects.filter(pk=cast.olga.pk).update(organization=cast.organizations["brightline"], center=None)
    for who, refusal in ((cast.ben, Forbidden), (cast.zoe, NotThere), (Member.objects.get(pk=cast.olga.pk), NotThere)):
        with pytest.raises(refusal):
            end_bulletin(by=who, bulletin=left)
    assert "Take it back" in signed_in(ada).get(f"/bulletins/{left.pk}/").content.decode()
    assert signed_in(ada).post(f"/bulletins/{left.pk}/end/").status_code == 302
    left.refresh_from_db()
    assert left.ended_by == ada
    for_all = sent(cast, "cleo", "space")
    with pytest.raises(Forbidden):
        end_bulletin(by=ada, bulletin=for_all)


def test_what_was_taken_back_is_not_there(cast: Cast) -> None:
    bulletin = sent(cast)
    with pytest.raises(Forbidden):
        end_bulletin(by=cast.ada, bulletin=bulletin)
    with pytest.raises(NotThere):
        end_bulletin(by=cast.zoe, bulletin=bulletin)
    for _time in range(2):
        bulletin = end_bulletin(by=cast.olga, bulletin=bulletin)
    assert seeing(cast, bulletin) == {"olga"}
    for name in ("ada", "zoe"):
        client = signed_in(cast.people[name])
        for address in (f"/bulletins/{bulletin.pk}/", "/bulletins/", "/inbox/"):
            assert "Quuxes" not in client.get(address).content.decode(), (name, address)
        assert client.get(f"/bulletins/{bulletin.pk}/").status_code == 404
        assert client.post(f"/bulletins/{bulletin.pk}/receipt/").status_code == 404


def test_its_pages(cast: Cast) -> None:
    client = signed_in(cast.olga)
    form = {"title": "Quuxes end", "text": "Read *this*.", "space": "alliance", "audience": "organization"}
    due = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert client.post("/bulletins/new/", {**form, "title": ""}).status_code == 422
    answer = client.post("/bulletins/new/", {**form, "acknowledge_until": due})
    bulletin = Bulletin.objects.get()
    assert answer.headers["Location"] == f"/bulletins/{bulletin.pk}/"
    reader = signed_in(cast.ada)
    assert "Quuxes end" in reader.get("/bulletins/").content.decode()
    page = reader.get(f"/bulletins/{bulletin.pk}/").content.decode()
    assert "Read <em>this</em>." in page
    assert "I have read this" in page
    assert "Who has read it" not in page
    reader.post(f"/bulletins/{bulletin.pk}/receipt/")
    assert "You have read it" in reader.get(f"/bulletins/{bulletin.pk}/").content.decode()
    assert "1 of 2" in client.get(f"/bulletins/{bulletin.pk}/").content.decode()


def test_what_it_is_about_is_named_to_who_sees_it(cast: Cast) -> None:
    practice = recorded(cast, space="alliance", audience="organization", title="Hidden from Zoe")
    playbook = mo_writes(cast)
    form = {"title": "Read these", "text": "Both.", "space": "alliance", "audience": "space"}
    for_nobody = {**form, "practice": str(practice.pk + 1000)}
    cleo, nia = signed_in(cast.cleo), signed_in(cast.nia)
    for wrong in (for_nobody, {**form, "practice": str(practice.pk)}, {**form, "practice": "x"}):
        answer = cleo.post("/bulletins/new/", wrong)
        assert answer.status_code == 422
        assert "Nothing that you see has this number" in answer.content.decode()
    assert not Bulletin.objects.exists()
    about = {"practice": f"http://127.0.0.1:8000/practices/{practice.pk}/?x=1", "playbook": f"#{playbook.pk}"}
    for other in (f"/threads/{practice.pk}/", f"https://elsewhere.example/{practice.pk}"):
        assert nia.post("/bulletins/new/", {**form, "practice": other}).status_code == 422
    assert nia.post("/bulletins/new/", {**form, **about}).status_code == 302
    bulletin = Bulletin.objects.get()
    assert (bulletin.practice, bulletin.playbook, bulletin.space) == (practice, playbook, cast.spaces["alliance"])
    for who, sees in ((cast.ada, True), (cast.zoe, False)):
        page = signed_in(who).get(f"/bulletins/{bulletin.pk}/").content.decode()
        assert ("Hidden from Zoe" in page, f"/practices/{practice.pk}/" in page) == (sees, sees)
        assert f'href="/playbooks/{playbook.pk}/"' in page
    assert f'value="{practice.pk}"' in nia.get(f"/bulletins/new/?practice={practice.pk}").content.decode()
