"""The index says at every moment what the things themselves say."""

from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from community.actions.members import edit_profile, suspend
from tests.cast import Cast
from tests.threads.findings import post, titles
from threads.actions.indexing import index_member, index_post, rebuild_index
from threads.actions.posts import delete_post, edit_post, post_reply, restore_post
from threads.actions.practices import edit_practice, record_practice
from threads.actions.resolution import reopen, resolve
from threads.actions.threads import edit_thread
from threads.models import Post, SearchEntry
from threads.queries.fulltext import full_text
from threads.queries.search import search

pytestmark = pytest.mark.both_databases


def found(cast: Cast, text: str) -> list[str]:
    """Titles Ada finds."""
    return titles(search(cast.ada, text).hits)


def test_edits_titles_and_tags_are_found_at_once(cast: Cast) -> None:
    thread = post(cast, "Old words")
    post_reply(by=cast.ben, thread=thread, body="A reply about marmots.")
    edit_post(by=cast.ada, post=thread.posts.get(number=1), title="New phrasing", body="Entirely rewritten.")
    assert found(cast, "words") == []
    assert (
        found(cast, '"new phrasing"') == found(cast, "rewritten") == found(cast, "phrasing marmot") == ["New phrasing"]
    )
    edit_thread(by=cast.ada, thread=thread, title="Third wording", tags=["burrow"])
    assert found(cast, "phrasing") == []
    assert found(cast, "burrow marmot")[:1] == found(cast, "wording") == ["Third wording"]


def test_deleted_posts_are_not_found_and_restored_ones_are(cast: Cast) -> None:
    thread = post(cast, "A problem")
    reply = post_reply(by=cast.ben, thread=thread, body="Ocelots did it.")
    reply = delete_post(by=cast.ben, post=reply)
    assert found(cast, "ocelot") == []
    index_post(reply)
    assert found(cast, "ocelot") == []
    restore_post(by=cast.ben, post=reply)
    assert found(cast, "ocelot") == ["A problem"]


def test_what_fixed_it_is_found_while_it_stands(cast: Cast) -> None:
    thread = post(cast, "A problem", environment="Solaris")
    assert found(cast, "solaris") == ["A problem"]
    resolve(by=cast.ada, thread=thread, summary="Replaced the capacitor.")
    assert "<mark>capacitor</mark>" in search(cast.ada, "capacitors").hits[0].highlight
    reopen(by=cast.ada, thread=thread)
    assert found(cast, "capacitor") == []


def test_edited_practices_are_found_by_what_they_say_now(cast: Cast) -> None:
    thread = post(cast, "A problem")
    resolve(by=cast.ada, thread=thread, summary="Fixed.")
    practice = record_practice(by=cast.ada, thread=thread, fields={"problem": "It fails.", "resolution": "Use felt."})
    edit_practice(by=cast.cleo, practice=practice, fields={"resolution": "Use velvet."}, version=1)
    assert (found(cast, "felt"), found(cast, "velvet")) == ([], ["A problem"])


def test_members_are_found_by_what_they_say_of_themselves_until_they_leave(cast: Cast) -> None:
    edit_profile(by=cast.zoe, name="Zoe Nakamura", about="Knows turbines.", time_zone="Asia/Tokyo")
    assert found(cast, "turbine") == ["Zoe Nakamura"]
    suspend(by=cast.nia, member=cast.zoe)
    assert found(cast, "turbine") == []
    assert not SearchEntry.objects.filter(kind="member", object_id=cast.zoe.pk).exists()


def test_a_write_undone_leaves_nothing_in_the_index(cast: Cast) -> None:
    with transaction.atomic():
        post(cast, "Phantom printer")
        assert found(cast, "phantom") == ["Phantom printer"]
        transaction.set_rollback(True)
    assert found(cast, "phantom") == []
    assert full_text().frequencies(["phantom"]) == {}


def test_rebuilding_mends_whatever_is_wrong(cast: Cast) -> None:
    thread = post(cast, "Lost and found")
    gone = post_reply(by=cast.ben, thread=thread, body="Deleted behind the back of the index.")
    SearchEntry.objects.filter(kind="thread").delete()
    SearchEntry.objects.create(kind="practice", subject_id=999, object_id=999, title="ghost")
    Post.objects.filter(pk=gone.pk).update(deleted_at=thread.created_at, deleted_by=cast.ben)
    batches = list(rebuild_index())
    assert list(rebuild_index()) == batches
    assert found(cast, "lost") == ["Lost and found"]
    assert found(cast, "behind") == []
    assert not SearchEntry.objects.filter(object_id=999).exists()
    assert sum(batches) == Post.objects.count() + len(cast.people)


def test_what_is_written_with_a_reply_is_what_rebuilding_writes(cast: Cast) -> None:
    """Its labels come from its thread's entry, which may have none."""
    post(cast, "Only a title")
    for thread in (post(cast, "Long title of many words", tags=["burrow", "vpn"]), post(cast, "...")):
        reply = post_reply(by=cast.ben, thread=thread, body="Said *once*, with words.")
        edit_post(by=cast.ben, post=reply, body="Said twice.")
        post_reply(by=cast.ben, thread=thread, body="...")
    entries = SearchEntry.objects.filter(kind__in=["thread", "post"]).order_by("pk")
    written = list(entries.values_list("kind", "subject_id", "object_id", "title", "labels", "body", "size"))
    list(rebuild_index())
    assert list(entries.values_list("kind", "subject_id", "object_id", "title", "labels", "body", "size")) == written


def test_the_command_says_what_it_did(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rebuild_search")
    assert f"{len(cast.people)} things indexed." in capsys.readouterr().out


def test_frequencies_count_entries(cast: Cast) -> None:
    for title in ("Lemur one", "Lemur two", "Gecko"):
        post(cast, title, "lemur lemur" if "one" in title else "thread post member practice")
    assert full_text().frequencies(["lemur", "gecko", "absent", "thread"]) == {"lemur": 2, "gecko": 1, "thread": 2}
    assert full_text().frequencies([]) == {}


def test_index_and_entries_agree(cast: Cast) -> None:
    thread = post(cast, "Agreement")
    for number in range(3):
        delete_post(by=cast.ben, post=post_reply(by=cast.ben, thread=thread, body=f"Reply {number}"))
    index_member(cast.ben)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO threads_searchwords(threads_searchwords, rank) VALUES ('integrity-check', 1)")
    assert SearchEntry.objects.filter(subject_id=thread.pk, kind__in=["thread", "post"]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_full_text_index_can_be_taken_away_and_made_again(cast: Cast) -> None:
    post(cast, "Kept through it all")
    by_word, by_title = (import_module(f"threads.migrations.{name}") for name in ("0002_search", "0025_titles"))
    for step in (by_title.take_away, by_word.remove, by_word.make, by_title.add):
        with connection.schema_editor() as editor:
            step(None, editor)
    assert found(cast, "kept") == ["Kept through it all"]
    post(cast, "And written after")
    assert found(cast, "written") == ["And written after"]
