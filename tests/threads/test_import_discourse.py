"""Importing small folders of Discourse topics: what is made of each kind of thing, and what happens to odd ones."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError

from community.models import Member, Organization
from reputation.models import Award
from tests.threads.dumps import counts, inconsistencies, snapshot
from tests.threads.topics import at, run_topics, said, topic, write_topics
from threads.importers.discourse.mapping import without_small_images
from threads.models import Post, Relation, Resolution, Tag, Thread

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

WEB = "https://forum.example.org"


def when(number: int) -> datetime:
    return datetime.fromisoformat(at(number)).astimezone(UTC)


def thread(key: int) -> Thread:
    return Thread.objects.get(source_id=f"topic-{key}")


def test_topics_become_threads_numbered_as_there(tmp_path: Path) -> None:
    body = (
        '<p><img src="/e.png" class="emoji" alt=":smile:"> <a href="/t/x/9">a</a> <a href="#b">b</a></p>'
        '<aside class="quote"><img class="avatar" src="/a.png"> <blockquote>q</blockquote></aside>'
    )
    posts = [
        said(31, 4, by=3, version=2, updated_at=at(9), likes=2),
        said(30, 1, by=1, name="  Ada\nL "),
        said(12, 2, cooked=body),
    ]
    row = topic(
        12, *posts, title="It &amp; that fails", tags=["Wi-Fi", {"id": 3, "name": "vpn"}], closed=True, slug="it-fails"
    )
    names = {"category_list": {"categories": [{"id": 4, "name": "Help Desk"}]}}
    output = run_topics(write_topics(tmp_path / "x", row, categories=names), license="CC BY-NC-SA 3.0")
    found = thread(12)
    assert (found.title, found.status, found.author.name) == ("It & that fails", Thread.Status.CLOSED, "Ada L")
    assert sorted(found.tags.values_list("slug", flat=True)) == ["help-desk", "vpn", "wi-fi"]
    rows = found.posts.order_by("number")
    assert [(post.source_id, post.number, post.author.source_id, post.edited_at) for post in rows] == [
        ("topic-12", 1, "1", None),
        ("12", 2, "2", None),
        ("31", 3, "3", when(9)),
    ]
    assert [post.source_url for post in rows[:2]] == [f"{WEB}/t/it-fails/12", f"{WEB}/t/it-fails/12/2"]
    assert (rows[2].imported_votes, rows[2].imported_score, rows[0].source_license) == (2, 2, "CC BY-NC-SA 3.0")
    assert Award.objects.filter(rule="helped", member__source_id="3").count() == 2
    html = rows[1].html
    assert ":smile:" in html
    assert f'href="{WEB}/t/x/9"' in html
    assert f'href="{WEB}/t/it-fails/12/2#b"' in html
    assert "a.png" not in html
    assert "e.png" not in html
    ada = Member.objects.get(source_id="1")
    assert (ada.source_url, ada.joined_at, ada.has_usable_password()) == (f"{WEB}/u/user_1", when(1), False)
    assert counts(output) == {
        "Topics": (1, 1, 0, 0), "Posts": (3, 3, 0, 0), "People": (3, 3, 0, 0), "Likes": (2, 2, 0, 0),
        "Solutions": (0, 0, 0, 0), "Links": (0, 0, 0, 0), "all": (9, 9, 0, 0),
    }  # fmt: skip
    assert inconsistencies() == []


def test_accepted_answers_resolve_their_threads_together(tmp_path: Path) -> None:
    one = topic(
        1, said(1, 1, by=1), said(2, 2, accepted_answer=True), said(3, 3, by=1), closed=True,
        accepted_answer={"post_number": 2, "username": "user_2"}, accepted_answers=[{"post_number": 3}],
    )  # fmt: skip
    two = topic(2, said(4, 1, by=1), accepted_answer={"post_number": 7})
    output = run_topics(write_topics(tmp_path / "x", one, two))
    resolution = Resolution.objects.get()
    assert (resolution.thread, resolution.resolved_by, resolution.resolved_at) == (
        thread(1),
        thread(1).author,
        when(3),
    )
    assert sorted(resolution.posts.values_list("source_id", flat=True)) == ["2", "3"]
    assert (thread(1).status, thread(2).status) == (Thread.Status.RESOLVED, Thread.Status.OPEN)
    assert list(Award.objects.values_list("rule", "member__source_id")) == [("solution", "2")]
    assert counts(output)["Solutions"] == (1, 1, 0, 0)
    assert "1 × accepted answer that is not taken" in output
    write_topics(tmp_path / "x", topic(2, said(4, 1, by=1), said(5, 7, by=3), accepted_answer={"post_number": 7}))
    assert counts(run_topics(tmp_path / "x"))["Solutions"] == (2, 1, 1, 0)
    assert (thread(2).status, Award.objects.count()) == (Thread.Status.RESOLVED, 2)
    assert inconsistencies() == []


def test_what_is_not_for_everybody_never_comes_in(tmp_path: Path) -> None:
    rows = [
        topic(1, said(1, 1), archetype="private_message"),
        topic(2, said(2, 1), visible=False),
        topic(3, said(3, 1), deleted_at=at(4)),
        topic(4, said(4, 1, hidden=True), said(5, 2)),
        topic(
            5, said(6, 1), said(7, 2, post_type=4, accepted_answer=True), said(8, 3, post_type=3, cooked=""),
            said(9, 4, deleted_at=at(5)), said(10, 5, user_deleted=True), said(11, 6, cooked=" "), said(12, 7, likes=1),
        ),
    ]  # fmt: skip
    output = run_topics(write_topics(tmp_path / "x", *rows))
    assert [row.source_id for row in Post.objects.order_by("number")] == ["topic-5", "12"]
    assert not Resolution.objects.exists()
    assert (counts(output)["Topics"], counts(output)["Posts"]) == ((5, 1, 0, 4), (12, 2, 0, 10))
    for line in (
        "Topics: 1 × is a private message",
        "Topics: 1 × is not listed there",
        "Topics: 1 × was deleted",
        "Topics: 1 × its first post is not there",
        "Posts: 1 × was said among the staff",
        "Posts: 1 × a note of the system",
        "Posts: 2 × was deleted",
        "Posts: 1 × is empty",
        "Posts: 4 × its topic was skipped",
    ):
        assert line in output
    assert inconsistencies() == []


def test_topics_of_restricted_categories_never_come_in(tmp_path: Path) -> None:
    """Also those of categories within them, wherever it is said, and under whatever category another file has them."""
    categories = [
        {"id": 4, "name": "Help", "read_restricted": False, "subcategory_list": [{"id": 41, "name": "Deep"}]},
        {"id": 5, "name": "Staff", "read_restricted": True, "subcategory_ids": [51]},
        {"id": "52", "name": "Within", "read_restricted": False, "parent_category_id": 5},
        {"id": 53, "name": "Further within", "read_restricted": False, "parent_category_id": "52"},
        {"id": 6, "read_restricted": True},
        {"id": 7, "name": "Said twice", "read_restricted": False},
    ]
    where = {1: 4, 2: 5, 3: 51, 4: 52, 5: 53, 6: 6, 7: 7, 8: "5", 9: 41, 10: 99, 11: None}
    rows = [topic(key, said(key, 1), category_id=place) for key, place in where.items()]
    folder = write_topics(
        tmp_path / "x", *rows, categories={"category_list": {"categories": categories}},
        site={"categories": [{"id": 7, "name": "Said twice", "read_restricted": True}]},
        moved=topic(1, said(100, 2), category_id=4) | {"id": 12, "post_stream": {"posts": [said(12, 1)]}},
        moved_to={"id": 12, "category_id": 5, "post_stream": {"posts": []}},
    )  # fmt: skip
    output = run_topics(folder)
    assert sorted(row.source_id for row in Thread.objects.all()) == ["topic-1", "topic-10", "topic-11", "topic-9"]
    assert "Topics: 8 × is in a category that not everybody there may read" in output
    assert "3 × topic of a category of which no file says who may read it" in output
    assert not Tag.objects.filter(slug__in=["staff", "within", "further-within", "said-twice"]).exists()
    assert inconsistencies() == []


def test_without_categories_it_says_that_access_could_not_be_known(tmp_path: Path) -> None:
    says = "topic of a category of which no file says who may read it"
    folder = write_topics(tmp_path / "x", topic(1, said(1, 1)))
    assert f"1 × {says}" in run_topics(folder)
    known = {"categories": [{"id": 4, "name": "Help", "read_restricted": False}]}
    assert says not in run_topics(write_topics(folder, site=known))


SIGNS: dict[str, dict[str, object]] = {
    "archetype": {"archetype": "private_message"},
    "an archetype that nobody knows": {"archetype": ["regular"]},
    "who may read it": {"details": {"allowed_users": [{"id": 1}]}},
    "which groups may read it": {"details": {"allowed_groups": [{"id": 1}]}},
    "a bot": {"pm_with_non_human_user": True},
    "no category, as messages have": {"archetype": None, "category_id": None},
}


@pytest.mark.parametrize("sign", SIGNS)
def test_any_file_that_says_private_decides(tmp_path: Path, sign: str) -> None:
    """Before or after the file whose title is taken, with a title or without, also when it names the topic by words."""
    rest = {"post_stream": {"posts": []}} | SIGNS[sign]
    folder = write_topics(
        tmp_path / "x", *(topic(key, said(key, 1)) for key in (1, 2, 3, 4)), a={"id": 1} | rest,
        z={"id": "2", "title": "Again"} | rest, y={"post_stream": {"posts": [said(30, 2, topic_id=3)]}} | SIGNS[sign],
    )  # fmt: skip
    output = run_topics(folder)
    assert [row.source_id for row in Thread.objects.all()] == ["topic-4"]
    assert "Topics: 3 × is a private message" in output


def test_any_file_that_keeps_a_post_back_decides(tmp_path: Path) -> None:
    signs: list[dict[str, object]] = [{"hidden": True}, {"deleted_at": at(9)}, {"user_deleted": True}, {"post_type": 4}]
    later = [said(10 + number, number, topic_id=1) | sign for number, sign in enumerate(signs, start=2)]
    first = [said(10 + number, number) for number in range(1, 7)]
    output = run_topics(write_topics(tmp_path / "x", topic(1, *first), z={"post_stream": {"posts": later}}))
    assert [row.source_id for row in Post.objects.order_by("number")] == ["topic-1", "16"]
    for line in ("Posts: 2 × was deleted", "Posts: 1 × is hidden there", "Posts: 1 × was said among the staff"):
        assert line in output


def test_nothing_about_access_is_no_sign(tmp_path: Path) -> None:
    bare = {"id": 1, "title": "Bare", "post_stream": {"posts": [said(1, 1)]}, "details": {"allowed_users": []}}
    run_topics(write_topics(tmp_path / "x", bare))
    assert thread(1).title == "Bare"


def test_links_between_topics_become_relations(tmp_path: Path) -> None:
    def link(url: str, **more: object) -> dict[str, object]:
        return {"url": url, "internal": True, "reflection": False, **more}

    listed = {"links": [link("/t/topic-2/2/4"), link("/t/1"), link("/t/x/99"), link("/t/x/2", internal=False)]}
    counted = [link("/t/2?u=a"), link("/t/x/2", reflection=True), link("/u/x")]
    rows = [topic(1, said(1, 1, link_counts=counted), details=listed), topic(2, said(2, 1))]
    output = run_topics(write_topics(tmp_path / "x", *rows))
    assert list(Relation.objects.values_list("thread__source_id", "other__source_id", "kind")) == [
        ("topic-1", "topic-2", "related")
    ]
    assert counts(output)["Links"] == (4, 1, 0, 3)


def test_parts_of_a_topic_are_put_together(tmp_path: Path) -> None:
    first = topic(1, said(1, 1), said(2, 2))
    first["post_stream"]["stream"] = [1, 2, 3]
    folder = write_topics(tmp_path / "x", first, about={"name": "Forum"})
    assert "1 × topic of which some posts are not in the folder" in run_topics(folder)
    rest = {"post_stream": {"posts": [said(2, 2, topic_id=1), said(3, 3, topic_id=1)]}}
    output = run_topics(write_topics(folder, rest=rest))
    assert counts(output)["Posts"] == (4, 1, 2, 1)
    assert "1 × file that is no topic" in output
    assert list(thread(1).posts.order_by("number").values_list("source_id", "number")) == [
        ("topic-1", 1),
        ("2", 2),
        ("3", 3),
    ]


def test_people_without_names_or_numbers(tmp_path: Path) -> None:
    posts = [
        said(1, 1, user_id=None, username=None, name=None),
        said(2, 2, user_id=None, username="u" * 90, name=""),
        said(3, 3, name=None),
    ]
    run_topics(write_topics(tmp_path / "x", topic(1, *posts)))
    assert [row.author.name for row in thread(1).posts.order_by("number")] == ["Former member", "u" * 90, "user_2"]


BROKEN: dict[str, tuple[str | bytes, str]] = {
    "cut": ('{"id": 1, "post_stream": {"posts": [', "t/cut.json:1: not well-formed JSON"),
    "nan": ('{"post_stream": NaN}', "t/nan.json:1: NaN is no number"),
    "deep": ("[" * 100_000, "t/deep.json:1: it is nested too deep"),
    "digits": ('{"id": ' + "9" * 5000 + "}", "t/digits.json:1: Exceeds the limit"),
    "bytes": (b"\xff\xfe{}", "t/bytes.json:1: this is no text in UTF-8"),
    "id": (json.dumps(topic(1) | {"id": "one"}), "t/id.json:topic: Id is no number: “one”"),
    "list": (json.dumps({"id": 1, "title": "x", "post_stream": []}), "t/list.json:post_stream: there are no posts"),
    "post": (json.dumps(topic(1, said(1, 1)) | {"post_stream": {"posts": [7]}}), "posts[1]: this is no post"),
    "date": (json.dumps(topic(1, said(1, 1, created_at="now"))), "posts[1]: created_at is no date: “now”"),
    "number": (json.dumps(topic(1, said(1, 1, post_number=None))), "posts[1]: the row has no post_number"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_named_and_stops_everything_or_is_left_out(tmp_path: Path, name: str) -> None:
    text, says = BROKEN[name]
    folder = write_topics(tmp_path / "x", topic(8, said(80, 1)))
    (folder / "t" / f"{name}.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CommandError) as refused:
        run_topics(folder)
    assert says in str(refused.value)
    assert "Nothing was imported." in str(refused.value)
    assert not Organization.objects.exists()
    output = run_topics(folder, skip_broken=True)
    assert says in output
    assert "1 × is broken" in output
    for read, made, there, skipped in counts(output).values():
        assert read == made + there + skipped
    assert [row.source_id for row in Thread.objects.all()] == ["topic-8"]


def test_a_folder_without_topics_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="has no topics"):
        run_topics(tmp_path)
    with pytest.raises(CommandError, match="is not a folder"):
        run_topics(tmp_path / "nowhere")


def test_odd_values_do_no_harm(tmp_path: Path) -> None:
    post = said(
        1, 1, cooked="<p>a\ud800b\u0000c</p><script>x()</script>", actions_summary=[7, {"id": 2, "count": 3}],
        link_counts="none", name="\u202eevil",
    )  # fmt: skip
    row = topic(1, post, tags=[None, {"x": 1}, "ok"], details=[], category_id=None, accepted_answer="yes", closed=None)
    run_topics(write_topics(tmp_path / "x", row))
    found = thread(1)
    assert list(found.tags.values_list("slug", flat=True)) == ["ok"]
    assert found.posts.get().html == "<p>abc</p>"
    assert found.posts.get().imported_votes == 3


def test_odd_names_of_categories_and_ids_do_no_harm(tmp_path: Path) -> None:
    names = {
        "categories": [{"id": 4, "name": "He\u0000lp\ud83d"}, {"id": 10**30, "name": "x"}, {"id": [], "name": "y"}]
    }
    link = {"url": "/t/x/1", "internal": True}
    odd = topic(1, said(1, 1)) | {"id": "7\ud83d", "accepted_answer": {"post_number": 1}, "details": {"links": [link]}}
    far = topic(1, said(2, 1)) | {"id": 10**30, "accepted_answer": {"post_number": 1}, "details": {"links": [link]}}
    lists = topic(1, said(3, 1)) | {"id": ["\ud83d"], "details": {"links": [link]}}
    many = said(80, 1, actions_summary=[{"id": 2, "count": 10**4000}] * 2)
    folder = write_topics(tmp_path / "x", topic(8, many), site=names, odd=odd, far=far, lists=lists)
    run_topics(folder, skip_broken=True)
    assert sorted(row.source_id for row in Thread.objects.all()) == ["topic-7", "topic-8"]
    assert set(thread(8).tags.values_list("slug", flat=True)) == {"help"}


def test_pictures_that_never_end_hold_nothing_up() -> None:
    """Each is looked at as far as the next: an import of a text of some megabytes would not end otherwise."""
    started = "<img " * 400_000
    emoji = '<img class="emoji" src="/e.png" alt=":x:">'
    assert without_small_images(started + emoji) == started + ":x:"


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    rows = [topic(1, said(1, 1, by=1, likes=3), said(2, 2, accepted_answer=True)), topic(2, said(3, 2))]
    folder = write_topics(tmp_path / "x", *rows)
    empty = snapshot()
    dry = run_topics(folder, dry_run=True)
    assert snapshot() == empty
    assert counts(dry) == counts(run_topics(folder))
    assert counts(run_topics(folder, dry_run=True)) == counts(run_topics(folder))


def test_of_equal_ids_the_first_is_taken_and_order_in_the_file_is_none(tmp_path: Path) -> None:
    """Whichever file or topic has the other one; replies may stand, or be dated, before what they reply to."""
    one = topic(1, said(12, 3, cooked="<p>Late.</p>"), said(11, 2), said(10, 1, created_at=at(20)))
    two = topic(2, said(12, 2, cooked="<p>Again.</p>"), said(20, 1))
    output = run_topics(write_topics(tmp_path / "x", one, two))
    numbered = [(post.source_id, post.number) for post in thread(1).posts.order_by("number")]
    assert numbered == [("topic-1", 1), ("11", 2), ("12", 3)]
    assert list(thread(2).posts.values_list("source_id", flat=True)) == ["topic-2"]
    assert Post.objects.get(source_id="12").html == "<p>Late.</p>"
    assert "Posts: 1 × the same Id again" in output
    assert counts(output)["Posts"] == (5, 4, 0, 1)
    assert inconsistencies() == []
