"""What everybody in a thread sees: one rule with three faces."""

import pytest
from django.db.models import QuerySet

from tests.cast import Cast
from tests.threads.playing import mo_writes
from threads.actions.guests import let_in
from threads.actions.threads import open_thread
from threads.models import Audience, Playbook, Thread
from threads.policies.audience import everybody_sees
from threads.queries.covering import seen_by_all_in, where_all_see
from threads.queries.guests import preview_for

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def things(cast: Cast) -> list[Playbook]:
    """A playbook for each rung, of Ada's organization and of Zoe's, in each of two spaces."""
    made = []
    for slug in ("lobby", "alliance"):
        for by, other in ((cast.ada, cast.zoe), (cast.zoe, cast.ada)):
            for rung in Audience.values:
                playbook = mo_writes(cast, slug)
                playbook.audience, playbook.organization = rung, by.organization
                playbook.center = cast.centers[next(iter(cast.centers))]
                playbook.save()
                playbook.audience_organizations.set([other.organization] if rung == "organizations" else [])
                made.append(playbook)
    return made


def threads(cast: Cast) -> list[Thread]:
    """A thread of Ada's for each rung in both spaces, one of Zoe's own, and one with a guest."""
    made = []
    for slug in ("lobby", "alliance"):
        space, named = cast.spaces[slug], [cast.zoe.organization]
        for rung in Audience.values:
            organizations = named if rung == "organizations" else []
            made.append(
                open_thread(by=cast.ada, space=space, title="x", body="y", audience=rung, organizations=organizations)
            )
        made.append(open_thread(by=cast.zoe, space=space, title="x", body="y", audience="organization"))
    guest = open_thread(by=cast.ada, space=cast.spaces["alliance"], title="x", body="y", audience="organization")
    let_in(by=cast.ada, thread=guest, member=cast.finn, preview=preview_for(guest, cast.finn).digest)
    return [*made, guest]


def test_predicate_and_both_conditions_agree(cast: Cast) -> None:
    playbooks, asked = things(cast), threads(cast)
    every, ids = Playbook.objects.all(), [thread.pk for thread in asked]
    sees = {(thing.pk, thread.pk) for thing in playbooks for thread in asked if everybody_sees(thing, thread)}
    of_things = {(thing, thread.pk) for thread in asked for (thing,) in seen(every, thread)}
    of_threads = {
        (thing.pk, pk)
        for thing in playbooks
        for pk in Thread.objects.filter(where_all_see(thing), pk__in=ids).values_list("pk", flat=True)
    }
    assert of_things == sees
    assert of_threads == sees
    rungs = {playbook.pk: (playbook.space.slug, playbook.audience) for playbook in playbooks}
    assert {rungs[thing] for thing, _thread in sees} == set(rungs.values()), "each rung covers some thread"
    assert len(sees) < len(playbooks) * len(asked)
    assert all(rungs[thing] == ("lobby", "space") for thing, thread in sees if thread == asked[-1].pk), "with a guest"


def seen(every: QuerySet[Playbook], thread: Thread) -> list[tuple[int]]:
    return list(every.filter(seen_by_all_in(thread, Playbook)).values_list("pk"))
