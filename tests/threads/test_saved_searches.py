"""Who saved a search hears of what comes to fit it: what they see, each thing once, and not too much of it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.actions.inbox import choose
from community.actions.members import suspend
from community.errors import Invalid, NotThere, TooMuch
from community.models import InboxItem, Member
from community.queries.inbox import inbox_of, unread_count
from community.rules import clock
from tests.cast import Cast
from tests.community.test_event_concurrency import at_once
from tests.threads.curating import recorded
from tests.threads.findings import post
from tests.threads.playing import mo_writes
from threads.actions import telling_saved
from threads.actions.indexing import rebuild_index
from threads.actions.posts import edit_post, post_reply
from threads.actions.resolution import resolve
from threads.actions.saved import change_search, drop_search, open_search, save_search
from threads.actions.telling_saved import KEPT_FOR, forget_told, tell_of, tell_saved
from threads.actions.threads import edit_thread
from threads.models import IndexWork, Post, SavedHit, SavedSearch, Thread
from threads.queries.fresh import fresh_of
from threads.queries.saved import saved_of
from threads.rules.limits import MOST_FOUND_A_DAY, MOST_SAVED_SEARCHES

pytestmark = pytest.mark.both_databases


def saved(member: Member, q: str, **more: Any) -> SavedSearch:
    return save_search(by=member, q=q, **({"notifies": True} | more))


def told(member: Member, kind: str = "saved-found") -> list[str]:
    """What the member was told of, the first first."""
    items = InboxItem.objects.filter(member=member, kind=kind)
    return list(items.order_by("pk").values_list("subject", flat=True))


def named(*threads: Thread) -> list[str]:
    return [f"thread:{thread.pk}" for thread in threads]


def test_what_comes_to_fit_is_told_once_with_the_name_of_the_search(cast: Cast) -> None:
    saved(cast.zoe, "quasar leak", name="Leaks")
    saved(cast.ben, "quasar leak")
    thread = post(cast, "Leak of the quasar", by="ben")
    post(cast, "Quasar", "No drop lost.")
    assert told(cast.zoe) == [], "the worker tells it"
    assert tell_saved() > 0
    assert told(cast.zoe) == named(thread)
    assert told(cast.ben) == [], "whoever wrote it knows"
    (group,) = inbox_of(cast.zoe).groups
    (notice,) = group.notices
    assert (notice.note, notice.url) == ("Leaks", thread.get_absolute_url())
    edit_post(by=cast.ben, post=Post.objects.get(thread=thread), body="It leaks quasars.")
    assert (tell_saved(), tell_saved()) == (1, 0)
    assert told(cast.zoe) == named(thread)
    assert not IndexWork.objects.exists()


def test_a_reply_that_brings_the_words_is_where_the_notice_leads(cast: Cast) -> None:
    old = post(cast, "The VPN drops")
    known = post(cast, "E4711 again")
    saved(cast.zoe, "e4711")
    reply = post_reply(by=cast.ben, thread=old, body="I see error E4711.")
    post_reply(by=cast.ben, thread=known, body="Still E4711.")
    tell_saved()
    assert told(cast.zoe) == named(old), "of the other the search knew when it was saved"
    (group,) = inbox_of(cast.zoe).groups
    assert group.notices[0].url == reply.get_absolute_url()


def test_practices_and_playbooks_are_told_of_too_and_kinds_are_kept_apart(cast: Cast) -> None:
    saved(cast.zoe, "quasar", kind="practice")
    saved(cast.finn, "quasar drill", kind="playbook")
    practice = recorded(cast, "Quasar leak")
    playbook = mo_writes(cast, title="Quasar drill")
    tell_saved()
    assert told(cast.zoe) == [f"practice:{practice.pk}"]
    assert told(cast.finn) == [f"playbook:{playbook.pk}"]
    (group,) = inbox_of(cast.finn).groups
    assert group.notices[0].note == "quasar drill"


def test_filters_tell_of_what_comes_to_fulfil_them(cast: Cast) -> None:
    before = post(cast, "Quasar leak")
    saved(cast.zoe, "quasar status:resolved")
    saved(cast.cleo, "tag:smtp")
    resolve(by=cast.ada, thread=before, summary="Sealed.")
    edit_thread(by=cast.ada, thread=Thread.objects.get(pk=before.pk), tags=["smtp"])
    code = post(cast, "Quasar again", "```\nx = 1\n```")
    saved_later = saved(cast.finn, "quasar has:code")
    later = post(cast, "The quasar once more", "```\ny = 2\n```")
    post(cast, "Quasar without")
    tell_saved()
    assert told(cast.zoe) == told(cast.cleo) == named(before)
    assert told(cast.finn) == named(later), saved_later
    assert code.pk != later.pk


def test_several_searches_of_one_member_tell_of_a_thing_once(cast: Cast) -> None:
    for q in ("quasar", "leak", "quasar leak"):
        saved(cast.zoe, q)
    thread = post(cast, "Quasar leak")
    tell_saved()
    assert told(cast.zoe) == named(thread)
    assert [row.new for row in saved_of(cast.zoe)] == [1, 1, 1]
    open_search(by=cast.zoe, search=saved_of(cast.zoe)[1].search)
    assert [row.new for row in saved_of(cast.zoe)] == [1, 0, 1]


def test_not_more_than_so_many_a_day_and_then_that_there_is_more(cast: Cast) -> None:
    saved(cast.zoe, "quasar", name="Everything")
    begun = clock.now().replace(hour=3)
    with clock.at(begun + timedelta(days=1)):
        for number in range(MOST_FOUND_A_DAY + 3):
            post(cast, f"Quasar {number}")
        tell_saved()
        assert len(told(cast.zoe)) == MOST_FOUND_A_DAY
        assert len(told(cast.zoe, "saved-more")) == 1
        assert saved_of(cast.zoe)[0].is_more
    groups = inbox_of(cast.zoe).groups
    assert groups[0].label.url == "/search/saved/"
    assert unread_count(cast.zoe) == MOST_FOUND_A_DAY + 1
    with clock.at(begun + timedelta(days=2)):
        tomorrow = post(cast, "Quasar tomorrow")
        tell_saved()
    assert told(cast.zoe)[MOST_FOUND_A_DAY:] == named(tomorrow)


def test_who_is_not_to_hear_of_it_hears_nothing(cast: Cast) -> None:
    quiet, dropped = saved(cast.zoe, "quasar", notifies=False), saved(cast.cleo, "quasar")
    saved(cast.ben, "quasar")
    saved(cast.finn, "quasar")
    post(cast, "Quasar leak")
    drop_search(by=cast.cleo, search=dropped)
    suspend(by=cast.nia, member=cast.ben)
    choose(by=cast.finn, kind="saved-found", wanted=False)
    tell_saved()
    assert not InboxItem.objects.filter(kind="saved-found").exists()
    change_search(by=cast.zoe, search=quiet, notifies=True)
    rebuilt = post(cast, "Quasar drop")
    for _batch in rebuild_index():
        pass
    tell_saved()
    assert told(cast.zoe) == named(rebuilt), "what was there before is no news, nor is rebuilding"


def test_what_cannot_be_told_stops_nothing_else(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(cast.zoe, "quasar")
    poisoned, sound = post(cast, "Quasar one"), post(cast, "Quasar two")

    def choke(work: IndexWork) -> Any:
        if any(one.thing == poisoned for one in fresh_of(work)):
            raise RecursionError("too deep")
        return fresh_of(work)

    monkeypatch.setattr(telling_saved, "fresh_of", choke)
    tell_saved()
    assert told(cast.zoe) == named(sound)
    monkeypatch.undo()
    assert tell_saved() == 0, "not at once"
    with clock.at(clock.now() + timedelta(minutes=1)):
        tell_saved()
    assert told(cast.zoe) == named(sound, poisoned)


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_once(cast: Cast) -> None:
    saved(cast.zoe, "quasar")
    threads = [post(cast, f"Quasar {number}") for number in range(3)]
    work = list(IndexWork.objects.order_by("pk").values_list("pk", flat=True))
    for pk in work:
        at_once(*[partial(tell_of, work_id=pk)] * 2)
    assert told(cast.zoe) == named(*threads)
    assert SavedHit.objects.filter(noticed=True).count() == 3


def test_it_costs_the_same_however_many_searches_there_are(cast: Cast) -> None:
    saved(cast.zoe, "quasar")

    def cost(number: int) -> int:
        post(cast, f"Quasar leak {number}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert tell_saved() > 0
        return len(asked)

    before = [cost(number) for number in range(2)][1]
    more = [
        SavedSearch(member=cast.people[who], name="x", text=f"mail{number}", notifies=True, key=f"w:mail{number}")
        for number in range(1_000)
        for who in ("finn", "cleo")
    ]
    SavedSearch.objects.bulk_create(more)
    assert cost(3) == before
    assert len(told(cast.zoe)) == 3


def test_what_was_told_long_ago_is_forgotten(cast: Cast) -> None:
    saved(cast.zoe, "quasar")
    post(cast, "Quasar leak")
    tell_saved()
    assert forget_told() == 0
    with clock.at(clock.now() + KEPT_FOR + timedelta(days=1)):
        assert forget_told() == 1


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({"q": "  "}, "q"),
    "only signs": ({"q": "?!", "notifies": False}, "q"),
    "everything": ({"q": "status:open"}, "notifies"),
    "all that exclude": ({"q": "-tag:vpn"}, "notifies"),
    "members": ({"q": "ada", "kind": "member"}, "notifies"),
    "no kind": ({"q": "quasar", "kind": "quark"}, "kind"),
    "too long": ({"q": "quasar " * 200}, "q"),
    "a long name": ({"q": "quasar", "name": "n" * 100}, "name"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_refused(cast: Cast, why: str) -> None:
    given, field = REFUSED[why]
    with pytest.raises(Invalid) as refusal:
        saved(cast.zoe, **given)
    assert list(refusal.value.fields) == [field]
    assert not SavedSearch.objects.exists()


def test_there_are_only_so_many_and_each_is_its_members_own(cast: Cast) -> None:
    own = [saved(cast.zoe, f"quasar {number}") for number in range(MOST_SAVED_SEARCHES)]
    with pytest.raises(TooMuch):
        saved(cast.zoe, "one more")
    assert saved(cast.ada, "one more").name == "one more"
    for act in (drop_search, change_search, open_search):
        with pytest.raises(NotThere):
            act(by=cast.ada, search=own[0])
    change: Callable[..., SavedSearch] = change_search
    assert change(by=cast.zoe, search=own[0], name="Mine").name == "Mine"
    with pytest.raises(Invalid):
        change(by=cast.zoe, search=own[0], q="status:open")
