"""Capture in the workflow: work in progress follows the record, and is recorded when the thread is resolved."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from community.errors import Conflict, Forbidden, NotThere
from community.models import InboxItem
from community.rules import clock
from reputation.models import Award
from tests.cast import Cast, make_cast
from tests.pages.stories import signed_in
from tests.threads.asking import problem
from tests.threads.capturing import FIELDS, curator
from tests.threads.replicas import Replica
from tests.threads.test_guests import invite
from tests.threads.test_record_concurrency import at_once
from threads.actions.guests import widen
from threads.actions.indexing import index_practice
from threads.actions.live_records import Copy, Sent, catch_up, cut_version, write_updates
from threads.actions.names import watch_name
from threads.actions.practice_duties import mask_shown
from threads.actions.practices import edit_practice, record_practice
from threads.actions.records import save_record
from threads.actions.resolution import reopen, resolve
from threads.actions.suggestions import suggest_edit
from threads.actions.threads import open_thread
from threads.actions.wip import start_practice
from threads.models import Helper, Practice, SearchEntry, Thread
from threads.offers import thread_offers
from threads.policies.sight import writable
from threads.policies.threads import in_archive, may_write_record
from threads.queries.archive import practices_visible_to
from threads.queries.guests import preview_of_widening
from threads.queries.live_records import standings

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def now(practice: Practice) -> Practice:
    return Practice.objects.get(pk=practice.pk)


def begun(cast: Cast, space: str = "lobby", **more: Any) -> tuple[Thread, Practice]:
    """Ada's thread, whose record Ben shows in the archive."""
    thread = problem(cast, space, **more)
    save_record(by=cast.ben, thread=thread, fields={"problem": "Mail waits."})
    return thread, start_practice(by=cast.ben, thread=thread)


def test_a_record_is_shown_while_it_is_written(cast: Cast) -> None:
    thread, practice = begun(cast)
    assert (practice.follows_record, practice.confidence, practice.title) == (True, "work_in_progress", thread.title)
    assert (practice.problem, practice.recorded_by, practice.owner) == ("Mail waits.", cast.ben, cast.ben)
    assert list(practices_visible_to(cast.zoe)) == [practice]
    assert not practice.versions.exists()
    assert not Award.objects.filter(rule="practice").exists()
    save_record(by=cast.ada, thread=thread, fields={"cause": "A stale cache."})
    assert (now(practice).cause, now(practice).problem) == ("A stale cache.", "Mail waits.")
    assert "stale cach" in SearchEntry.objects.get(kind="practice", object_id=practice.pk).body
    save_record(by=cast.ada, thread=thread, fields={"problem": "", "cause": ""})
    assert (now(practice).cause, now(practice).problem) == ("", "Mail waits.")


def test_its_text_stays_the_records(cast: Cast) -> None:
    thread, practice = begun(cast)
    assert not in_archive(thread)
    assert may_write_record(cast.ada, thread)
    assert writable([thread.pk]) == {thread.pk}
    assert standings([thread.pk])[thread.pk].writable
    for member in (cast.ben, cast.cleo, cast.nia):
        with pytest.raises(Conflict) as refused:
            edit_practice(by=member, practice=practice, title="Mine", version=1)
        assert refused.value.code == "unfinished"
    with pytest.raises(Conflict):
        suggest_edit(by=cast.zoe, practice=practice, base_version=1, title="Better", reason="Better")
    with pytest.raises(Conflict):
        start_practice(by=cast.ada, thread=thread)
    with pytest.raises(Conflict):
        record_practice(by=cast.ada, thread=thread)


def test_who_may_begin(cast: Cast) -> None:
    thread = problem(cast, audience="organization")
    with pytest.raises(NotThere):
        start_practice(by=cast.zoe, thread=thread)
    invite(cast, thread, cast.finn)
    with pytest.raises(Forbidden):
        start_practice(by=cast.finn, thread=thread)
    assert "start_practice" in thread_offers(cast.ben, thread)
    assert "start_practice" not in thread_offers(cast.finn, thread)
    practice = start_practice(by=cast.ben, thread=thread)
    assert "start_practice" not in thread_offers(cast.ben, thread)
    assert (practice.problem, practice.audience) == ("Since noon.", "organization")
    assert not practices_visible_to(cast.finn).exists()
    assert not practices_visible_to(cast.zoe).exists()


def test_it_opens_with_its_thread_and_a_recorded_one_does_not(cast: Cast) -> None:
    thread, practice = begun(cast, audience="organization")
    widen(by=cast.ada, thread=thread, audience="space", preview=preview_of_widening(thread, "space", ()).digest)
    assert now(practice).audience == "space"
    assert practices_visible_to(cast.zoe).exists()
    other = problem(cast, audience="organization")
    resolve(by=cast.ada, thread=other, summary="Done.", record=FIELDS)
    kept = record_practice(by=cast.ada, thread=other)
    widen(by=cast.ada, thread=other, audience="space", preview=preview_of_widening(other, "space", ()).digest)
    assert now(kept).audience == "organization"


def test_resolving_records_it_for_who_began_it(cast: Cast) -> None:
    thread, practice = begun(cast)
    resolve(by=cast.ada, thread=thread, summary="Emptied it.", record={"cause": "A cache.", "resolution": "Empty it."})
    done = now(practice)
    assert (done.follows_record, done.confidence, done.version) == (False, "not_validated", 1)
    assert (done.problem, done.cause, done.resolution) == ("Mail waits.", "A cache.", "Empty it.")
    first = done.versions.get()
    assert (first.number, first.kind, first.author, first.fields) == (1, "recorded", cast.ben, done.fields)
    award = Award.objects.get(rule="practice")
    assert (award.member, award.subject) == (cast.ben, f"practice:{practice.pk}")
    assert in_archive(thread)
    assert writable([thread.pk]) == set()
    assert not standings([thread.pk])[thread.pk].writable
    reopen(by=cast.ada, thread=Thread.objects.get(pk=thread.pk))
    assert (now(practice).follows_record, now(practice).resolution) == (False, "Empty it.")
    assert not may_write_record(cast.ada, thread)
    resolve(by=cast.ada, thread=thread, summary="Again.")
    assert (now(practice).confidence, Award.objects.filter(rule="practice").count()) == ("not_validated", 1)


@pytest.mark.parametrize("record", [{"resolution": "Write to heinzl@apolin.cz."}, {"resolution": "x" * 30_000}])
def test_resolving_never_waits_for_what_is_missing(cast: Cast, record: dict[str, str]) -> None:
    thread, practice = begun(cast)
    if len(record["resolution"]) > 20_000:
        Thread.objects.get(pk=thread.pk).record.__class__.objects.filter(pk=thread.pk).update(**record)
        record = {}
    resolve(by=cast.ada, thread=thread, summary="Done.", record=record)
    thread.refresh_from_db()
    assert thread.status == "resolved"
    assert (now(practice).follows_record, now(practice).confidence) == (True, "work_in_progress")
    assert not Award.objects.filter(rule="practice").exists()
    assert may_write_record(cast.ben, thread)
    if record:
        save_record(by=cast.ben, thread=thread, fields={"resolution": "Write to support."})
        finished = record_practice(by=cast.cleo, thread=thread)
        assert (finished.pk, finished.resolution) == (practice.pk, "Write to support.")
        assert (finished.recorded_by, finished.owner, finished.follows_record) == (cast.cleo, cast.ben, False)
        assert finished.versions.get().number == 1


def test_who_began_an_unfinished_one_is_told(cast: Cast) -> None:
    thread, _practice = begun(cast)
    resolve(by=cast.ada, thread=thread, summary="Done.", record={"resolution": "Ask jan@firma.cz."})
    assert list(InboxItem.objects.filter(kind="practice-unfinished").values_list("member__handle", flat=True)) == [
        "ben"
    ]


@pytest.mark.django_db(transaction=True)
def test_what_two_write_live_while_it_is_resolved_is_in_the_practice() -> None:
    cast = make_cast()
    thread = problem(cast)
    start_practice(by=cast.ben, thread=thread)
    copies: dict[int, Copy] = {}
    replicas = {
        who: Replica(None, catch_up([thread.pk], copies)[thread.pk].document.since(b"\0")) for who in ("ben", "zoe")
    }

    def write(who: str) -> str:
        sent = [Sent(cast.people[who].pk, replicas[who].write("cause", 0, who), whole=False)]
        return write_updates(sent={thread.pk: sent}, copies=copies)[thread.pk].verdicts[0]

    assert [write("ben"), write("zoe")] == ["stored", "stored"]
    resolve(by=cast.ada, thread=thread, summary="Emptied it.", record={"resolution": "Empty it."})
    practice = Practice.objects.get(thread=thread)
    assert practice.cause in {"benzoe", "zoeben"}
    assert not practice.follows_record
    assert "stored" not in {write("ben"), write("zoe")}
    cut_version(thread_id=thread.pk)
    assert now(practice).cause == practice.cause


@pytest.mark.django_db(transaction=True)
def test_of_two_who_begin_at_once_one_does() -> None:
    cast = make_cast()
    thread = problem(cast)
    outcomes: list[str] = []

    def begin(who: str) -> None:
        try:
            start_practice(by=cast.people[who], thread=thread)
            outcomes.append("begun")
        except Conflict as refused:
            outcomes.append(refused.code)

    at_once(lambda: begin("ada"), lambda: begin("ben"))
    assert sorted(outcomes) == ["already_recorded", "begun"]
    assert Practice.objects.filter(thread=thread).count() == 1


def test_a_curator_retires_what_never_gets_finished(cast: Cast) -> None:
    from threads.actions.retiring import retire

    thread, practice = begun(cast)
    resolve(by=cast.ada, thread=thread, summary="Done.", record={"resolution": "Ask jan@firma.cz."})
    retire(by=curator(cast, cast.zoe), practice=practice, reason="Nobody finishes it.")
    assert (now(practice).confidence, now(practice).follows_record) == ("archived", False)


SECRET = "ghp_" + "a1B2c3D4e5" * 4


def test_what_tells_of_somebody_is_masked_until_it_is_recorded(cast: Cast) -> None:
    """In title, texts, search and API, and names too for which only the practice's organization watches."""
    watch_name(by=cast.olga, name="Northwind")
    thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Mail of Northwind waits", body="Since noon.")
    save_record(by=cast.ben, thread=thread, fields={"problem": f"Ask jan@firma.cz, token: {SECRET}"})
    practice = start_practice(by=cast.ben, thread=thread)
    save_record(by=cast.zoe, thread=thread, fields={"cause": "The relay gw1.corp of Northwind."})
    shown = now(practice)
    assert shown.title == "Mail of [customer-1] waits"
    assert shown.problem == "Ask [email-1], token: [secret]"
    assert "Northwind" not in shown.cause
    entry = SearchEntry.objects.get(kind="practice", object_id=practice.pk)
    said = f"{entry.title} {entry.body} {shown.fields} {shown.problem_html}"
    assert not [word for word in ("jan@firma.cz", SECRET, "Northwind", "northwind") if word in said]
    thread.refresh_from_db()
    assert SECRET in thread.record.problem, "the record itself is its readers' own"
    Helper.objects.create(thread=thread, member=cast.finn, removed=True, until=clock.now())
    address = shown.get_absolute_url()
    zoe, finn = (signed_in(member).get(address).content.decode() for member in (cast.zoe, cast.finn))
    assert "Masked here until it is recorded" in zoe, "who writes the record is shown what is masked"
    assert SECRET in zoe
    assert SECRET not in finn


def told(practice: Practice) -> str:
    """All that is said of a practice where it is shown and found."""
    entry, row = SearchEntry.objects.get(kind="practice", object_id=practice.pk), now(practice)
    html = [getattr(row, f"{name}_html") for name in row.fields]
    return " ".join([entry.title, entry.body, row.title, *row.fields.values(), *html]).lower()


def test_a_name_watched_later_is_masked_in_what_is_shown_already(cast: Cast) -> None:
    thread, other = (
        open_thread(by=by, space=cast.spaces["lobby"], title="Mail of Northwind waits", body="Since noon.")
        for by in (cast.ada, cast.zoe)
    )
    for each, by in ((thread, cast.ben), (other, cast.zoe)):
        save_record(by=by, thread=each, fields={"problem": "Northwind waits.", "cause": "A relay of Northwind."})
    practice, theirs = start_practice(by=cast.ben, thread=thread), start_practice(by=cast.zoe, thread=other)
    updated = now(practice).updated_at
    watch_name(by=cast.olga, name="Northwind")
    assert [mask_shown(), mask_shown()] == [1, 0]
    assert "northwind" not in told(practice)
    assert now(practice).title == "Mail of [customer-1] waits"
    assert now(practice).updated_at == updated, "nobody changed it"
    assert "northwind" in told(theirs), "that is no customer of theirs"
    save_record(by=cast.ben, thread=thread, fields={"cause": "The queue of Northwind."})
    assert now(practice).cause == "The queue of [customer-1]."
    watch_name(by=cast.olga, name="Northwind")
    assert mask_shown() == 0, "watched for already"


def test_what_was_begun_before_there_were_masks_is_masked(cast: Cast) -> None:
    """What the migration makes of it; what is recorded is left as it is: somebody was asked about that."""
    _thread, practice = begun(cast)
    settled = record_practice(by=cast.ben, thread=solved(cast), fields=FIELDS)
    for row in (practice, settled):
        Practice.objects.filter(pk=row.pk).update(cause=f"Ask jan@firma.cz, token: {SECRET}")
    index_practice(now(practice))
    assert "jan@firma.cz" in told(practice)
    import_module("threads.migrations.0020_masked_anew").mark_begun(apps, None)
    Practice.objects.filter(pk=settled.pk).update(mask_anew=True)
    assert [mask_shown(), mask_shown()] == [2, 0]
    assert now(practice).cause == "Ask [email-1], token: [secret]"
    assert not [word for word in ("jan@firma.cz", SECRET.lower()) if word in told(practice)]
    assert "jan@firma.cz" in now(settled).cause
    assert (now(practice).problem, now(practice).confidence) == ("Mail waits.", "work_in_progress")


def solved(cast: Cast) -> Thread:
    thread = problem(cast)
    resolve(by=cast.ada, thread=thread, summary="Done.")
    return thread


def test_starting_says_that_something_is_masked(cast: Cast) -> None:
    thread = problem(cast)
    save_record(by=cast.ben, thread=thread, fields={"problem": "Ask jan@firma.cz."})
    client = signed_in(cast.ben)
    started = client.post(f"/threads/{thread.pk}/practice/start/", follow=True)
    assert started.redirect_chain == [(Practice.objects.get(thread=thread).get_absolute_url(), 302)]
    assert "that is masked in the archive" in started.content.decode()
    other = problem(cast)
    assert client.post(f"/threads/{other.pk}/practice/start/")["Location"] == other.get_absolute_url()
