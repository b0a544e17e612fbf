"""How often whoever really solved a problem is among the first who would have been asked."""

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.matching.past import Past, Question

_NOWHERE = 10**6
_LOOKED_AT = 60
TAGGED, FILLED, MATCHER = "most answers in the tags", "filled up with the most active", "matcher"


@dataclass
class Ranks:
    """At which place, from 0, each way of asking had the solver of each question, the oldest question last."""

    site: str
    known: int = 0
    by_way: dict[str, list[int]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many questions there were."""
        return len(self.by_way.get(MATCHER, ()))

    def hits(self, way: str, most: int, among: slice = slice(None)) -> float:
        """How often the solver was among the first so many."""
        ranks = self.by_way[way][among]
        return sum(rank < most for rank in ranks) / max(1, len(ranks))

    def ratio(self, base: str, most: int = 5, among: slice = slice(None)) -> float:
        """How much oftener the matcher had them than `base`."""
        return self.hits(MATCHER, most, among) / max(1e-9, self.hits(base, most, among))


def ranks_in(dump: Path, *, most: int | None = None) -> Ranks:
    """Ask about each question of a dump (or the newest so many), in the empty database in use."""
    past = Past.of(dump)
    found = Ranks(dump.name)
    for question in past.questions(dump)[:most]:
        past.back_to(question)
        found.known += _answered_before(question)
        for way, names in _ways(question):
            found.by_way.setdefault(way, []).append(
                names.index(question.solver) if question.solver in names else _NOWHERE
            )
    return found


def _ways(question: Question) -> Iterator[tuple[str, list[int]]]:
    from community.models import Member
    from community.rules import clock
    from threads.models import Thread
    from threads.queries.matching import candidates_for

    thread = Thread.objects.select_related("space", "product").get(pk=question.thread)
    asker = Member.objects.get(pk=question.asker)
    tagged, anywhere = _answers(question, in_tags=True), _answers(question, in_tags=False)
    by_tag = sorted(tagged, key=lambda who: (-tagged[who], -anywhere[who], who))
    yield TAGGED, by_tag
    rest = sorted(anywhere.keys() - tagged.keys(), key=lambda who: (-anywhere[who], who))
    yield FILLED, by_tag + rest
    with clock.at(question.at):
        yield MATCHER, [each.member.pk for each in candidates_for(asker, thread, limit=_LOOKED_AT)]


def _answers(question: Question, *, in_tags: bool) -> Counter[int]:
    """How many answers everybody but the asker wrote; in tags once for each tag that their thread shares."""
    from threads.models import Post, Thread

    answers = Post.objects.filter(number__gt=1, parent__isnull=True).exclude(author=question.asker)
    if in_tags:
        tags = Thread.tags.through.objects.filter(thread_id=question.thread).values("tag_id")
        answers = answers.filter(thread__tags__in=tags)
    return Counter(answers.values_list("author_id", flat=True))


def _answered_before(question: Question) -> bool:
    from threads.models import Post

    return Post.objects.filter(number__gt=1, parent__isnull=True, author=question.solver).exists()


def show(ranks: Ranks, write: Callable[[str], object] = sys.stdout.write) -> None:
    """The table, as it stands in docs/performance.md."""
    write(f"\n{ranks.site}: {ranks.count} solved by another; the solver had answered before in {ranks.known}\n\n")
    write("| | hits@1 | hits@5 | hits@10 | matcher, first 5 |\n|---|---|---|---|---|\n")
    for way in ranks.by_way:
        hits = " | ".join(f"{ranks.hits(way, most):.3f}" for most in (1, 5, 10))
        against = "" if way == MATCHER else f"{ranks.ratio(way):.2f} x"
        write(f"| {way} | {hits} | {against} |\n")
    newest = slice(0, ranks.count * 4 // 10)
    for way in (TAGGED, FILLED):
        low, high = resampled(ranks, way)
        write(
            f"against {way}: {ranks.ratio(way):.2f} x on all ({low:.2f} to {high:.2f} in 90% of 2,000 resamples), "
            f"{ranks.ratio(way, among=newest):.2f} x on the newest 40%\n"
        )


def resampled(ranks: Ranks, base: str, *, rounds: int = 2_000, seed: int = 4) -> tuple[float, float]:
    """Between which ratios 90% of resamples of the questions lie."""
    pairs: Sequence[tuple[int, int]] = list(zip(ranks.by_way[MATCHER], ranks.by_way[base], strict=True))
    draw, ratios = random.Random(seed), []
    for _round in range(rounds):
        sample = draw.choices(pairs, k=len(pairs))
        below = sum(rank < 5 for _own, rank in sample)
        if below:
            ratios.append(sum(own < 5 for own, _rank in sample) / below)
    ratios.sort()
    return ratios[int(0.05 * len(ratios))], ratios[int(0.95 * len(ratios))]
