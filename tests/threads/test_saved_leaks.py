"""Saved searches tell nobody of what they may not see: no notice, no hit, no count, no name."""

from random import Random

import pytest

from community.actions.members import suspend
from community.models import Grant, InboxItem
from community.queries.inbox import inbox_of, unread_count
from tests.cast import Cast
from tests.pages.stories import signed_in
from tests.threads.findings import post
from tests.threads.test_saved_searches import named, saved, told
from threads.actions.guests import end_guest, let_in, widen
from threads.actions.posts import edit_post, post_reply
from threads.actions.telling_saved import tell_saved
from threads.models import Post, SavedHit, Thread
from threads.policies.threads import may_see
from threads.queries.guests import preview_for, preview_of_widening
from threads.queries.saved import saved_of

pytestmark = pytest.mark.both_databases

EVERYBODY = ("ada", "ben", "olga", "cleo", "zoe", "mo", "nia", "finn", "sam")


def test_everybody_hears_of_exactly_what_they_see(cast: Cast) -> None:
    for who in EVERYBODY:
        saved(cast.people[who], "quasar")
    corax = [cast.organizations["corax"]]
    threads = [
        post(cast, "Quasar in the lobby"),
        post(cast, "Quasar in the alliance", space="alliance"),
        post(cast, "Quasar in the backroom", space="backroom"),
        post(cast, "Quasar in the workshop", space="workshop"),
        post(cast, "Quasar for my organization", audience="organization"),
        post(cast, "Quasar for my center", audience="center"),
        post(cast, "Quasar for Corax", audience="organizations", organizations=corax),
        post(cast, "Quasar by zoe", by="zoe", space="alliance", audience="organization"),
        post(cast, "Something else", audience="organization"),
    ]
    post_reply(by=cast.ben, thread=threads[-1], body="It is the quasar.")
    tell_saved()
    for who in EVERYBODY:
        member = cast.people[who]
        seen = [thread for thread in threads if member.is_active and may_see(member, thread)]
        seen = [thread for thread in seen if member != (cast.ben if thread == threads[-1] else thread.author)]
        assert sorted(told(member)) == sorted(named(*seen)), who
        assert saved_of(member)[0].new == len(seen), who
        assert SavedHit.objects.filter(search__member=member).count() == len(seen), who
        assert len(inbox_of(member).groups) == len(seen), who


def test_who_is_let_in_or_reached_later_hears_then(cast: Cast) -> None:
    hidden = post(cast, "Quasar leak", audience="organization")
    saved(cast.zoe, "quasar")
    saved(cast.finn, "quasar")
    saved(cast.ben, "quasar")
    drop = post(cast, "Something else", audience="organization")
    post_reply(by=cast.ada, thread=drop, body="Quasar drops.")
    tell_saved()
    assert (told(cast.zoe), told(cast.finn), told(cast.ben)) == ([], [], named(drop))
    let_in(by=cast.ada, thread=hidden, member=cast.finn, preview=preview_for(hidden, cast.finn).digest)
    tell_saved()
    assert (told(cast.zoe), told(cast.finn)) == ([], named(hidden))
    for thread in Thread.objects.filter(audience="organization"):
        widen(by=cast.ada, thread=thread, audience="space", preview=preview_of_widening(thread, "space", ()).digest)
    tell_saved()
    assert told(cast.zoe) == named(hidden, drop)
    assert told(cast.finn) == named(hidden, drop)
    assert told(cast.ben) == named(drop), "who saw it all the time hears nothing of that"


def test_what_is_not_to_be_seen_any_more_has_no_notice_and_no_count(cast: Cast) -> None:
    saved(cast.finn, "quasar", name="Mine")
    own = post(cast, "Quasar leak", audience="organization")
    let_in(by=cast.ada, thread=own, member=cast.finn, preview=preview_for(own, cast.finn).digest)
    tell_saved()
    assert (unread_count(cast.finn), saved_of(cast.finn)[0].new) == (2, 1), "being let in is told as well"
    end_guest(by=cast.ada, thread=own, member=cast.finn)
    assert (inbox_of(cast.finn).groups, saved_of(cast.finn)[0].new, unread_count(cast.finn)) == ([], 0, 0)


def test_who_left_the_space_or_the_network_before_it_was_told_hears_nothing(cast: Cast) -> None:
    for who in ("cleo", "mo", "ben"):
        saved(cast.people[who], "quasar")
    post(cast, "Quasar leak", space="backroom")
    post(cast, "Quasar leak", space="alliance")
    cast.spaces["backroom"].members.remove(cast.mo)
    cast.spaces["alliance"].organizations.remove(cast.organizations["brightline"])
    Grant.objects.filter(space__in=[cast.spaces["backroom"], cast.spaces["alliance"]]).delete()
    suspend(by=cast.nia, member=cast.ben)
    tell_saved()
    assert not InboxItem.objects.filter(kind="saved-found").exists()
    assert not SavedHit.objects.exists()


def test_a_space_that_one_does_not_see_is_no_reason(cast: Cast) -> None:
    """A practice that is shown to the whole network does not say to others of which space it is."""
    from tests.threads.curating import recorded
    from threads.actions.index_work import put_opened
    from threads.models import Practice

    for who in ("ada", "zoe"):
        saved(cast.people[who], "quasar space:workshop kind:practice")
        saved(cast.people[who], "quasar -space:lobby kind:practice")
    practice = recorded(cast, "Quasar", space="workshop")
    Practice.objects.filter(pk=practice.pk).update(audience="network")
    put_opened("practice", practice.pk)
    tell_saved()
    assert (told(cast.ada), told(cast.zoe)) == ([f"practice:{practice.pk}"], [])


def test_of_many_acts_in_any_order_nobody_hears_what_they_do_not_see(cast: Cast) -> None:
    """Notices are of what is seen then, each once; what is seen and fits is told in the end."""
    chance = Random(7)
    people = [cast.people[who] for who in ("zoe", "finn", "ben")]
    for member in people:
        saved(member, "quasar")
    threads: list[Thread] = []
    for turn in range(24):
        act = chance.choice(["post", "reply", "edit", "widen", "admit", "tell"])
        if act == "post" or not threads:
            audience = chance.choice(["space", "organization"])
            threads.append(post(cast, f"Thread {turn}", chance.choice(["A quasar.", "Nothing."]), audience=audience))
        thread = Thread.objects.get(pk=chance.choice(threads).pk)
        if act == "reply":
            post_reply(by=cast.ada, thread=thread, body=chance.choice(["The quasar.", "No."]))
        elif act == "edit":
            edit_post(by=cast.ada, post=Post.objects.get(thread=thread, number=1), body=f"Quasar {turn}")
        elif act == "widen" and thread.audience != "space":
            widen(by=cast.ada, thread=thread, audience="space", preview=preview_of_widening(thread, "space", ()).digest)
        elif act == "admit" and not may_see(cast.finn, thread):
            let_in(by=cast.ada, thread=thread, member=cast.finn, preview=preview_for(thread, cast.finn).digest)
        elif act == "tell":
            tell_saved()
        _nobody_hears_what_they_do_not_see(cast, people, threads)
    tell_saved()
    _nobody_hears_what_they_do_not_see(cast, people, threads)
    fitting = [thread for thread in threads if thread.posts.filter(body__icontains="quasar").exists()]
    for member in people:
        seen = [each for each in fitting if may_see(member, Thread.objects.get(pk=each.pk))]
        assert sorted(told(member)) == sorted(named(*seen)), member.handle


def _nobody_hears_what_they_do_not_see(cast: Cast, people: list, threads: list[Thread]) -> None:
    for member in people:
        subjects = told(member)
        assert len(subjects) == len(set(subjects))
        seen = {f"thread:{each.pk}" for each in threads if may_see(member, Thread.objects.get(pk=each.pk))}
        assert set(subjects) <= seen, member.handle


def test_anothers_searches_are_as_those_that_are_not_there(cast: Cast) -> None:
    search = saved(cast.ada, "secret word", name="Secret name")
    client = signed_in(cast.zoe)
    own, none = f"/search/saved/{search.pk}/", f"/search/saved/{search.pk + 1000}/"
    assert "ecret" not in client.get("/search/saved/").content.decode()
    for act in ("", "open", "tell", "quiet", "delete"):
        answers = [client.post(address, {"act": act, "q": "x", "name": "y"}) for address in (own, none)]
        assert {answer.status_code for answer in answers} == {404}, act
    assert client.get(own).status_code == client.get(none).status_code == 404
    search.refresh_from_db()
    assert (search.name, search.notifies) == ("Secret name", True)
