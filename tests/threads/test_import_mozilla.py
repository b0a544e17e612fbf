"""Importing small exports of Mozilla Support: what is made of each kind of row, and what happens to odd ones."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from community.models import Member, Organization, Space
from reputation.models import Award
from tests.threads.dumps import counts, inconsistencies, snapshot
from tests.threads.exports import answered, article, asked, pointing, run_export, stamp, write_export
from threads.importers.mozilla.articles import markdown_of
from threads.importers.mozilla.links import ArticleLinks
from threads.models import Post, Practice, Product, Resolution, Reuse, SearchEntry, Thread

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

WEB = "https://support.mozilla.org"


def when(number: int) -> datetime:
    return datetime.fromisoformat(stamp(number).replace(" +", "+")).astimezone(UTC)


def post(key: str) -> Post:
    return Post.objects.get(source_id=key)


def test_questions_and_answers_become_threads_numbered_by_date(tmp_path: Path) -> None:
    questions = [
        asked(
            9, title="  It\nfails ", topic="settings", tags="Fix Problems;calendar;", locale="it",
            content='<p><a href="/kb/x">a</a> <a href="#question-9">b</a> <a href="https://x.org/#c">c</a></p>',
        )
    ]  # fmt: skip
    answers = [
        answered(9, 9, at=5, num_helpful=3, num_unhelpful=1, updated=stamp(6)),
        answered(7, 9, at=3, by="ada", num_unhelpful=2),
    ]
    output = run_export(write_export(tmp_path / "x", questions=questions, answers=answers))
    thread = Thread.objects.get()
    assert (thread.title, thread.status, thread.space.slug) == ("It fails", Thread.Status.OPEN, "archive")
    assert thread.space.audience == Space.Audience.NETWORK
    assert sorted(thread.tags.values_list("slug", flat=True)) == ["calendar", "fix-problems", "it", "settings"]
    assert (thread.product and thread.product.slug, Product.objects.get().name) == ("thunderbird", "Thunderbird")
    rows = thread.posts.order_by("number")
    assert [(row.source_id, row.number, row.author.name, row.imported_score) for row in rows] == [
        ("9", 1, "ada", None),
        ("answer-7", 2, "ada", -2),
        ("answer-9", 3, "ben", 2),
    ]
    assert [row.edited_at for row in rows] == [None, None, when(6)]
    assert thread.source == {
        "site": "support.mozilla.org",
        "id": "9",
        "url": f"{WEB}/questions/9",
        "license": "CC BY-SA",
    }
    assert post("answer-7").source_url == f"{WEB}/questions/9#answer-7"
    for link in (f'href="{WEB}/kb/x"', f'href="{WEB}/questions/9#question-9"', 'href="https://x.org/#c"'):
        assert link in post("9").html
    assert (post("answer-9").imported_votes, Award.objects.count()) == (3, 3)
    assert set(Award.objects.values_list("rule", "member__name", "at")) == {("helped", "ben", when(5))}
    assert not Resolution.objects.exists()
    ada = Member.objects.get(source_id="ada")
    assert (ada.joined_at, ada.email, ada.has_usable_password()) == (when(1), None, False)
    assert ada.organization == Organization.objects.get(slug="imported-support-mozilla-org")
    assert counts(output) == {
        "Questions": (1, 1, 0, 0), "Answers": (2, 2, 0, 0), "People": (2, 2, 0, 0), "Helpful": (3, 3, 0, 0),
        "Links": (0, 0, 0, 0), "all": (8, 8, 0, 0),
    }  # fmt: skip
    assert "articles.csv is not there" in output
    assert inconsistencies() == []


def test_articles_become_validated_practices(tmp_path: Path) -> None:
    html = '<div id="toc"><h2>Contents</h2></div><h1>First</h1><p>See <a href="/kb/y">y</a>.</p>'
    rows = [
        article(1, "x", html=html),
        article(2, "x", locale="it"),
        article(3, "empty", html="<p></p>", text="", summary=""),
    ]
    output = run_export(write_export(tmp_path / "x", questions=[], answers=[], articles=rows))
    practice = Practice.objects.get(source_id="x")
    assert (practice.confidence, practice.basis, practice.place) == ("validated", "imported", practice.place_now())
    assert (practice.title, practice.problem) == ("About x", "How x works.")
    assert practice.resolution == f"# First\n\nSee [y]({WEB}/kb/y)."
    assert "<h3>First</h3>" in practice.resolution_html
    assert practice.source_url == f"{WEB}/en-US/kb/x"
    assert practice.recorded_by.name == "Knowledge base of support.mozilla.org"
    assert (practice.thread, practice.audience, practice.space.slug) == (None, "space", "archive")
    version = practice.versions.get()
    assert (version.number, version.kind, version.fields) == (1, "imported", practice.fields)
    assert SearchEntry.objects.filter(kind="practice", object_id=practice.pk).exists()
    assert list(Practice.objects.get(source_id="it/x").tags.values_list("slug", flat=True)) == ["it"]
    assert Practice.objects.get(source_id="empty").resolution == "About empty"
    assert counts(output)["Articles"] == (3, 3, 0, 0)


def test_questions_whose_answers_link_to_an_article_are_uses_of_it(tmp_path: Path) -> None:
    answers = [
        answered(1, 9, at=4, by="cleo", content=pointing("x", "x", "gone")),
        answered(2, 9, at=3, by="ben", content=f'<a href="{WEB}/kb/x?redirect=1#part">see</a>'),
        answered(3, 8, at=5, by="ben", content='<a href="/it/kb/y">see</a> <a href="https://x.org/kb/x">no</a>'),
    ]
    export = write_export(
        tmp_path / "x", questions=[asked(9, content=pointing("y")), asked(8)], answers=answers,
        articles=[article(1, "x"), article(2, "y")],
    )  # fmt: skip
    output = run_export(export)
    assert list(
        Reuse.objects.order_by("at").values_list("thread__source_id", "practice__source_id", "by__name", "at")
    ) == [
        ("9", "x", "ben", when(3)),
        ("8", "y", "ben", when(5)),
    ]
    assert not Reuse.objects.filter(solved_at__isnull=False).exists()
    assert Practice.objects.get(source_id="x").reuse_count == 1
    assert not Award.objects.exists()
    assert counts(output)["Links"] == (5, 2, 0, 3)
    assert "Links: 2 × says the same as an earlier row" in output
    assert "Links: 1 × the article is not in the export" in output
    assert inconsistencies() == []


def test_what_members_did_with_articles_stays(tmp_path: Path) -> None:
    from threads.actions.retiring import retire
    from threads.actions.reuse import withdraw_use

    export = write_export(
        tmp_path / "x", questions=[asked(9)], answers=[answered(1, 9, content=pointing("x"))],
        articles=[article(1, "x")],
    )  # fmt: skip
    run_export(export)
    nia = Member.objects.create_superuser("n@example.org", handle="nia", name="Nia")
    practice, thread = Practice.objects.get(), Thread.objects.get()
    withdraw_use(by=nia, thread=thread, practice=practice)
    retire(by=nia, practice=practice, reason="It is no longer so.")
    again = counts(run_export(write_export(tmp_path / "x", articles=[article(1, "x", title="Other"), article(2, "y")])))
    practice.refresh_from_db()
    assert (practice.title, practice.confidence, practice.reuse_count) == ("About x", "archived", 0)
    assert (again["Articles"], again["Links"]) == ((2, 1, 1, 0), (1, 0, 1, 0))


def test_odd_rows_are_left_out_or_mended_and_counted(tmp_path: Path) -> None:
    questions = [asked(1, title=" ", by=""), asked(2, title="x" * 254), asked(3, locale="cs"), asked(2)]
    answers = [
        answered(1, 1, at=1, by=" "), answered(2, 99), answered(3, 3), answered(4, 2, num_helpful=200),
        answered(5, 2, content="a\x00b\x0cc", by="x" * 90), answered(6, 2, num_helpful=-3),
    ]  # fmt: skip
    rows = [article(1, "x"), article(2, "x"), article(3, " "), article(4, "y", locale="cs")]
    export = write_export(tmp_path / "x", questions=questions, answers=answers, articles=rows)
    output = run_export(export, locale=["en-US"])
    assert Thread.objects.get(source_id="1").title == "It fails."
    assert (post("1").author.name, len(Thread.objects.get(source_id="2").title)) == ("Former member", 200)
    assert (post("answer-5").body, post("answer-4").imported_votes) == ("abc", 100)
    assert counts(output) == {
        "Questions": (4, 2, 0, 2), "Answers": (6, 4, 0, 2), "Articles": (4, 1, 0, 3), "People": (4, 4, 0, 0),
        "Helpful": (100, 100, 0, 0), "Links": (0, 0, 0, 0), "all": (118, 111, 0, 7),
    }  # fmt: skip
    for line in (
        "Questions: 1 × the same Id again",
        "Questions: 1 × is in a language that was not asked for",
        "Answers: 1 × its question is not in the export",
        "Answers: 1 × its question was skipped",
        "Articles: 1 × has no title or no address",
        "1 × more than 100 found an answer helpful",
        "2 × control character removed",
        "1 × question without a title",
        "1 × title shortened",
    ):
        assert line in output
    assert inconsistencies() == []


def test_a_newer_export_adds_what_is_new(tmp_path: Path) -> None:
    export = write_export(tmp_path / "x", questions=[asked(1)], answers=[answered(1, 1, at=9, num_helpful=1)])
    run_export(export)
    later = [answered(1, 1, at=9, num_helpful=2), answered(2, 1, at=4, content=pointing("x"))]
    write_export(export, questions=[asked(1), asked(2)], answers=later, articles=[article(1, "x")])
    output = counts(run_export(export))
    assert (output["Answers"], output["Questions"], output["Helpful"]) == ((2, 1, 1, 0), (2, 1, 1, 0), (2, 1, 1, 0))
    assert (post("answer-2").number, post("answer-1").imported_votes, Reuse.objects.count()) == (3, 2, 1)
    assert inconsistencies() == []


def test_answers_from_before_their_question_follow_it(tmp_path: Path) -> None:
    """By date, by id and in the file; also those whose question comes with a later export."""
    answers = [answered(2, 9, at=2), answered(3, 7, at=1), answered(1, 9, at=3)]
    export = write_export(tmp_path / "x", questions=[asked(9, at=5)], answers=answers)
    assert counts(run_export(export))["Answers"] == (3, 2, 0, 1)
    write_export(export, questions=[asked(7, at=6), asked(9, at=5)])
    assert counts(run_export(export))["Answers"] == (3, 1, 2, 0)
    numbered = {thread.source_id: list(thread.posts.order_by("number").values_list("source_id", flat=True))
                for thread in Thread.objects.all()}  # fmt: skip
    assert numbered == {"9": ["9", "answer-1", "answer-2"], "7": ["7", "answer-3"]}, "as if all were written then"
    assert inconsistencies() == []


def test_of_equal_ids_the_first_row_is_taken(tmp_path: Path) -> None:
    questions = [asked(1, title="First"), asked(1, title="Second")]
    answers = [answered(5, 1, content="<p>One.</p>"), answered(5, 1, content="<p>Two.</p>", num_helpful=4)]
    articles = [article(1, "x", title="Kept"), article(1, "y")]
    output = run_export(write_export(tmp_path / "x", questions=questions, answers=answers, articles=articles))
    assert (Thread.objects.get().title, post("answer-5").body) == ("First", "<p>One.</p>")
    assert (Practice.objects.get().title, post("answer-5").imported_votes) == ("Kept", 0)
    for name in ("Questions", "Answers", "Articles"):
        assert f"{name}: 1 × the same Id again" in output
        assert counts(output)[name] == (2, 1, 0, 1)
    assert inconsistencies() == []


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    answers = [answered(1, 1, num_helpful=2, content=pointing("x", "z")), answered(2, 7)]
    export = write_export(
        tmp_path / "x", packed=True, questions=[asked(1)], answers=answers, articles=[article(1, "x")]
    )
    empty = snapshot()
    dry = run_export(export, dry_run=True)
    assert snapshot() == empty
    assert "nothing was written" in dry
    assert counts(dry) == counts(run_export(export))
    assert counts(run_export(export, dry_run=True)) == counts(run_export(export))


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<p>Press <span class="for" data-for="win,linux">Ctrl</span><span class="for" data-for="mac">Cmd</span></p>',
         "Press (Windows, Linux: Ctrl) (macOS: Cmd)"),
        ('<div class="for" data-for="not tb115"><p>a</p></div>', "**not Thunderbird 115:**\n\na"),
        ('<h2><a href="#w_x">Part</a></h2><ul><li>one</li></ul>', "## Part\n\n- one"),
        ('<p><img src="/wait.gif" data-original-src="https://x.org/a.png" alt="A"></p>', "![A](https://x.org/a.png)"),
        ('<p>a</p><iframe src="https://x.org"></iframe><script>b()</script>', "a"),
        ("<p>a<b", "a<b"),
        ("<div>" * 5000 + "deep", "deep"),
    ],
)  # fmt: skip
def test_the_markdown_of_articles(html: str, said: str) -> None:
    found = markdown_of(html, web=WEB)
    assert " ".join(found.split(" ")).replace("  ", " ") == said


def test_links_to_articles() -> None:
    links = ArticleLinks("support.mozilla.org")

    def found(target: str) -> list[tuple[str, str]]:
        return list(links.found_in(f"<a class='x' href='{target}'>x</a>"))

    assert found("http://support.mozilla.org/pt-BR/kb/a-b#c") == [("pt-BR", "a-b")]
    assert found("/kb/caf%C3%A9/") == [("", "café")]
    assert found("https://support.mozilla.org/en-US/questions/1") == []
    assert found("https://evil.org/support.mozilla.org/kb/a") == []
    assert found("https://supportxmozilla.org/kb/a") == []
