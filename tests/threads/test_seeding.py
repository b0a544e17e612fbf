"""`seed_network`: a made-up network for load tests, once, and only where nobody else is."""

from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command

from community.models import ApiToken, Assignment, Center, Member, Organization, Reach, Space
from community.queries.members import member_by_token
from community.queries.spaces import spaces_visible_to
from community.rules.seeding import SHARED_SPACE, center_plans, member_plans
from reputation.models import Skill
from threads.models import SearchEntry, Thread
from threads.queries.threads import threads_visible_to

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def seeded(*arguments: str, members: int = 30, centers: int = 5) -> str:
    out = StringIO()
    call_command("seed_network", f"--members={members}", f"--centers={centers}", *arguments, stdout=out)
    return out.getvalue()


def counts() -> list[int]:
    return [model.objects.count() for model in (Member, Organization, Center, Space, Assignment, Thread)]


def tokens_in(path: Path) -> dict[str, str]:
    return dict(line.split() for line in path.read_text().splitlines())


def test_a_second_run_adds_nothing_and_a_larger_one_adds_the_rest() -> None:
    assert seeded("--threads=3").startswith("30 new members and 3 new threads")
    first = counts()
    assert first == [30, 1, 5, 2, 30, 3]
    assert seeded("--threads=3").startswith("0 new members and 0 new threads")
    assert counts() == first
    assert seeded("--threads=4", members=40).startswith("10 new members and 1 new threads")
    assert counts() == [40, 1, 5, 2, 40, 4]


def test_everybody_sees_the_shared_space_and_its_threads_and_is_found() -> None:
    seeded("--threads=2")
    member = Member.objects.order_by("-handle")[0]
    assert SHARED_SPACE in {space.slug for space in spaces_visible_to(member)}
    assert threads_visible_to(member).count() == 2
    assert SearchEntry.objects.filter(kind=SearchEntry.Kind.MEMBER).count() == 30
    assert member.center
    assert member.center.organization_id == member.organization_id


def test_some_say_what_they_know_and_speak_and_when_they_work_once() -> None:
    seeded(members=20)
    first = [model.objects.count() for model in (Reach, Skill)]
    assert first == [5, 4]
    assert Reach.objects.filter(opens_at__isnull=False).count() == 1
    seeded(members=20)
    assert [model.objects.count() for model in (Reach, Skill)] == first
    seeded(members=40)
    assert [model.objects.count() for model in (Reach, Skill)] == [10, 8]
    levels = {level for plan in member_plans(2000, 50) for _scope, level in plan.skills}
    assert levels == {1, 2, 3}


def test_nobody_can_sign_in_but_by_token() -> None:
    seeded()
    assert not any(member.has_usable_password() for member in Member.objects.all())


def test_tokens_are_kept_as_digests_and_made_anew_by_a_second_run(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    path.touch(mode=0o644)
    seeded(f"--tokens={path}")
    first = tokens_in(path)
    assert len(first) == 30
    for handle, token in first.items():
        found = member_by_token(token)
        assert found
        assert found.handle == handle
    assert not set(first.values()) & set(ApiToken.objects.values_list("digest", flat=True))
    assert path.stat().st_mode & 0o777 == 0o600
    seeded(f"--tokens={path}")
    assert all(member_by_token(token) for token in tokens_in(path).values())
    assert not any(member_by_token(token) for token in first.values())
    assert ApiToken.objects.count() == 30


def test_tokens_that_cannot_be_written_are_not_made(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Cannot write"):
        seeded(f"--tokens={tmp_path}")
    assert not ApiToken.objects.exists()


def test_a_site_with_members_of_its_own_is_refused_unless_forced(cast: "Cast") -> None:
    before = counts()
    with pytest.raises(CommandError, match="members of its own"):
        seeded()
    assert counts() == before
    seeded("--force")
    assert Member.objects.count() == before[0] + 30


@pytest.mark.parametrize("argument", ["--members=0", "--centers=0", "--threads=-1"])
def test_sizes_that_make_no_sense_are_refused(argument: str) -> None:
    with pytest.raises(CommandError, match="1 or more"):
        call_command("seed_network", argument)


def test_every_center_has_an_owner_and_large_organizations_come_first() -> None:
    owners = [plan.organization for plan in center_plans(2200)]
    assert owners == sorted(owners)
    assert set(owners) == set(range(1, 111))
    assert owners.count(1) > owners.count(2) > owners.count(110) > 0
    staffed = [plan.center for plan in member_plans(18_000, 2200)]
    assert set(staffed) == set(range(2200))
    assert max(map(staffed.count, range(20))) <= 9
