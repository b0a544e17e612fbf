"""The benchmark of search measures what it says: a site grown in bulk is as the site itself would write it."""

from pathlib import Path

import pytest

from tests.benchmarks.search.asking import measure_site
from tests.benchmarks.search.filling import Site
from tests.threads.exports import answered, asked, write_export
from tests.threads.test_likeness import check_postings
from threads.actions.entries import post_entry, with_labels
from threads.models import Post, SearchEntry, SearchWord, Thread
from threads.queries.search import search
from threads.queries.similar import similar

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LONG = "The mail client refuses every message from the calendar server since the last update of the profile manager."


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Grown from six posts to twenty, then to forty."""
    questions = [asked(n, title=f"Calendar {n} & mail", tags="a;b", content=f"<p>{LONG} {n}</p>") for n in (1, 2, 3)]
    answers = [answered(n + 10, n, content=f"<p>Reset the profile {n}. {LONG}</p>") for n in (1, 2, 3)]
    return Site(write_export(tmp_path / "x", packed=True, questions=questions, answers=answers)).grown(20).grown(40)


def test_what_was_written_in_bulk_is_what_the_site_would_have_written(site: Site) -> None:
    posts = list(Post.objects.order_by("pk"))
    assert len(posts) in (40, 41)
    threads = with_labels({post.thread_id for post in posts})
    said = [post_entry(post, threads[post.thread_id]) for post in posts]
    texts = {(row.kind, row.subject_id, row.object_id, row.title, row.labels, row.body, row.size) for row in said}
    fields = ("kind", "subject_id", "object_id", "title", "labels", "body", "size")
    assert set(SearchEntry.objects.filter(kind__in=["thread", "post"]).values_list(*fields)) == texts
    check_postings()
    assert not SearchWord.objects.filter(counted_at__isnull=True).exists()
    bodies = {post.body for post in posts}
    assert len(bodies) > 30, "each varied"
    assert Thread.objects.filter(source_site="").count() == len(threads) - 3


def test_everything_is_asked_and_shown_beside_its_bound(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert {hit.id for hit in search(site.viewer, "calendar").hits} <= set(Thread.objects.values_list("pk", flat=True))
    assert similar(site.viewer, LONG)
    reached = measure_site(site, asked=3)
    shown = capsys.readouterr().out
    assert shown.count("100 ms at p95: ") == 5
    assert reached == ("MISSED" not in shown)
    for line in ("posts in 20 threads", "index: entries", "writing there"):
        assert line in shown
