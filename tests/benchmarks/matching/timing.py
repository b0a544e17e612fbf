"""How long finding candidates takes on a large site of real texts."""

import csv
import gc
import gzip
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

TEXTS = Path(__file__).resolve().parents[4] / "shared" / "data" / "mozilla-support"
_CENTERS, _PRODUCTS, _TAGS, _ANSWERERS = 2_200, 40, 400, 3_000
_ASKED, _NOT_COUNTED = 70, 10
_DAYS = 900


def measure(members: int, posts: int) -> None:
    """Fill the empty database in use and print what asking costs."""
    from threads.models import Thread

    draw = random.Random(7)
    fill(draw, members, posts)
    gc.collect()
    gc.freeze()  # as the server does once it has started
    ids = draw.sample(list(Thread.objects.filter(status="open").values_list("pk", flat=True)), _ASKED + _NOT_COUNTED)
    threads = list(Thread.objects.filter(pk__in=ids).select_related("space", "product", "author"))
    queries = [_queries(thread) for thread in threads[:_NOT_COUNTED]]
    took, busy = [], []
    for thread in threads[_NOT_COUNTED:]:
        clock, cpu = _ask(thread)
        took.append(clock)
        busy.append(cpu)
    sys.stdout.write(
        f"{connection.vendor}: {len(took)} threads of {Thread.objects.count():,}; by the clock {_spread(took)}; "
        f"processor of this process {_spread(busy)}; at most {max(queries)} queries\n"
    )


def _spread(values: list[float]) -> str:
    return f"p50 {_at(values, 0.5):.0f} ms, p95 {_at(values, 0.95):.0f} ms"


def _ask(thread: Any) -> tuple[float, float]:
    from threads.queries.matching import candidates_for

    clock, cpu = time.perf_counter(), time.process_time()
    candidates_for(thread.author, thread)
    return 1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - cpu)


def _queries(thread: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        _ask(thread)
    return len(captured)


def _at(values: Sequence[float], share: float) -> float:
    return sorted(values)[int(share * len(values))]


def fill(draw: random.Random, members: int, posts: int) -> None:
    """A network with real questions and answers under other names, the busiest answering most."""
    from community.models import Member, Space
    from community.rules.seeding import SHARED_SPACE
    from threads.actions.indexing import index_posts
    from threads.models import Product, Tag, Thread

    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("seed_network", members=members, centers=_CENTERS, verbosity=0)
    space, people = Space.objects.get(slug=SHARED_SPACE), list(Member.objects.order_by("pk"))
    products = Product.objects.bulk_create(
        [Product(name=f"Product {number}", slug=f"p{number}") for number in range(_PRODUCTS)]
    )
    tags = Tag.objects.bulk_create([Tag(slug=f"tag-{number}") for number in range(_TAGS)])
    often = [1 / (number + 1) ** 0.9 for number in range(_TAGS)]
    answerers = draw.sample(people, min(_ANSWERERS, len(people)))
    talks = list(_talks(posts))
    with transaction.atomic():
        threads = _threads(draw, talks, people, products, space)
        tagged = {thread.pk: sorted({tag.pk for tag in draw.choices(tags, often, k=3)}) for thread in threads}
        through = Thread.tags.through
        through.objects.bulk_create(
            [through(thread_id=pk, tag_id=tag) for pk, several in tagged.items() for tag in several], batch_size=5_000
        )
        written = _written(draw, threads, talks, answerers)
        _resolve(draw, threads, written, tagged, {tag.pk: tag.slug for tag in tags})
    for begin in range(0, len(written), 4_000):
        with transaction.atomic():
            index_posts(written[begin : begin + 4_000])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _threads(draw: random.Random, talks: Any, people: Any, products: Any, space: Any) -> Any:
    from threads.models import Thread

    threads, start = [], timezone.now() - timedelta(days=_DAYS)
    for number, (question, answers) in enumerate(talks):
        asker, at = draw.choice(people), start + timedelta(days=_DAYS * number / len(talks))
        thread = Thread(space=space, organization_id=asker.organization_id, center_id=asker.center_id, author=asker)
        thread.title = question["title"][:200] or "Untitled"
        thread.created_at = thread.last_activity_at = at
        thread.product = draw.choice(products) if draw.random() < 0.7 else None
        thread.last_number, thread.reply_count = 1 + len(answers), len(answers)
        threads.append(thread)
    Thread.objects.bulk_create(threads, batch_size=1_000)
    return threads


def _written(draw: random.Random, threads: Any, talks: Any, answerers: Any) -> list[Any]:
    from threads.models import Post

    busy = [1 / (number + 1) ** 0.7 for number in range(len(answerers))]
    written = []
    for thread, (question, answers) in zip(threads, talks, strict=True):
        written.append(_post(thread, 1, thread.author, question["content"], thread.created_at))
        who: dict[str, Any] = {question["creator"]: thread.author}
        for number, answer in enumerate(answers, 2):
            author = who.setdefault(answer["creator"], draw.choices(answerers, busy)[0])
            at = thread.created_at + timedelta(hours=number)
            written.append(_post(thread, number, author, answer["content"], at))
    Post.objects.bulk_create(written, batch_size=2_000)
    return written


def _talks(posts: int) -> Iterator[tuple[dict[str, str], list[dict[str, str]]]]:
    """Questions with their answers, as often as it takes to have so many posts."""
    csv.field_size_limit(10**9)
    with gzip.open(TEXTS / "questions.csv.gz", "rt") as file:
        questions = list(csv.DictReader(file))
    answers: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    with gzip.open(TEXTS / "answers.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            answers[row["question_id"]].append(row)
    made = 0
    while True:
        for question in questions:
            if made >= posts:
                return
            made += 1 + len(answers[question["id"]])
            yield question, answers[question["id"]]


def _post(thread: Any, number: int, author: Any, text: str, at: Any) -> Any:
    from threads.models import Post

    return Post(
        thread=thread, number=number, author=author, organization_id=author.organization_id, body=text, markup="html",
        html=text, created_at=at,
    )  # fmt: skip


def _resolve(draw: random.Random, threads: Any, posts: Any, tagged: Any, slugs: dict[int, str]) -> None:
    """Half of the answered threads are solved by one of their answers, which counts in their tags."""
    from reputation.models import Standing
    from threads.models import Resolution, Thread

    answers: defaultdict[int, list[Any]] = defaultdict(list)
    for post in posts:
        if post.number > 1 and post.author_id != post.thread.author_id:
            answers[post.thread_id].append(post)
    solved = {
        thread.pk: draw.choice(answers[thread.pk]) for thread in threads if answers[thread.pk] and draw.random() < 0.5
    }
    made = Resolution.objects.bulk_create(
        [Resolution(thread_id=pk, has_solution=True, resolved_at=post.created_at) for pk, post in solved.items()],
        batch_size=2_000,
    )
    through = Resolution.posts.through
    through.objects.bulk_create(
        [through(resolution_id=row.pk, post_id=solved[row.thread_id].pk) for row in made], batch_size=5_000
    )
    ids = sorted(solved)
    for begin in range(0, len(ids), 5_000):
        Thread.objects.filter(pk__in=ids[begin : begin + 5_000]).update(status="resolved")
    points: Counter[tuple[int, str]] = Counter()
    for pk, post in solved.items():
        for scope in ("", *(f"tag:{slugs[tag]}" for tag in tagged[pk])):
            points[post.author_id, scope] += 15
    Standing.objects.bulk_create(
        [Standing(member_id=who, scope=scope, points=sum_, awards=1) for (who, scope), sum_ in points.items()],
        batch_size=5_000,
    )
