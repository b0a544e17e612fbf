"""The file of rules: what its caps leave, the same in memory as in the database; and a change previewed on history."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.rules import clock
from reputation.actions.awards import About, grant, reverse
from reputation.models import Award
from reputation.queries.standing import standing_of
from reputation.rules import points as rules
from reputation.rules.books import Books, Gift
from reputation.rules.ranks import rank_correlation
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
PEOPLE = ("ada", "ben", "zoe", "olga")
gifts = st.tuples(
    st.integers(0, 4 * 24),
    st.sampled_from(PEOPLE),
    st.sampled_from([*PEOPLE, None]),
    st.sampled_from(Award.Rule.values),
    st.integers(1, 12),
)
Given = tuple[int, str, str | None, str, int]


def helped(cast: Cast, giver: str, receiver: str, number: int) -> Award:
    name = f"post:{number}"
    award = grant(
        member=cast.people[receiver], rule=Award.Rule.HELPED, cause=f"vote:{number}:{giver}", subject=name,
        about=About(), giver=cast.people[giver],
    )  # fmt: skip
    assert award is not None
    return award


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(gifts, min_size=5, max_size=14))
def test_books_in_memory_give_what_the_ledger_gives(cast: Cast, found: list[Given]) -> None:
    books, at, number = Books(rules), START, 0
    with transaction.atomic():
        for hours, receiver, giver, rule, times in found:
            at += timedelta(hours=hours)
            for _time in range(times):
                number += 1
                member, by = cast.people[receiver], cast.people[giver] if giver else None
                if by == member:
                    continue
                with clock.at(at):
                    award = grant(
                        member=member, rule=Award.Rule(rule), cause=f"thing:{number}", subject=f"thing:{number}",
                        about=About(), giver=by,
                    )  # fmt: skip
                assert award is not None
                gift = Gift(
                    member.pk, member.organization_id, rule, by.pk if by else None,
                    by.organization_id if by else None, at,
                )  # fmt: skip
                assert (award.points, award.capped) == books.give(gift)
        transaction.set_rollback(True)


def test_one_member_gives_another_so_much_within_thirty_days(cast: Cast) -> None:
    with clock.at(START):
        rows = [helped(cast, "zoe", "ben", number) for number in range(9)]
    assert [row.points for row in rows] == [10] * 6 + [0] * 3
    assert {row.capped for row in rows[6:]} == {"member"}
    assert standing_of(cast.ben) == rules.FROM_ONE_MEMBER
    with clock.at(START + timedelta(days=31)):
        assert helped(cast, "zoe", "ben", 9).points == 10


def test_what_gave_nothing_takes_nothing_when_it_is_taken_back(cast: Cast) -> None:
    with clock.at(START):
        for number in range(7):
            helped(cast, "zoe", "ben", number)
        back = reverse(cause="vote:6:zoe", subject="post:6", why=Award.Why.UNVOTED)
        assert back is not None
        assert (back.points, back.why) == (0, "unvoted")
        assert standing_of(cast.ben) == 60
        reverse(cause="vote:0:zoe", subject="post:0", why=Award.Why.UNVOTED)
        assert helped(cast, "zoe", "ben", 7).points == 10, "there is room again"


def test_the_last_award_gives_what_is_left(cast: Cast) -> None:
    with clock.at(START):
        for number in range(5):
            helped(cast, "zoe", "ben", number)
        award = grant(
            member=cast.ben, rule=Award.Rule.SOLUTION, cause="solution:9", subject="post:9", about=About(),
            giver=cast.zoe,
        )  # fmt: skip
    assert award is not None
    assert (award.points, award.capped) == (10, "member")


def test_a_change_is_previewed_on_history_and_changes_nothing(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(12):
        with clock.at(START + timedelta(days=31 * number)):
            grant(
                member=cast.ben, rule=Award.Rule.HELPED, cause=f"vote:{number}:z", subject=f"post:{number}",
                about=About(tags=("smtp",)), giver=cast.zoe,
            )  # fmt: skip
            helped(cast, "zoe", "ada", 100 + number)
    before = list(Award.objects.values())
    file = tmp_path / "points.py"
    text = Path(rules.__file__).read_text()
    changed = text.replace('"helped": 10', '"helped": 20').replace("RULES_VERSION = 4", "RULES_VERSION = 5")
    file.write_text(changed.replace('"edit": 200', '"edit": 240'))
    call_command("preview_rules", str(file))
    said = capsys.readouterr().out
    assert "24 awards of 2 members stand; by the rules of 5:" in said
    assert "helped              240 ->        480" in said
    assert "2 members would have another standing, 2 by more than a tenth, 0 of these less" in said
    assert "edit (200 -> 240): 0 held in a subject, 1 would; +1 -0" in said
    assert list(Award.objects.values()) == before
    file.write_text(text)
    call_command("preview_rules", str(file))
    assert "0 members would have another standing" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "POINTS = {", "1 / 0"])
def test_what_is_no_file_of_rules_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "points.py"
    file.write_text(text)
    with pytest.raises(CommandError, match=r"points\.py (lacks RULES_VERSION|cannot be read)"):
        call_command("preview_rules", str(file))
    with pytest.raises(CommandError, match="is no Python file"):
        call_command("preview_rules", str(tmp_path / "none.py"))


@pytest.mark.parametrize(
    ("some", "others", "alike"),
    [([1, 2, 3], [10, 20, 99], 1.0), ([1, 2, 3], [3, 2, 1], -1.0), ([1, 1, 2], [5, 5, 9], 1.0), ([1, 1], [1, 2], None)],
)
def test_orders_are_compared(some: list[float], others: list[float], alike: float | None) -> None:
    found = rank_correlation(some, others)
    assert found == (alike if alike is None else pytest.approx(alike))
