"""Sites from before: what migrations make of rows that are there, and of the same rows when run again."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, StateApps

from community.actions.marks import put_up, take_down
from community.rules import clock
from tests.cast import Cast
from tests.threads.findings import titles
from tests.threads.playing import mo_writes
from tests.threads.practicing import fresh, recorded
from threads.actions.bulletins import send_bulletin
from threads.actions.entries import playbook_entry
from threads.actions.merging import merge_practices
from threads.actions.playbooks import edit_playbook
from threads.actions.reuse import use_practice, withdraw_use
from threads.actions.suggestions import suggest_edit
from threads.actions.threads import open_thread
from threads.models import (
    Bulletin,
    DuplicatePair,
    Playbook,
    PlaybookVersion,
    Posting,
    Practice,
    PracticeNews,
    PracticeVersion,
    PublicWord,
    Reuse,
    SearchEntry,
    SearchWord,
    Suggestion,
    Thread,
    TimelineEntry,
)
from threads.queries.similar import similar
from threads.rules.words import terms_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

BEFORE, AFTER, IN_ONE = "0015_public", "0020_masked_anew", "0001_squashed_0020_masked_anew"
KEPT: list[Any] = [
    Bulletin, DuplicatePair, Playbook, PlaybookVersion, Practice, PracticeNews, PracticeVersion, Reuse, Suggestion,
    TimelineEntry,
]  # fmt: skip


def migrated_back() -> StateApps:
    """The site as the version before had it, whose migrations were not yet made into one; gives its models."""
    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    executor.loader.applied_migrations.pop(("threads", IN_ONE))
    take_down(connection)
    executor.migrate([("threads", BEFORE)])
    put_up(connection)
    return executor.loader.project_state(("threads", BEFORE)).apps


def migrated() -> None:
    call_command("migrate", "threads", verbosity=0)


def everything() -> dict[str, Any]:
    """What there is of all that the migrations touch, by its keys; entries and words by what they say."""
    rows: dict[str, Any] = {model.__name__: list(model.objects.order_by("pk").values()) for model in KEPT}
    words = dict(SearchWord.objects.values_list("pk", "word"))
    entries = {row.pk: (row.kind, row.object_id) for row in SearchEntry.objects.all()}
    found = Posting.objects.values_list("slot", "impact", "entry_id")
    return rows | {
        "public words": sorted(PublicWord.objects.values_list("word", "practice_id")),
        "entries": sorted(SearchEntry.objects.values_list("kind", "object_id", "title", "labels", "body", "size")),
        "postings": sorted((words[slot // 4], slot % 4, impact, *entries[entry]) for slot, impact, entry in found),
    }


def asked(cast: Cast) -> Thread:
    return open_thread(by=cast.zoe, space=cast.spaces["lobby"], title="Mail waits", body="Again.")


def tables(name: str) -> dict[str, ModelState]:
    """The models that one of the first migrations has come to, by their names."""
    states = MigrationLoader(None, replace_migrations=False).project_state(("threads", name)).models
    return {model: state for (app, model), state in states.items() if app == "threads"}


def used_and_merged(cast: Cast) -> tuple[Practice, dict[str, Thread], dict[int, dict[str, Any]]]:
    """A practice with uses, some of one merged into it; their threads, and what timelines said before."""
    source, target = recorded(cast, title="Mail goes round in circles"), recorded(cast)
    threads = {name: asked(cast) for name in ("both", "moved", "back", "untouched")}
    where = ((target, "both"), (source, "both"), (source, "moved"), (source, "back"), (target, "untouched"))
    for practice, name in where:
        use_practice(by=cast.zoe, thread=threads[name], practice=practice)
    entries = TimelineEntry.objects.filter(kind="practice.applied").order_by("pk")
    before = {row.pk: {"thread_id": row.thread_id, "practice_id": row.practice_id} for row in entries}
    DuplicatePair.objects.create(first=source, second=target, score=0.7)
    merge_practices(by=cast.cleo, source=source, target=target, reason="The same.", version=1)
    withdraw_use(by=cast.zoe, thread=threads["back"], practice=target)
    return target, threads, before


def as_before(old: StateApps, entries: dict[int, dict[str, Any]]) -> None:
    """Have rows say what the version before wrote."""
    told = old.get_model("threads", "TimelineEntry").objects
    told.filter(kind="practice.applied").delete()
    for pk, where in entries.items():
        told.create(pk=pk, after_number=1, kind="practice.applied", data={}, at=clock.now(), **where)
    assert not old.get_model("threads", "SearchEntry").objects.filter(kind="playbook").exists()
    old.get_model("threads", "Practice").objects.update(reuse_count=0, rejudge=False)


def test_a_site_from_before_comes_along_however_often(cast: Cast) -> None:
    target, threads, entries = used_and_merged(cast)
    public = recorded(cast, title="Zigbee lamps flicker")
    text = {"title": public.title}
    Practice.objects.filter(pk=public.pk).update(
        audience="public", public_text=text, published_version=1, published_at=clock.now(), slug="zigbee"
    )
    PracticeNews.objects.create(practice=public, notice="validated", version=1, due_at=clock.now())
    send_bulletin(by=cast.olga, space=cast.spaces["alliance"], audience="organization", title="It ends", text="Read.")
    suggest_edit(by=cast.zoe, practice=public, base_version=1, fields={"cause": "A rule."}, reason="I know why.")
    playbook = mo_writes(cast, product=cast.products["mail-gateway"], tags=["slow"])
    steps = [{key: step[key] for key in ("key", "title", "text")} for step in playbook.steps[:1]]
    playbook = edit_playbook(
        by=cast.mo, playbook=playbook, version=1, reason="Shorter.", title="Very long queues", steps=steps,
        purpose="When mail waits.", product=playbook.product, tags=["slow", "queues"],
    )  # fmt: skip

    as_before(migrated_back(), entries)
    migrated()

    uses = {use.thread_id: use.pk for use in Reuse.objects.filter(until=None)}
    told = TimelineEntry.objects.filter(kind="practice.applied").order_by("thread_id")
    assert [(row.thread_id, row.practice_id, row.data) for row in told] == [
        (threads[name].pk, target.pk, {"use": uses[threads[name].pk]}) for name in ("both", "moved", "untouched")
    ]
    kept = PlaybookVersion.objects.filter(playbook=playbook).order_by("number").values_list("product", "tags")
    assert list(kept) == [(None, None), (playbook.product_id, ["queues", "slow"])]
    assert (fresh(target).reuse_count, fresh(target).rejudge, fresh(target).used) == (3, True, 0)
    assert (fresh(public).reuse_count, fresh(public).due_told) == (0, None)
    assert set(PublicWord.objects.filter(practice=public).values_list("word", flat=True)) == set(terms_of(public.title))
    assert (Suggestion.objects.get().number, DuplicatePair.objects.get().claimed_by) == (1, None)
    assert Bulletin.objects.get().practice is None
    assert PracticeNews.objects.filter(practice=public, notice="validated").exists()
    expected, entry = playbook_entry(playbook), SearchEntry.objects.get(kind="playbook")
    assert (entry.object_id, entry.subject_id, entry.size) == (playbook.pk, playbook.pk, expected.size)
    assert (entry.title, entry.labels, entry.body) == (expected.title, expected.labels, expected.body)
    assert titles(similar(cast.ada, "very long queues", kinds=["playbook"])) == [playbook.title]

    once = everything()
    migrated_back()
    migrated()
    assert everything() == once


def test_new_sites_get_the_same_tables_in_one_step() -> None:
    assert tables(IN_ONE) == tables(AFTER)
