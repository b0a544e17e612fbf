"""The rules of playbooks: what can be kept, and which way a run takes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.errors import Invalid
from threads.rules.playbooks import DECIDE, DONE, END, OPEN, Mark, Step, check_mark, checked, left, on_path

QUESTION: dict[str, Any] = {
    "title": "Does it answer?", "kind": "decide",
    "options": [{"label": "Yes", "go": "end"}, {"label": "No", "go": "s3"}],
}  # fmt: skip


def playbook() -> list[Step]:
    return checked([{"title": "Look"}, QUESTION, {"title": "Restart", "key": "s3"}])


@st.composite
def procedures(draw: st.DrawFn) -> list[Step]:
    """Any playbook that the rules accept."""
    size = draw(st.integers(1, 12))
    raw = []
    for place in range(size):
        later = [f"s{number + 1}" for number in range(place + 1, size)] + [END]
        decides = draw(st.booleans())
        goes = draw(st.lists(st.sampled_from(later), min_size=2, max_size=6)) if decides else []
        options = [{"label": f"Answer {number}", "go": go} for number, go in enumerate(goes)]
        raw.append({
            "key": f"s{place + 1}", "title": "Step", "kind": DECIDE if decides else "do", "options": options,
        })  # fmt: skip
    return checked(raw)


_MARK = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["open", "done", "skipped", "failed"]),
        "choice": st.sampled_from(["", "o1", "o2", "o6", "x"]),
    }
)
MARKS: st.SearchStrategy[dict[str, Mark]] = st.dictionaries(
    st.sampled_from([f"s{number}" for number in range(1, 15)]),
    _MARK,  # type: ignore[arg-type]
)


@given(procedures(), MARKS)
def test_every_way_begins_at_the_first_step_and_leads_forward(steps: list[Step], marks: dict[str, Mark]) -> None:
    places = [[step["key"] for step in steps].index(key) for key in on_path(steps, marks)]
    assert places[0] == 0
    assert places == sorted(set(places))


@given(procedures(), MARKS, MARKS)
def test_marks_off_the_way_change_nothing(steps: list[Step], marks: dict[str, Mark], others: dict[str, Mark]) -> None:
    path = on_path(steps, marks)
    mixed = others | {key: mark for key, mark in marks.items() if key in path}
    for key in path:
        if key not in marks:
            mixed.pop(key, None)
    assert on_path(steps, mixed) == path


@given(procedures(), MARKS)
def test_answering_what_is_left_comes_to_an_end(steps: list[Step], marks: dict[str, Mark]) -> None:
    for _ in steps:
        waiting = left(steps, marks)
        if not waiting:
            break
        step = next(step for step in steps if step["key"] == waiting[0])
        marks = marks | {waiting[0]: {"state": DONE, "choice": "o1" if step["kind"] == DECIDE else ""}}
    assert left(steps, marks) == []


@given(procedures())
def test_what_is_kept_can_be_kept_again(steps: list[Step]) -> None:
    assert checked([dict(step) for step in steps]) == steps


def test_an_answer_decides_the_way() -> None:
    steps = playbook()
    assert on_path(steps, {}) == ["s1", "s2"]
    assert on_path(steps, {"s2": {"state": DONE, "choice": "o2"}}) == ["s1", "s2", "s3"]
    assert left(steps, {"s1": {"state": DONE, "choice": ""}, "s2": {"state": DONE, "choice": "o1"}}) == []
    assert on_path(steps, {"s2": {"state": OPEN, "choice": "o2"}}) == ["s1", "s2"]


def test_new_steps_get_keys_that_were_never_used() -> None:
    steps = checked([{"title": "a", "key": "s2"}, {"title": "b"}], used=["s1", "s3"])
    assert [step["key"] for step in steps] == ["s2", "s4"]


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ([], "steps"),
        ([{"title": "x"}] * 41, "steps"),
        ([{"title": " "}], "steps.0.title"),
        ([{"title": "x" * 201}], "steps.0.title"),
        ([{"title": "x", "text": "y" * 4001}], "steps.0.text"),
        ([{"title": 7}], "steps.0.title"),
        ([{"title": "x", "kind": "jump"}], "steps.0.kind"),
        ([{"title": "x", "who": "role:0"}], "steps.0.who"),
        ([{"title": "x", "practice": True}], "steps.0.practice"),
        ([{"title": "x", "key": "s0"}], "steps.0.key"),
        ([{"title": "x", "key": "s1"}, {"title": "y", "key": "s1"}], "steps.1.key"),
        ([{**QUESTION, "options": QUESTION["options"][:1]}], "steps.0.options"),
        ([{**QUESTION, "options": "yes"}], "steps.0.options"),
        ([{**QUESTION, "options": ["yes", "no"]}], "steps.0.options"),
        ([{**QUESTION, "key": "s3"}], "steps.0.options"),
        ([{"title": "x", "key": "s3"}, QUESTION], "steps.1.options"),
        ([{**QUESTION, "options": [{"label": "Yes"}, {"label": "Yes"}]}], "steps.0.options"),
    ],
)
def test_what_is_no_procedure_is_refused_at_its_place(raw: list[dict[str, Any]], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(raw)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    ("place", "state", "choice", "note", "field"),
    [
        (0, "finished", "", "", "state"),
        (0, "skipped", "", "", "note"),
        (0, "failed", "", "", "note"),
        (0, "done", "o1", "", "choice"),
        (1, "done", "", "", "choice"),
        (1, "done", "o9", "", "choice"),
        (1, "failed", "o1", "x", "choice"),
    ],
)
def test_what_cannot_be_said_of_a_step(place: int, state: str, choice: str, note: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_mark(playbook()[place], state, choice, note)
    assert list(refused.value.fields) == [field]
