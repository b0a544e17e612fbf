"""A made-up network for load tests: its members, findable ones, and threads between them."""

from collections.abc import Sequence

from community.actions.seeding import seed_members
from community.events import action
from community.models import Member, Space
from community.rules.seeding import DOMAIN, SHARED_SPACE, member_plans
from reputation.actions.seeding import seed_skills
from threads.actions.indexing import index_members
from threads.actions.threads import open_thread
from threads.models import Post

BATCH = 100


def seed_network(*, members: int, centers: int, threads: int, force: bool = False) -> tuple[int, int]:
    """Make the network and so many threads in the space that everybody shares: how many members and threads are new.

    May be interrupted and repeated. Raises Conflict where members are that this did not make, unless `force`.
    """
    made = seed_people(members=members, centers=centers, force=force)
    askers = list(Member.objects.filter(email__endswith=DOMAIN).order_by("handle")[: max(threads, 1)])
    numbers = range(1, threads + 1)
    batches = [numbers[start : start + BATCH] for start in range(0, threads, BATCH)]
    return made, sum(seed_threads(numbers=batch, askers=askers) for batch in batches)


@action
def seed_people(*, members: int, centers: int, force: bool) -> int:
    """Make the network and have its members found; how many are new."""
    made = seed_members(members=members, centers=centers, force=force)
    skilled = {plan.handle: plan.skills for plan in member_plans(members, centers) if plan.skills}
    seed_skills(skills={member.pk: skilled[member.handle] for member in made if member.handle in skilled})
    index_members(made)
    return len(made)


@action
def seed_threads(*, numbers: Sequence[int], askers: Sequence[Member]) -> int:
    """Open those of the threads with these numbers that are not there; how many."""
    names = {f"load-{number}": number for number in numbers}
    known = Post.objects.filter(author__email__endswith=DOMAIN, client_id__in=names).values_list("client_id", flat=True)
    space, new = Space.objects.get(slug=SHARED_SPACE), sorted(names.keys() - set(known))
    for name in new:
        open_thread(
            by=askers[names[name] % len(askers)], space=space, client_id=name,
            title=f"Load test {names[name]}: the queue does not drain",
            body="Since the *update* nothing leaves. Restarting helps for **an hour**, then it stops again.",
        )  # fmt: skip
    return len(new)
