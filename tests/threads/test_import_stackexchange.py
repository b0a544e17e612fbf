"""Importing small Stack Exchange dumps: what is made of each kind of row, and what happens to odd ones."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from community.models import Member, Organization, Space
from reputation.models import Award, Badge, Standing
from reputation.rules.points import RULES_VERSION
from tests.threads.dumps import (
    answer,
    comment,
    counts,
    day,
    history,
    inconsistencies,
    question,
    run_import,
    snapshot,
    user,
    vote,
    write_dump,
)
from tests.threads.imported import PEOPLE, moment, note, post, thread
from threads.models import Post, PostRevision, Relation, Resolution, SearchEntry, Tag, Thread

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_users_become_members_of_an_imported_organization_who_cannot_sign_in(tmp_path: Path) -> None:
    people = [user(7, " José  Núñez ", AboutMe="<p>I <b>fix</b> it<script>x()</script></p>"), user(8, " ")]
    run_import(write_dump(tmp_path / "conlang.meta", Users=people, Posts=[]))
    organization = Organization.objects.get(slug="imported-conlang-meta")
    assert (organization.name, organization.kind) == ("Imported from conlang.meta", Organization.Kind.IMPORTED)
    jose = Member.objects.get(source_id="7")
    assert (jose.name, jose.handle, jose.about) == ("José Núñez", "jose-nunez-7", "I fix it")
    assert (jose.source_site, jose.source_url) == ("conlang.meta", "https://conlang.meta.stackexchange.com/users/7")
    assert (jose.organization, jose.email, jose.has_usable_password()) == (organization, None, False)
    assert jose.joined_at == datetime(2020, 1, 1, tzinfo=UTC)
    assert Member.objects.get(source_id="8").name == "user8"


def test_people_of_the_same_name_get_handles_of_their_own(tmp_path: Path) -> None:
    Member.objects.create_user("x@example.org", handle="ada", name="Ada", organization=_organization())
    names = ["Ada", "ada", "Ada 12", "李雷", "Лена", "A" * 200, "A" * 200]
    people = [user(number, name) for number, name in enumerate(names, start=11)] + [user(-1, "Community")]
    run_import(write_dump(tmp_path / "iot", Users=people, Posts=[]))
    run_import(write_dump(tmp_path / "iot", Users=people, Posts=[]), site="other")
    handles = {row.source_id: row.handle for row in Member.objects.filter(source_site="iot")}
    assert handles["11"] == "ada-11"
    assert handles["12"] == "ada-12"
    assert handles["13"] == "ada-12-13"
    assert handles["14"] == "member-14"
    assert handles["15"] == "member-15"
    assert handles["-1"] == "community-1"
    for member in Member.objects.all():
        member.clean_fields(exclude=["email"])


def _organization() -> Organization:
    return Organization.objects.create(slug="acme", name="Acme")


def test_questions_answers_and_comments_become_a_thread_numbered_by_date(tmp_path: Path) -> None:
    posts = [
        answer(5, 9, at=day(4), Score=-2, LastEditDate=day(6)),
        answer(6, 9, at=day(2), owner=3),
        question(9, at=day(1), Score=4, Title="  It\nfails ", Tags="<wi-fi><C++>", ContentLicense="CC BY-SA 4.0"),
    ]
    notes = [comment(5, 9, at=day(3), Score=2, Text="Which *one*?"), comment(6, 6, at=day(5))]
    output = run_import(write_dump(tmp_path / "iot", Users=PEOPLE, Posts=posts, Comments=notes))
    asked = thread(9)
    assert [(row.source_id, row.number, row.parent_id) for row in asked.posts.order_by("number")] == [
        ("9", 1, None),
        ("6", 2, None),
        ("5", 3, post(9).pk),
        ("5", 4, None),
        ("6", 5, post(6).pk),
    ]
    assert (asked.title, asked.author.name, asked.status) == ("It fails", "Ada", Thread.Status.OPEN)
    assert (asked.last_number, asked.reply_count, asked.last_activity_at) == (5, 2, moment(5))
    assert asked.last_post_by == Member.objects.get(source_id="3")
    assert sorted(asked.tags.values_list("slug", flat=True)) == ["c++", "wi-fi"]
    assert (asked.space.slug, asked.space.audience) == ("archive", Space.Audience.NETWORK)
    assert asked.source == {
        "site": "iot",
        "id": "9",
        "url": "https://iot.stackexchange.com/questions/9",
        "license": "CC BY-SA 4.0",
    }
    assert asked.record.is_empty
    assert (post(9).imported_score, post(9).markup, post(9).note_count) == (4, Post.Markup.HTML, 1)
    assert (post(5).imported_score, post(5).edited_at, post(5).source_url) == (
        -2,
        moment(6),
        "https://iot.stackexchange.com/a/5",
    )
    assert (note(5).markup, note(5).imported_score) == (Post.Markup.MARKDOWN, 2)
    assert "<em>one</em>" in note(5).html
    assert note(6).source_url == "https://iot.stackexchange.com/questions/9#comment6_6"
    assert note(6).source_license == "CC BY-SA 4.0"
    assert counts(output)["Posts"] == (3, 3, 0, 0)
    assert counts(output)["Comments"] == (2, 2, 0, 0)
    assert SearchEntry.objects.filter(object_id=note(6).pk, subject_id=asked.pk).exists()
    assert inconsistencies() == []


def test_an_accepted_answer_resolves_its_thread(tmp_path: Path) -> None:
    posts = [
        question(1, AcceptedAnswerId=3, ClosedDate=day(9), Tags="|a|b|"),
        answer(2, 1, at=day(2)),
        answer(3, 1, at=day(3), owner=3),
        question(4, AcceptedAnswerId=5),
        answer(5, 4, at=day(4)),
        question(6, AcceptedAnswerId=99, ClosedDate=day(9)),
        question(7, AcceptedAnswerId=8),
        answer(8, 7, owner=1, at=day(5)),
        question(9),
        answer(10, 9),
    ]
    votes = [vote(1, 3, 1, day(7)), vote(2, 8, 1), vote(3, 10, 1), vote(4, 3, 1)]
    output = run_import(write_dump(tmp_path / "iot", Users=PEOPLE, Posts=posts, Votes=votes))
    resolution = Resolution.objects.get(thread=thread(1))
    assert list(resolution.posts.all()) == [post(3)]
    assert (resolution.has_solution, resolution.resolved_by, resolution.summary) == (True, thread(1).author, "")
    assert thread(1).status == Thread.Status.RESOLVED
    assert Resolution.objects.get(thread=thread(4)).resolved_at == moment(4)
    assert thread(6).status == Thread.Status.CLOSED
    assert Resolution.objects.get(thread=thread(7)).resolved_at == moment(5)
    assert thread(9).status == Thread.Status.OPEN
    award = Award.objects.get()
    assert (award.rule, award.points, award.member.name, award.tags) == ("solution", 15, "Cleo", ["a", "b"])
    assert "1 × the asker accepted their own answer" in output
    assert "1 × the answer is no longer the accepted one" in output
    assert "1 × says the same as an earlier row" in output
    assert inconsistencies() == []


def test_votes_become_counts_and_awards(tmp_path: Path) -> None:
    posts = [question(1, Tags="<a>", at=day(2)), answer(2, 1, at=day(2)), {**question(3), "PostTypeId": 5}]
    votes = [vote(1, 1), vote(2, 2), vote(3, 2, at=day(8)), vote(4, 2, 3), vote(5, 3), vote(6, 77), vote(7, 2, 99)]
    output = run_import(write_dump(tmp_path / "iot", Users=PEOPLE, Posts=posts, Votes=votes))
    assert (post(1).imported_votes, post(2).imported_votes, post(2).votes, post(2).helped) == (1, 2, 0, 2)
    award = Award.objects.get(cause="vote:iot:3")
    assert (award.rule, award.points, award.rules_version, award.giver) == ("helped", 10, RULES_VERSION, None)
    assert (award.subject, award.at, award.receiver_organization.slug) == (
        f"post:{post(2).pk}",
        moment(8),
        "imported-iot",
    )
    assert Award.objects.get(cause="vote:iot:2").at == moment(2)
    standing = Standing.objects.get(member__source_id="2", scope="tag:a")
    assert (standing.points, standing.awards) == (20, 2)
    for line in (
        "1 × not imported: type 3, DownMod",
        "1 × not imported: type 99, unknown",
        "1 × its post was skipped",
        "1 × its post is not in the dump",
    ):
        assert f"Votes: {line}" in output
    assert inconsistencies() == []


def test_reopening_takes_back_what_an_imported_solution_earned(tmp_path: Path) -> None:
    from threads.actions.resolution import reopen

    posts = [question(1, AcceptedAnswerId=2), answer(2, 1)]
    dump = write_dump(tmp_path / "iot", Users=PEOPLE, Posts=posts, Votes=[vote(1, 2, 1)])
    run_import(dump)
    reopen(by=Member.objects.create_superuser("n@example.org", handle="nia", name="Nia"), thread=thread(1))
    assert Standing.objects.get(member__source_id="2", scope="").points == 0
    assert counts(run_import(dump))["all"][1] == 0
    assert thread(1).status == Thread.Status.OPEN


def test_links_become_relations(tmp_path: Path) -> None:
    posts = [question(1), question(2), answer(3, 2), {**question(4), "PostTypeId": 4}]
    links = [
        {"Id": number, "PostId": one, "RelatedPostId": other, "LinkTypeId": kind, "CreationDate": day(number)}
        for number, (one, other, kind) in enumerate(
            [(1, 2, 3), (1, 3, 1), (1, 2, 1), (2, 3, 1), (1, 99, 1), (1, 4, 1), (1, 2, 7)], start=1
        )
    ]
    output = run_import(write_dump(tmp_path / "iot", Users=PEOPLE, Posts=posts, PostLinks=links))
    rows = Relation.objects.order_by("added_at").values_list("thread", "other", "kind")
    assert list(rows) == [(thread(1).pk, thread(2).pk, "duplicate"), (thread(1).pk, thread(2).pk, "related")]
    assert counts(output)["PostLinks"] == (7, 2, 0, 5)
    assert "1 × links a thread to itself" in output
    assert counts(run_import(tmp_path / "iot"))["PostLinks"] == (7, 0, 2, 5)


def test_history_becomes_revisions(tmp_path: Path) -> None:
    rows = [
        history(1, 1, 2, "first", "a", UserId=1),
        history(2, 1, 1, "Title", "a", UserId=1),
        history(3, 1, 3, "<x>", "a", UserId=1),
        history(4, 1, 5, "second", "b", UserId=2, Comment="better"),
        history(5, 1, 4, "New title", "c", UserDisplayName="gone"),
        history(6, 1, 6, "<x><y>", "d", Comment="tagged"),
        history(7, 1, 8, "first", "e", UserId=1, ContentLicense="CC BY-SA 3.0"),
        history(8, 1, 10, "closed", "f"),
        history(9, 5, 2, "nowhere", "g"),
    ]
    output = run_import(write_dump(tmp_path / "iot", Users=PEOPLE, Posts=[question(1)], PostHistory=rows))
    revisions = list(PostRevision.objects.filter(post=post(1)))
    assert [(row.number, row.body, row.title, row.reason) for row in revisions] == [
        (1, "first", "Title", ""),
        (2, "second", "Title", "better"),
        (3, "second", "New title", ""),
        (4, "second", "New title", "tagged; tags: x, y"),
        (5, "first", "New title", ""),
    ]
    assert [row.editor.name if row.editor else None for row in revisions] == ["Ada", "Ben", "gone", None, "Ada"]
    assert (revisions[0].source_id, revisions[4].source_license, post(1).version) == ("1", "CC BY-SA 3.0", 5)
    assert counts(output)["PostHistory"] == (9, 7, 0, 2)
    assert "1 × not imported: type 10, Post closed" in output
    assert inconsistencies() == []


def test_badges_and_tags(tmp_path: Path) -> None:
    badges = [
        {"Id": 1, "UserId": 1, "Name": "Teacher", "Date": day(1)},
        {"Id": 2, "UserId": 99, "Name": "Teacher", "Date": day(1)},
    ]
    tags = [{"Id": 1, "TagName": "Wi-Fi"}, {"Id": 2, "TagName": "wi-fi"}, {"Id": 3, "TagName": " "}]
    output = run_import(write_dump(tmp_path / "iot", Users=PEOPLE, Posts=[], Badges=badges, Tags=tags))
    assert [(row.name, row.member.name, row.given_at) for row in Badge.objects.all()] == [("Teacher", "Ada", moment(1))]
    assert list(Tag.objects.values_list("slug", flat=True)) == ["wi-fi"]
    assert counts(output)["Tags"] == (3, 1, 0, 2)
    assert "Badges: 1 × its user is not in the dump" in output


def test_a_newer_dump_adds_what_is_new_and_numbers_go_on(tmp_path: Path) -> None:
    early = [question(1, at=day(1)), answer(3, 1, at=day(5))]
    run_import(write_dump(tmp_path / "iot", Users=PEOPLE, Posts=early, Comments=[comment(1, 3, at=day(6))]))
    before = {row.pk: (row.number, row.html) for row in Post.objects.all()}
    later = [question(1, at=day(1), AcceptedAnswerId=4), answer(3, 1, at=day(5)), answer(4, 1, at=day(2)), question(7)]
    notes = [comment(1, 3, at=day(6)), comment(2, 3, at=day(8))]
    votes = [vote(1, 3), vote(2, 4, 1)]
    output = run_import(
        write_dump(tmp_path / "iot", Users=[*PEOPLE, user(9)], Posts=later, Comments=notes, Votes=votes)
    )
    assert before.items() <= {row.pk: (row.number, row.html) for row in Post.objects.all()}.items()
    assert (post(4).number, note(2).number, thread(1).last_number) == (4, 5, 5)
    assert (thread(1).status, thread(1).reply_count, post(3).note_count) == (Thread.Status.RESOLVED, 2, 2)
    assert thread(1).last_activity_at == moment(8)
    assert counts(output)["Posts"] == (4, 2, 2, 0)
    assert inconsistencies() == []


def test_what_members_did_here_stays(tmp_path: Path) -> None:
    from threads.actions.posts import post_reply

    nia = Member.objects.create_superuser("n@example.org", handle="nia", name="Nia")
    dump = write_dump(tmp_path / "iot", Users=PEOPLE, Posts=[question(1)])
    run_import(dump)
    reply = post_reply(by=nia, thread=thread(1), body="Still so.")
    run_import(write_dump(tmp_path / "iot", Users=PEOPLE, Posts=[question(1), answer(2, 1, at=day(1))]))
    assert (reply.number, post(2).number) == (2, 3)
    assert (thread(1).last_post_by, thread(1).reply_count) == (nia, 2)
    assert inconsistencies() == []


def test_two_sites_with_the_same_ids_do_not_meet(tmp_path: Path) -> None:
    posts = [question(1, AcceptedAnswerId=2), answer(2, 1)]
    for site in ("iot", "diy.meta"):
        run_import(
            write_dump(
                tmp_path / site, Users=PEOPLE, Posts=posts, Comments=[comment(1, 2)], Votes=[vote(1, 2), vote(2, 2, 1)]
            )
        )
    assert Thread.objects.count() == 2
    assert Award.objects.count() == 4
    assert Thread.objects.get(source_site="diy.meta").organization.slug == "imported-diy-meta"
    assert inconsistencies() == []


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    dump = write_dump(
        tmp_path / "iot",
        Users=PEOPLE,
        Posts=[question(1, Tags="<a>"), answer(2, 1), answer(3, 9)],
        Comments=[comment(1, 1)],
        Votes=[vote(1, 2), vote(2, 2, 3)],
        PostHistory=[history(1, 1, 2, "x", "a"), history(2, 1, 1, "y", "a")],
    )
    empty = snapshot()
    dry = run_import(dump, dry_run=True)
    assert snapshot() == empty
    assert not Organization.objects.exists()
    assert "nothing was written" in dry
    assert counts(dry) == counts(run_import(dump))
    again = counts(run_import(dump, dry_run=True))
    assert again == counts(run_import(dump))
    assert again["all"] == (11, 0, 9, 2)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"site": "My dump"}, "--site"),
        ({"space": "my space"}, "cannot be a space's address"),
        ({"batch": 0}, "--batch must be from 1"),
    ],
)
def test_bad_options_are_refused_with_what_to_do(tmp_path: Path, options: dict[str, object], says: str) -> None:
    dump = write_dump(tmp_path / "iot", Users=PEOPLE, Posts=[])
    with pytest.raises(CommandError, match=says):
        call_command("import_stackexchange", str(dump), **{"space": "archive", **options})
    assert not Organization.objects.exists()
