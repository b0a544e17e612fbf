"""Asks what people ask, and says how long it took and whether that is within bounds."""

import gc
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.models import Space
from tests.benchmarks.processor import Spent
from tests.benchmarks.search.filling import SPACE, Site, say
from tests.benchmarks.search.sizes import sizes
from threads.actions.posts import post_reply
from threads.actions.threads import open_thread
from threads.models import Post, Tag, Thread
from threads.queries.search import search
from threads.queries.similar import similar
from threads.rules.words import terms_of

NOT_COUNTED = 10
WRITTEN = 40
SMALL = 100_000
_COMMON, _SHORTEST = 40, 4

Ask = Callable[[str], object]


@dataclass(frozen=True)
class Took:
    """Milliseconds of each question by the clock and of this process's processor; of the database's on average."""

    clock: list[float]
    processor: list[float]
    server: float

    def line(self) -> str:
        """As a row of the table has it."""
        return f"{_spread(self.clock):>14}{_spread(self.processor):>14}{self.server:>10.1f}"


def bound(posts: int) -> int:
    """What the 95th percentile by the clock has to keep to, in milliseconds."""
    if posts <= SMALL + SMALL // 100:
        return 100
    return {"postgresql": 200, "sqlite": 500}[connection.vendor]


def measure_site(site: Site, asked: int) -> bool:
    """Ask everything of a site and print what it took; whether all is within bounds."""
    posts = Post.objects.count()
    say(f"{connection.vendor}, {posts:,} posts in {Thread.objects.count():,} threads; ms, p50/p95 of {asked}:")
    say(f"{'':34}{'by the clock':>14}{'processor':>14}{'database':>10}  statements")
    gc.collect()
    gc.freeze()  # as the server does once it has started
    reached = True
    for name, (ask, texts) in _questions(site, asked + NOT_COUNTED).items():
        for text in texts[:NOT_COUNTED]:
            ask(text)
        took = _took(ask, texts[NOT_COUNTED:])
        within = _at(took.clock, 0.95) <= bound(posts)
        reached = reached and within
        verdict = "reached" if within else "MISSED"
        say(f"{name:34}{took.line()}  {_statements(ask, texts[0]):>6}  {bound(posts)} ms at p95: {verdict}")
    say("index: " + ", ".join(f"{part} {size / 2**20:,.0f} MiB" for part, size in sizes().items()))
    _write(site)
    return reached


def _questions(site: Site, many: int) -> dict[str, tuple[Ask, list[str]]]:
    viewer, draw = site.viewer, random.Random(site.draw.random())
    chosen = [draw.choice(site.texts) for _number in range(many)]
    words, tags = _common_words(site.texts), _common_tags()
    pairs = [" ".join(draw.sample(words, 2)) for _number in range(many)]
    narrowed = [f"tag:{draw.choice(tags)} {draw.choice(words)}" for _number in range(many)]

    def searched(text: str) -> object:
        return search(viewer, text, mend=True, facets=True)  # as the page asks

    return {
        "search, titles": (searched, [title for title, _body in chosen]),
        "search, bodies": (searched, [body for _title, body in chosen]),
        "search, two common words": (searched, pairs),
        "search, a common word with a tag": (searched, narrowed),
        "similar, titles with bodies": (lambda text: similar(viewer, text), ["\n".join(each) for each in chosen]),
    }


def _common_words(texts: Sequence[tuple[str, str]]) -> list[str]:
    """The words that are in most of the texts, function words left out."""
    counts: Counter[str] = Counter()
    for title, body in texts:
        counts.update({word for word in f"{title} {body}".lower().split() if word.isalpha()})
    often = (word for word, _count in counts.most_common(10 * _COMMON) if len(word) >= _SHORTEST and terms_of(word))
    return list(islice(often, _COMMON))


def _common_tags() -> list[str]:
    tagged: Any = Thread.tags.through.objects.values_list("tag_id", flat=True)
    ids = [pk for pk, _count in Counter(tagged).most_common(_COMMON // 2)]
    return list(Tag.objects.filter(pk__in=ids).order_by("pk").values_list("slug", flat=True))


def _took(ask: Ask, texts: Sequence[str]) -> Took:
    before, each = Spent.now(), list(_each(ask, texts))
    whole = Spent.now() - before
    clock, processor = [1000 * one.clock for one in each], [1000 * one.own for one in each]
    return Took(clock, processor, 1000 * whole.server / len(texts))


def _each(ask: Ask, texts: Sequence[str]) -> Iterator[Spent]:
    for text in texts:
        before = Spent.here()
        ask(text)
        yield Spent.here() - before


def _statements(ask: Ask, text: str) -> int:
    with CaptureQueriesContext(connection) as said:
        ask(text)
    return len(said)


def _write(site: Site) -> None:
    """Write as members do, and say what that takes with so much there already."""
    space, texts = Space.objects.get(slug=SPACE), [site.draw.choice(site.texts) for _number in range(2 * WRITTEN)]
    before = Spent.now()
    threads = [
        open_thread(by=site.viewer, space=space, title=title[:200] or "Untitled", body=body or title)
        for title, body in texts[:WRITTEN]
    ]
    opened = Spent.now() - before
    for thread, (title, body) in zip(threads, texts[WRITTEN:], strict=True):
        post_reply(by=site.viewer, thread=thread, body=body or title)
    replied = Spent.now() - before - opened
    say(f"writing there, processor with the database's: thread {_mean(opened)}, reply {_mean(replied)}")


def _mean(spent: Spent) -> str:
    return f"{1000 * spent.processor / WRITTEN:.1f} ms"


def _spread(values: Sequence[float]) -> str:
    return f"{_at(values, 0.5):.0f}/{_at(values, 0.95):.0f}"


def _at(values: Sequence[float], share: float) -> float:
    return sorted(values)[int(share * len(values))]
