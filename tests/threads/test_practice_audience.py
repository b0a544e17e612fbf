"""Who sees a practice: the rungs' faces agree, showing it to others has a preview, strangers read a copy."""

from io import BytesIO
from typing import Any
from typing import cast as cast_to

import pytest
from django.test import Client

from community.errors import Conflict, Forbidden, Invalid, NotThere, Refused
from community.events.reactors import those_who_see
from community.models import InboxItem, Member, Organization
from tests.cast import PASSWORD, Cast
from tests.threads.practicing import FIELDS, fresh, recorded, shown, validated
from threads.actions.attachments import upload
from threads.actions.guests import let_in
from threads.actions.posts import post_reply
from threads.actions.practice_audience import change_audience
from threads.actions.practices import edit_practice, record_practice
from threads.actions.publishing import consent_to_publish, publish, withdraw, withdraw_consent
from threads.actions.resolution import resolve
from threads.actions.standard import Exposed
from threads.actions.suggestions import accept_suggestion, suggest_edit
from threads.actions.threads import open_thread
from threads.actions.verdicts import say_verdict
from threads.models import Audience, AudienceChange, Practice, PublicWord, Suggestion, Thread
from threads.policies.audience import everybody_sees
from threads.policies.practices import may_see
from threads.policies.threads import may_see as may_see_thread
from threads.queries import public as published
from threads.queries.archive import PracticeFilter, browsed, practice_rows, practices_visible_to, versions_shown
from threads.queries.attachments import attachment_for
from threads.queries.audience import viewers_of
from threads.queries.guests import preview_for
from threads.queries.practice_audience import reach_of
from threads.queries.public import published_practices
from threads.queries.public_pages import public_practice
from threads.queries.search import search

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def seeing(cast: Cast, practice: Practice) -> set[str]:
    """Who sees it, by each of its faces."""
    now = fresh(practice)
    by_rule = {name for name, who in cast.people.items() if may_see(who, now)}
    by_query = {name for name, who in cast.people.items() if practices_visible_to(who).filter(pk=now.pk).exists()}
    by_members = set(viewers_of(now, Member.objects.all()).values_list("handle", flat=True))
    told = those_who_see(f"practice:{now.pk}", [who.pk for who in cast.people.values()])
    listed = {name for name, who in cast.people.items() if now in browsed(who, PracticeFilter()).practices}
    rows = {
        name for name, who in cast.people.items() if now.pk in [r.pk for r in practice_rows(who, PracticeFilter())[0]]
    }
    assert by_rule == by_query == by_members == listed == rows == {n for n in cast.people if cast.people[n].pk in told}
    return by_rule


EVERYBODY = {"ada", "ben", "olga", "cleo", "zoe", "mo", "nia", "finn"}


def test_each_rung_reaches_whom_it_says(cast: Cast) -> None:
    practice = recorded(cast, space="alliance")
    Practice.objects.update(center=cast.centers["acme-malmo"])
    alliance = {"ada", "ben", "olga", "cleo", "zoe", "mo", "nia"}
    for audience, expected in {
        "center": {"ada", "olga", "nia"},
        "organization": {"ada", "ben", "olga", "nia"},
        "organizations": alliance - {"mo"},
        "space": alliance,
        "network": EVERYBODY,
    }.items():
        named = [cast.organizations["brightline"]] if audience == "organizations" else []
        shown(cast.nia, practice, audience, *named)
        assert seeing(cast, practice) == expected, audience


def test_a_practice_beyond_its_space_does_not_name_the_space(cast: Cast) -> None:
    practice = recorded(cast, space="alliance")
    shown(cast.cleo, practice, "network")
    assert fresh(practice) in browsed(cast.zoe, PracticeFilter(space="alliance")).practices
    assert not browsed(cast.finn, PracticeFilter(space="alliance")).practices
    assert search(cast.finn, "gateway", kinds=("practice",)).hits
    assert not search(cast.finn, "gateway space:alliance", kinds=("practice",)).hits
    client = Client()
    assert client.login(username="finn@example.org", password=PASSWORD)
    for address in (practice.get_absolute_url(), "/archive/", "/search/?q=gateway"):
        page = client.get(address).content.decode()
        assert "is slow since Sunday" in page
        assert "alliance" not in page.lower(), address


@pytest.mark.parametrize("rung", Audience.values)
@pytest.mark.parametrize("thread_rung", Audience.values)
@pytest.mark.parametrize("space", ["lobby", "alliance"])
def test_what_is_said_in_a_thread_is_seen_by_all_its_readers(
    cast: Cast, rung: str, thread_rung: str, space: str
) -> None:
    """Whenever it is said that everybody sees it, everybody does; and beside itself it is always said."""
    named = [cast.organizations["brightline"]]
    thread = open_thread(
        by=cast.ada, space=cast.spaces[space], title="A", body="x", audience=thread_rung,
        organizations=named if thread_rung == "organizations" else [],
    )  # fmt: skip
    practice = recorded(cast)
    Practice.objects.update(space=cast.spaces[space], audience=rung, center=cast.ada.center)
    for guest in (False, True):
        if guest and not may_see_thread(cast.finn, thread):
            let_in(by=cast.ada, thread=thread, member=cast.finn, preview=preview_for(thread, cast.finn).digest)
        for organizations in ([], named):
            fresh(practice).audience_organizations.set(organizations)
            sure = everybody_sees(fresh(practice), thread)
            readers = {name for name, who in cast.people.items() if may_see_thread(who, thread)}
            seers = {name for name, who in cast.people.items() if may_see(who, fresh(practice))}
            assert not sure or readers <= seers, (organizations, guest)
            if rung == thread_rung != "organizations" and not guest:
                assert sure


def test_who_may_show_it_to_whom(cast: Cast) -> None:
    practice = recorded(cast)
    allowed = {
        audience: {name for name in EVERYBODY if tried(cast, name, practice, audience)}
        for audience in ("organization", "space", "network")
    }
    assert allowed == {
        "organization": {"ben", "olga", "cleo", "nia"}, "space": {"cleo", "nia"}, "network": {"cleo", "nia"},
    }  # fmt: skip
    with pytest.raises(NotThere):
        shown(cast.zoe, shown(cast.olga, practice, "organization"), "space")


def tried(cast: Cast, name: str, practice: Practice, audience: str) -> bool:
    from django.db import transaction

    Practice.objects.filter(pk=practice.pk).update(audience="organizations")
    fresh(practice).audience_organizations.set(Organization.objects.all())
    try:
        with transaction.atomic():
            shown(cast.people[name], practice, audience)
            raise InterruptedError
    except Forbidden:
        return False
    except InterruptedError:
        return True


def test_the_preview_is_what_happens(cast: Cast) -> None:
    practice = recorded(cast, audience="organization")
    reach = reach_of(practice, "space")
    assert (reach.more, reach.fewer) == (4, 0)
    with pytest.raises(Conflict, match="preview_changed"):
        change_audience(by=cast.nia, practice=practice, audience="space", preview="old", reason="x")
    edit_practice(by=cast.ben, practice=practice, fields={"cause": "Another one."}, version=1)
    with pytest.raises(Refused, match="preview_changed"):
        change_audience(by=cast.nia, practice=practice, audience="space", preview=reach.digest, reason="x")
    shown(cast.nia, practice, "space")
    change = AudienceChange.objects.get()
    assert (change.before, change.after, change.by, change.reason) == (
        "organization", "space", cast.nia, "So that they can use it.",
    )  # fmt: skip
    assert reach_of(fresh(practice), "organization").fewer == 4
    with pytest.raises(Conflict, match="already"):
        shown(cast.nia, practice, "space")
    with pytest.raises(Invalid):
        shown(cast.nia, practice, "organizations")
    with pytest.raises(Invalid):
        shown(cast.nia, practice, "everybody")


def test_what_it_said_before_stays_with_those_who_could_read_it(cast: Cast) -> None:
    practice = recorded(cast, audience="organization", cause="The customer unplugged it.")
    edit_practice(by=cast.ben, practice=practice, fields={"cause": "It was unplugged."}, version=1)
    shown(cast.nia, practice, "space")
    now = fresh(practice)
    numbers = {name: [row.number for row in versions_shown(cast.people[name], now)] for name in ("ada", "cleo", "finn")}
    assert numbers == {"ada": [1, 2, 3], "cleo": [1, 2, 3], "finn": [3]}
    client = Client()
    assert client.login(username="finn@example.org", password=PASSWORD)
    for address in ("history/", "history/?version=1", "verdicts/", ""):
        assert "customer" not in client.get(f"{now.get_absolute_url()}{address}").content.decode()


def with_picture(cast: Cast) -> tuple[Practice, Any]:
    file = upload(by=cast.ben, file=BytesIO(b"a log"), name="a.log")
    thread = open_thread(by=cast.ada, space=cast.spaces["alliance"], title="Mail is slow", body="Since Sunday.")
    reply = post_reply(by=cast.ben, thread=thread, body=f"See [it]({file.get_absolute_url()}).", attachments=[file])
    resolve(by=cast.ada, thread=thread, posts=[reply])
    fields = FIELDS | {"resolution": f"Do as [here]({file.get_absolute_url()}) it says."}
    return record_practice(by=cast.ben, thread=thread, fields=fields), file


def test_only_ticked_files_go_along(cast: Cast) -> None:
    practice, file = with_picture(cast)
    shown(cast.cleo, practice, "network")
    assert attachment_for(cast.finn, file.pk) is None
    shown(cast.cleo, practice, "space")
    shown(cast.cleo, practice, "network", files=[file.pk])
    assert attachment_for(cast.finn, file.pk) == file
    shown(cast.cleo, practice, "space")
    assert attachment_for(cast.finn, file.pk) is None


def test_beyond_the_space_details_are_asked_for_again(cast: Cast) -> None:
    practice = recorded(cast)
    Practice.objects.update(resolution="Write to jo.karlsson@firma.se, then flush the queue.")
    with pytest.raises(Exposed) as refused:
        shown(cast.cleo, practice, "network")
    [found] = cast_to("list[dict[str, object]]", refused.value.more["details"])
    digest = str(found["digest"])
    shown(cast.cleo, practice, "network", keep=[digest])
    assert fresh(practice).audience == "network"


def public(cast: Cast) -> Practice:
    practice = validated(cast)
    consent_to_publish(by=cast.olga, practice=practice)
    shown(cast.cleo, practice, "public")
    return fresh(practice)


def test_strangers_need_consent_and_validation(cast: Cast) -> None:
    practice = recorded(cast)
    with pytest.raises(Conflict, match="agree"):
        shown(cast.cleo, practice, "public")
    for name in ("ada", "cleo", "zoe"):
        with pytest.raises(Forbidden):
            consent_to_publish(by=cast.people[name], practice=practice)
    consent_to_publish(by=cast.olga, practice=practice)
    with pytest.raises(Conflict, match="validated"):
        shown(cast.cleo, practice, "public")
    with pytest.raises(Forbidden):
        shown(cast.ben, practice, "public")
    assert not published_practices().exists()


def test_strangers_read_a_copy_until_it_is_published_again(cast: Cast) -> None:
    practice = public(cast)
    assert list(published_practices()) == [practice]
    assert seeing(cast, practice) == EVERYBODY
    assert (practice.slug or "").startswith("mail-through-the-gateway")
    copy = practice.public_text
    edit_practice(by=cast.ben, practice=practice, fields={"cause": "Secret news."}, version=practice.version)
    assert fresh(practice).public_text == copy
    with pytest.raises(Conflict):
        publish(by=cast.cleo, practice=practice, version=1)
    publish(by=cast.cleo, practice=practice, version=fresh(practice).version)
    now = fresh(practice)
    assert now.public_text["cause"] == "Secret news."
    assert (now.slug, now.published_at) == (practice.slug, practice.published_at)


def test_what_nobody_should_rely_on_is_not_outside(cast: Cast) -> None:
    practice = public(cast)
    say_verdict(by=cast.mo, practice=practice, kind="dangerous", note="It made things worse here.")
    assert not published_practices().exists()
    say_verdict(by=cast.mo, practice=practice, kind="worked")
    assert published_practices().exists()
    Thread.objects.update(status="open")
    assert not published_practices().exists()
    Thread.objects.update(status="closed")
    assert published_practices().exists()


@pytest.mark.parametrize("how", ["withdraw", "dissent", "narrow"])
def test_it_is_taken_back_at_once(cast: Cast, how: str) -> None:
    practice = public(cast)
    if how == "withdraw":
        withdraw(by=cast.cleo, practice=practice, reason="It is about one customer.")
    elif how == "dissent":
        withdraw_consent(by=cast.olga, practice=practice)
    else:
        shown(cast.ben, practice, "organization")
    now = fresh(practice)
    assert not published_practices().exists()
    assert (now.published_at, now.public_text, now.public_html) == (None, {}, {})
    assert now.slug == practice.slug
    assert now.audience == ("organization" if how == "narrow" else "network")
    change, last = AudienceChange.objects.order_by("-pk")[0], now.versions.order_by("-number")[0]
    assert (change.before, last.moved) == ("public", {"audience": ["public", now.audience]})
    assert (last.kind, last.number, last.reason, last.author) == ("state", now.version, change.reason, change.by)
    assert last.fields == now.fields
    assert not PublicWord.objects.exists(), "its title is found no more either"


def test_what_a_correction_takes_in_is_told_in_its_history(cast: Cast) -> None:
    """By a version of its own after that which corrects it; a suggestion was taken up in the latter."""
    practice = public(cast)
    say_verdict(by=cast.mo, practice=practice, kind="dangerous", note="It made things worse here.")
    before = fresh(practice).version
    fields = {"resolution": "Ask the vendor for a new licence and install it on both nodes."}
    made = suggest_edit(by=cast.zoe, practice=practice, base_version=before, fields=fields, reason="It is safe.")
    accept_suggestion(by=cast.ben, suggestion=made, version=before, number=1)
    now = fresh(practice)
    text, state = now.versions.filter(number__gt=before).order_by("number")
    assert (now.audience, now.version, now.judged_from) == ("network", before + 2, before + 1)
    assert (text.kind, text.number) == ("suggested", before + 1)
    assert (state.kind, state.moved) == ("state", {"audience": ["public", "network"]})
    assert Suggestion.objects.get().accepted_version == text.number


def test_the_copy_names_nobody_and_leads_nowhere_inside(cast: Cast) -> None:
    practice, hidden = public(cast), recorded(cast)
    text = (
        "Ask @ada or @stranger, see [the talk of Ada](/threads/7/), "
        f"[theirs](/practices/{hidden.pk}/), "
        "[the manual](https://vendor.example/a?b=1&c=2) and ![a face](/attachments/"
        "0b8f9c3e-93d5-4f0c-8f0c-1c1f8d6d3c11/)."
    )
    edit_practice(by=cast.ben, practice=practice, fields={"cause": text}, version=practice.version)
    publish(by=cast.cleo, practice=practice, version=fresh(practice).version)
    shown = public_practice(fresh(practice).slug or "")
    assert shown is not None
    html = dict(shown.html)["cause"]
    for word in ("@ada", "talk of Ada", "/threads/", "/practices/", "/attachments/", "theirs"):
        assert word not in html
        assert word not in fresh(practice).public_text["cause"]
    assert '<a href="https://vendor.example/a?b=1&amp;c=2"' in html
    assert "Ask somebody or @stranger" in html
    assert "(picture)" in html


def test_the_page_of_an_audience(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    practice = validated(cast)
    monkeypatch.setattr(published, "SERVED", False)
    typed = {"audience": "public", "reason": "Everybody has this problem."}
    nia = Client()
    assert nia.login(username="nia@example.org", password=PASSWORD)
    assert nia.post(f"{practice.get_absolute_url()}audience/", typed).status_code == 422, "no page shows it outside"
    monkeypatch.setattr(published, "SERVED", True)
    address = f"{practice.get_absolute_url()}audience/"
    clients = {}
    for name, status in {"ben": 200, "cleo": 200, "olga": 200, "zoe": 403, "finn": 403}.items():
        clients[name] = Client()
        assert clients[name].login(username=f"{name}@example.org", password=PASSWORD)
        assert clients[name].get(address).status_code == status
    refused = clients["cleo"].post(address, typed)
    assert refused.status_code == 422
    assert "agree first" in refused.content.decode()
    assert typed["reason"] in refused.content.decode()
    clients["olga"].post(f"{practice.get_absolute_url()}publication/", {"act": "consent"})
    page = clients["cleo"].post(address, typed)
    assert "Everybody on the internet" in page.content.decode()
    done = clients["cleo"].post(address, {**typed, "preview": page.context["preview"].digest})
    assert done.status_code == 302
    assert fresh(practice).audience == "public"


def test_who_is_left_out_afterwards_meets_it_nowhere(cast: Cast) -> None:
    practice = recorded(cast, title="Gateway xyzzy stalls", cause="A plugh was loose.")
    say_verdict(by=cast.zoe, practice=practice, kind="failed", note="It made a plugh here.")
    answered_to = InboxItem.objects.create(
        member=cast.zoe, kind="verdict-answered", subject=f"practice:{practice.pk}", target=f"practice:{practice.pk}",
        key="x",
    )  # fmt: skip
    shown(cast.nia, practice, "organization")
    Thread.objects.filter(practice=practice).update(audience="organization")
    client = Client()
    assert client.login(username="zoe@example.org", password=PASSWORD)
    here = practice.get_absolute_url()
    for door in ("", "history/", "verdicts/", "verdict/", "audience/", "edit/"):
        assert client.get(f"{here}{door}").status_code == 404, door
    for address in (
        "/inbox/",
        "/archive/",
        "/archive/?q=xyzzy",
        "/search/?q=plugh",
        "/people/ben/",
        "/people/zoe/",
        "/",
    ):
        page = client.get(address).content.decode()
        assert here not in page, address
        assert "Gateway xyzzy" not in page, address
    assert InboxItem.objects.filter(pk=answered_to.pk).exists(), "it was not left out for want of the notice"
