"""The rule by which a practice is trusted: what organizations said, each once, smoothed; and its worked examples."""

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product
from math import floor
from pathlib import Path
from random import Random
from unicodedata import numeric

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threads.rules.confidence import (
    ARCHIVED,
    DANGEROUS,
    FEW_ORGANIZATIONS,
    KINDS,
    NEEDED,
    NEEDED_AMONG_FEW,
    NOT_VALIDATED,
    SCORE_NEEDED,
    VALIDATED,
    WORK_IN_PROGRESS,
    WORKED,
    Said,
    State,
    Tally,
    counted,
    judged,
    needed,
    score,
    tally,
)
from threads.rules.substance import changed_in_substance, commands, is_another_problem, likeness, measures

START = datetime(2026, 1, 1, tzinfo=UTC)

AGAINST = KINDS[2:]
moments = st.integers(0, 40).map(lambda hours: START + timedelta(hours=hours))
rows = st.lists(st.tuples(st.integers(1, 6), st.sampled_from(KINDS), moments, st.booleans()), max_size=24).map(
    lambda found: [Said(who, kind, at, number, answered) for number, (who, kind, at, answered) in enumerate(found, 1)]
)
tallies = st.builds(Tally, *(st.integers(0, 60) for _kind in KINDS))
states = st.builds(
    State,
    st.sampled_from([WORK_IN_PROGRESS, NOT_VALIDATED, VALIDATED, ARCHIVED]),
    st.sampled_from(["", "computed", "approved", "imported"]),
    tallies,
    st.sampled_from([2, 3]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.integers(0, 9),
)


def rule(now: State) -> str:
    return judged(now)[0]


@pytest.mark.parametrize(
    ("found", "stated", "trusted"),
    [
        (Tally(), 50, False),
        (Tally(worked=1), 60, False),
        (Tally(worked=2), 67, False),
        (Tally(worked=3), 71, True),
        (Tally(changed=3), 61, True),
        (Tally(worked=3, failed=1), 63, True),
        (Tally(worked=3, failed=2), 56, False),
        (Tally(worked=4, outdated=2), 60, True),
        (Tally(worked=10), 86, True),
        (Tally(worked=10, dangerous=1), 75, True),
        (Tally(worked=4, dangerous=1), 60, True),
        (Tally(failed=1), 40, False),
    ],
)
def test_the_worked_examples(found: Tally, stated: int, trusted: bool) -> None:
    assert score(found) == stated
    assert (rule(State(NOT_VALIDATED, "", found)) == VALIDATED) == trusted
    assert rule(State(NOT_VALIDATED, "", found, warned=True)) == NOT_VALIDATED


def test_where_few_take_part_fewer_are_needed() -> None:
    assert [needed(count) for count in range(7)] == [2, 2, 2, 2, 2, 3, 3]
    assert rule(State(NOT_VALIDATED, "", Tally(worked=2), needed=2)) == VALIDATED
    assert rule(State(NOT_VALIDATED, "", Tally(worked=2, failed=1), needed=2)) == NOT_VALIDATED


def test_a_hundred_members_of_one_organization_are_one_voice() -> None:
    for kind, stated in ((WORKED, 60), ("failed", 40)):
        said = [Said(1, kind, START, number) for number in range(100)]
        found = tally(counted(said).values())
        assert (sum(found), score(found)) == (1, stated)
        assert rule(State(NOT_VALIDATED, "", found)) == NOT_VALIDATED


@given(rows, st.randoms())
def test_the_order_of_rows_and_the_names_of_organizations_change_nothing(said: list[Said], random: Random) -> None:
    mixed = random.sample(said, len(said))
    assert counted(mixed) == counted(said)
    other = [each._replace(organization=100 - each.organization) for each in mixed]
    assert tally(counted(other).values()) == tally(counted(said).values())


@given(rows)
def test_each_organization_is_counted_once_by_its_newest_or_by_its_warning(said: list[Said]) -> None:
    found = counted(said)
    assert set(found) == {each.organization for each in said}
    assert sum(tally(found.values())) == len(found)
    for organization, chosen in found.items():
        own = [each for each in said if each.organization == organization]
        warnings = [each for each in own if each.kind == DANGEROUS and not each.answered]
        assert chosen == max(warnings or own, key=lambda each: (each.at, each.id))


@given(rows)
def test_older_words_of_other_members_change_nothing(said: list[Said]) -> None:
    kept = [each for each in said if counted(said)[each.organization] == each]
    assert counted(kept) == counted(said)


@given(tallies, st.sampled_from(range(5)))
def test_one_voice_more_moves_the_score_the_right_way(found: Tally, place: int) -> None:
    more = Tally(*(count + (number == place) for number, count in enumerate(found)))
    assert 0 < score(found) < 100
    if KINDS[place] == WORKED:
        assert score(more) >= score(found)
    elif KINDS[place] in AGAINST:
        assert score(more) <= score(found)


@given(tallies, st.sampled_from(range(4)), st.sampled_from(range(4)))
def test_one_voice_that_changes_its_mind_moves_the_score_little(found: Tally, before: int, after: int) -> None:
    counts = list(found)
    counts[before] += 1
    old = Tally(*counts)
    counts[before] -= 1
    counts[after] += 1
    voices = sum(old) + old.dangerous + 4
    assert abs(score(Tally(*counts)) - score(old)) < Fraction(200, voices) + 1


@given(st.integers(1, 30))
def test_few_voices_do_not_shine(voices: int) -> None:
    assert 50 < score(Tally(worked=voices)) <= score(Tally(worked=voices + 1))
    assert 50 > score(Tally(failed=voices)) >= score(Tally(failed=voices + 1))
    assert score(Tally(worked=1)) < SCORE_NEEDED + 1


@given(states)
def test_what_is_validated_has_its_reason(now: State) -> None:
    confidence, basis = judged(now)
    assert judged(now._replace(confidence=confidence, basis=basis)) == (confidence, basis), "judging again changes it"
    if now.confidence == ARCHIVED:
        assert confidence == ARCHIVED
    elif now.unfinished or now.reopened:
        assert confidence == WORK_IN_PROGRESS
    elif confidence == VALIDATED:
        assert basis in {"computed", "approved", "imported"}
        assert (basis == "approved") == now.by_approval
        assert basis != "imported" or (now.basis == "imported" and not now.tally.against)
        assert basis == "imported" or not now.warned
        if basis == "computed":
            assert now.tally.working >= now.needed
            assert score(now.tally, now.used) >= SCORE_NEEDED
    else:
        assert basis in {"", "imported"}


uses = st.integers(0, 200)


@given(tallies, uses)
def test_a_use_counts_less_than_any_word_and_never_against(found: Tally, used: int) -> None:
    """Whatever else is said: each is worth a quarter of "worked for us", so one organization alone moves little."""
    more = score(found, used + 1)
    assert 0 < score(found, used) <= more < 100
    assert more <= score(found._replace(worked=found.worked + 1), used)
    assert more - score(found, used) <= Fraction(100, 4 * (sum(found) + found.dangerous + 4)) + 1
    assert score(found, 4 * used) == score(found._replace(worked=found.worked + used))


@given(states, uses)
def test_use_alone_validates_nothing(now: State, used: int) -> None:
    confidence, basis = judged(now._replace(used=used))
    if (confidence, basis) == (VALIDATED, "computed") and now.confidence != ARCHIVED:
        assert now.tally.working >= now.needed
        assert not now.warned
        assert score(now.tally, used) >= SCORE_NEEDED
    one_less = State(NOT_VALIDATED, "", Tally(worked=now.needed - 1), needed=now.needed, used=used)
    assert rule(one_less) == NOT_VALIDATED
    assert judged(now._replace(by_approval=True, used=used)) == judged(now._replace(by_approval=True))


def test_what_help_says_is_the_rule() -> None:
    said = Path("templates/help.html").read_text()
    words = f"takes {NEEDED} organizations for which it works ({NEEDED_AMONG_FEW} where fewer than {FEW_ORGANIZATIONS}"
    assert words in said
    assert f"a score of {SCORE_NEEDED} and no open warning" in said
    formula = r"worked \+ (.) changes \+ (.) used \+ (\d+)\) out of \(all voices \+ dangerous once more \+ (\d+)\)"
    (found,) = re.findall(formula, said)
    changes, used, given, unspoken = (Fraction(numeric(each)) for each in found)
    assert (changes, used, given, unspoken) == (Fraction(3, 4), Fraction(1, 4), Fraction(2), Fraction(4))
    for counts in product(range(3), repeat=6):
        tally, users = Tally(*counts[:5]), counts[5]
        voices = sum(tally) + used * users + tally.dangerous + unspoken
        share = (tally.worked + changes * tally.changed + used * users + given) / voices
        assert score(tally, users) == floor(100 * share + Fraction(1, 2)), counts
    assert "only in threads that all its readers see, and only for what it says now" in said


@given(states)
def test_nobody_s_silence_is_an_approval(now: State) -> None:
    assert judged(now._replace(by_approval=True, approved=False))[0] != VALIDATED or now.confidence == ARCHIVED


OLD = """1. Stop the queue with `postfix stop`.
2. Set the limit to 20 MB in main.cf.
3. Start it again and look at the log."""


@pytest.mark.parametrize(
    ("new", "changed"),
    [
        (OLD, False),
        (OLD.replace("look at the log", "look into the log"), False),
        ("\n".join(f"- {line[3:]}" for line in OLD.splitlines()), False),
        (OLD.replace("20 MB", "200 MB"), True),
        (OLD.replace("20 MB", "20 GB"), True),
        (OLD.replace("postfix stop", "postfix abort"), True),
        ("Ask the vendor for a new licence and install it on both nodes.", True),
        ("", True),
    ],
)
def test_what_changes_a_resolution_in_substance(new: str, changed: bool) -> None:
    assert changed_in_substance(OLD, new) == changed


def test_the_pieces_of_substance() -> None:
    assert commands("Run:\n```\n  ls -l \n\n```\nthen `id`.\n    tail -f log") == ["ls -l", "id", "tail -f log"]
    assert measures("1. Wait 5 s.\n2) Wait 5s, then 10%.") == {"5s": 2, "10%": 1}
    assert (likeness("", ""), likeness("a b", "b a"), likeness("a", "b")) == (1.0, 1.0, 0.0)
    assert not is_another_problem("Mail is slow\nSince Sunday.", "Mail is very slow\nSince Sunday.")
    assert is_another_problem("Mail is slow\nSince Sunday.", "Printer eats paper\nOn every floor.")
