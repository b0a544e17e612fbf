"""Whatever people do with threads and practices, in any order: standing is the ledger's sum, nobody is credited twice,
and what stands in the ledger follows from what stands in the threads and the archive, found here in another way.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.actions.erasure import erase_member
from community.actions.members import reinstate, suspend
from community.errors import Refused
from community.events.reactors import MEMBER_MOVED, react
from community.models import Member
from reputation.actions.rebuilding import differences
from reputation.models import Award, Vote
from tests.cast import Cast
from tests.reputation.suspending import counters_hold, settle_all
from threads.actions.judging import rejudge_marked
from threads.actions.merging import merge_practices, unmerge
from threads.actions.posts import delete_post, post_reply, restore_post
from threads.actions.practices import record_practice
from threads.actions.resolution import reopen, resolve
from threads.actions.retiring import retire, unretire
from threads.actions.reuse import use_practice, withdraw_use
from threads.actions.suggestions import accept_suggestion, suggest_edit
from threads.actions.threads import open_thread
from threads.actions.verdicts import say_verdict, withdraw_verdict
from threads.actions.votes import vote
from threads.models import Post, Practice, Resolution, Reuse, Thread
from threads.queries.governance import practices_to_rejudge

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NAMES = ("ada", "ben", "cleo", "zoe", "finn")
COMPANIES = ("acme", "brightline", "corax")
RECORD = {"problem": "Mail is late.", "cause": "The queue stopped.", "resolution": "Start the queue again."}

Step = tuple[object, ...]
names, places = st.sampled_from(NAMES), st.integers(0, 3)
steps = st.one_of(
    st.tuples(st.sampled_from(["vote", "vote", "unvote"]), names, places),
    st.tuples(st.sampled_from(["delete", "restore"]), places),
    st.tuples(st.just("resolve"), st.sampled_from(["asker", "nia"]), places, places),
    st.tuples(st.sampled_from(["reopen", "record", "retire", "unretire", "unmerge", "warn"]), st.integers(0, 1)),
    st.tuples(st.just("record"), st.integers(0, 1)),
    st.tuples(st.just("merge"), st.integers(0, 1), st.booleans()),
    st.tuples(
        st.sampled_from(["worked", "worked", "failed", "unsay", "use", "unuse", "suggest"]), names, st.integers(0, 1)
    ),
    st.tuples(st.sampled_from(["suspend", "reinstate", "erase"]), names),
    st.tuples(st.just("move"), names, st.sampled_from(COMPANIES)),
)


class Site:
    """Two threads of Ada's and Zoe's, to each of which Ben and Cleo replied."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.threads = [self._thread(asker, number) for number, asker in enumerate(("ada", "zoe"))]
        self.posts = list(Post.objects.filter(number__gt=1).order_by("pk").values_list("pk", flat=True))

    def _thread(self, asker: str, number: int) -> int:
        space, title = self.cast.spaces["lobby"], f"Mail is late for the {number + 1}. time"
        thread = open_thread(by=self.cast.people[asker], space=space, title=title, body="Since Sunday.")
        for name in ("ben", "cleo"):
            post_reply(by=self.cast.people[name], thread=thread, body=f"I am {name}: start the queue.")
        return thread.pk

    def member(self, name: str) -> Member:
        return Member.objects.get(pk=self.cast.people[name].pk)

    def post(self, place: int) -> Post:
        return Post.objects.get(pk=self.posts[place])

    def thread(self, place: int) -> Thread:
        return Thread.objects.get(pk=self.threads[place])

    def practice(self, place: int) -> Practice:
        found = Practice.objects.filter(thread=self.threads[place], follows_record=False).first()
        if found is None:
            raise Refused("not recorded")
        return found

    def vote(self, name: str, place: int) -> None:
        vote(by=self.member(name), post=self.post(place), value=True)

    def unvote(self, name: str, place: int) -> None:
        vote(by=self.member(name), post=self.post(place), value=False)

    def delete(self, place: int) -> None:
        delete_post(by=self.cast.nia, post=self.post(place))

    def restore(self, place: int) -> None:
        restore_post(by=self.cast.nia, post=self.post(place))

    def resolve(self, by: str, *places: int) -> None:
        solutions = [self.post(place) for place in set(places)]
        thread = solutions[0].thread
        who = Member.objects.get(pk=thread.author_id) if by == "asker" else self.cast.nia
        here = [post for post in solutions if post.thread_id == thread.pk]
        resolve(by=who, thread=thread, posts=here, record=RECORD)

    def reopen(self, place: int) -> None:
        reopen(by=self.cast.nia, thread=self.thread(place), reason="It is back.")

    def record(self, place: int) -> None:
        texts = RECORD | {"environment": f"Gateway {place}."}
        record_practice(by=self.member("ben"), thread=self.thread(place), title=f"Late mail {place}", fields=texts)

    def retire(self, place: int) -> None:
        retire(by=self.cast.nia, practice=self.practice(place), reason="Not used.")

    def unretire(self, place: int) -> None:
        unretire(by=self.cast.nia, practice=self.practice(place), reason="Used again.")

    def merge(self, place: int, carry_verdicts: bool) -> None:
        target = self.practice(1 - place)
        merge_practices(
            by=self.cast.nia, source=self.practice(place), target=target, reason="The same.", version=target.version,
            carry_verdicts=carry_verdicts,
        )  # fmt: skip

    def unmerge(self, place: int) -> None:
        unmerge(by=self.cast.nia, practice=self.practice(place), reason="Not the same.")

    def warn(self, place: int) -> None:
        say_verdict(by=self.cast.mo, practice=self.practice(place), kind="dangerous", note="It deleted our mail.")

    def worked(self, name: str, place: int) -> None:
        say_verdict(by=self.member(name), practice=self.practice(place), kind="worked")

    def failed(self, name: str, place: int) -> None:
        say_verdict(by=self.member(name), practice=self.practice(place), kind="failed", note="Not for us.")

    def unsay(self, name: str, place: int) -> None:
        withdraw_verdict(by=self.member(name), practice=self.practice(place))

    def use(self, name: str, place: int) -> None:
        member = self.member(name)
        thread = open_thread(by=member, space=self.cast.spaces["lobby"], title="Here too", body="Again.")
        use_practice(by=member, thread=thread, practice=self.practice(place))

    def unuse(self, name: str, place: int) -> None:
        use = Reuse.objects.filter(by=self.member(name), practice=self.practice(place), until=None).first()
        if use is not None:
            withdraw_use(by=use.by, thread=use.thread, practice=use.practice)

    def suggest(self, name: str, place: int) -> None:
        practice = self.practice(place)
        fields = {"resolution": f"Start the queue again, {name}, for version {practice.version}."}
        suggested = suggest_edit(
            by=self.member(name), practice=practice, fields=fields, reason="Clearer.", base_version=practice.version
        )
        accept_suggestion(by=self.cast.nia, suggestion=suggested, version=practice.version, number=suggested.number)

    def suspend(self, name: str) -> None:
        suspend(by=self.cast.nia, member=self.member(name))

    def reinstate(self, name: str) -> None:
        reinstate(by=self.cast.nia, member=self.member(name))

    def erase(self, name: str) -> None:
        member = self.member(name)
        erase_member(by=self.cast.nia, member=member, handle=member.handle)

    def move(self, name: str, company: str) -> None:
        member = self.member(name)
        Member.objects.filter(pk=member.pk).update(organization=self.cast.organizations[company], center=None)
        react(MEMBER_MOVED, member=member)

    def settle(self) -> None:
        """What the worker does."""
        settle_all()
        for pk in practices_to_rejudge():
            rejudge_marked(practice_id=pk)


def causes(*rules: Award.Rule) -> set[str]:
    rows = Award.objects.filter(rule__in=rules, reverses=None, reversal=None)
    return {row.cause.partition("#")[0] for row in rows}


def due_for_votes() -> set[str]:
    votes = Vote.objects.filter(withheld_at=None, post__deleted_at=None)
    return {f"vote:{vote.post_id}:{vote.voter_id}" for vote in votes}


def due_for_solutions() -> set[str]:
    standing = Resolution.objects.filter(thread__status="resolved", reopened_at=None)
    return {
        f"solution:{post.pk}"
        for resolution in standing
        for post in resolution.posts.all()
        if post.author_id not in {resolution.thread.author_id, resolution.resolved_by_id}
    }


def due_for_recording() -> set[str]:
    """One that was merged into another still says what helped: it keeps its reward."""
    recorded = Practice.objects.filter(follows_record=False)
    standing = recorded.exclude(confidence="archived", merged_into=None)
    return {f"practice:{practice.pk}" for practice in standing}


def found_wrong_but_rewarded() -> set[str]:
    """Validations that stand although organizations say something against the text; a warning is looked at first."""
    doubted = Practice.objects.filter(warned_at=None).exclude(confidence="validated").exclude(merged_into__isnull=False)
    against = doubted.filter(Q(failed__gt=0) | Q(outdated__gt=0))
    return causes(Award.Rule.VALIDATED) & {f"validated:{practice.pk}" for practice in against}


def nobody_is_credited_for_oneself() -> bool:
    return not any(row.giver_id == row.member_id for row in Award.objects.all())


def nothing_is_reversed_by_another_sum() -> bool:
    rows = Award.objects.exclude(reverses=None).select_related("reverses")
    return all(
        (row.points, row.member_id, row.tags, row.product, row.space, row.month)
        == (-was.points, was.member_id, was.tags, was.product, was.space, was.month)
        for row in rows
        if (was := row.reverses)
    )


CHECKS: list[tuple[str, Callable[[], object], Callable[[], object]]] = [
    ("votes", lambda: causes(Award.Rule.HELPED), due_for_votes),
    ("solutions", lambda: causes(Award.Rule.SOLUTION), due_for_solutions),
    ("recordings", lambda: causes(Award.Rule.PRACTICE), due_for_recording),
]


def hold(site: Site, step: Step) -> None:
    """All that has to be so after each step."""
    site.settle()
    assert differences(most=1) == (0, []), step
    assert counters_hold(), ("nobody is credited twice", step)
    for name, stands, due in CHECKS:
        assert stands() == due(), (name, step)
    assert found_wrong_but_rewarded() == set(), step
    assert nobody_is_credited_for_oneself()
    assert nothing_is_reversed_by_another_sum()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=4, max_size=14))
def test_what_stands_follows_from_what_was_done(cast: Cast, found: list[Step]) -> None:
    with transaction.atomic():
        site = Site(cast)
        for verb, *words in found:
            with suppress(Refused):
                getattr(site, str(verb))(*words)
            hold(site, (verb, *words))
        transaction.set_rollback(True)


STORY: list[Step] = [
    ("vote", "ada", 1), ("vote", "zoe", 0), ("unvote", "zoe", 0), ("vote", "finn", 3), ("delete", 1), ("restore", 1),
    ("resolve", "asker", 0, 1), ("reopen", 0), ("resolve", "nia", 0, 1), ("resolve", "asker", 2, 3),
    ("record", 0), ("record", 1), ("retire", 0), ("unretire", 0), ("worked", "zoe", 0), ("worked", "finn", 0),
    ("failed", "finn", 0), ("failed", "zoe", 0), ("worked", "zoe", 0), ("worked", "finn", 0),
    ("unsay", "finn", 0), ("warn", 1), ("use", "finn", 0), ("use", "ada", 0), ("unuse", "finn", 0),
    ("suggest", "zoe", 0), ("merge", 1, True), ("unmerge", 1), ("suspend", "finn"), ("reinstate", "finn"),
    ("move", "finn", "acme"), ("erase", "ben"), ("reopen", 0), ("reopen", 1),
]  # fmt: skip


def test_each_step_of_a_long_story(cast: Cast) -> None:
    """None of these is refused, so the sequences above do what they say."""
    site = Site(cast)
    earned = Counter[str]()
    for verb, *words in STORY:
        getattr(site, str(verb))(*words)
        hold(site, (verb, *words))
        earned.update(row.rule for row in Award.objects.filter(reverses=None, reversal=None))
    assert {"helped", "solution", "practice", "validated", "reused", "suggestion", "review"} <= set(earned)
