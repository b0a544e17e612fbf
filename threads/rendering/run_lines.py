"""Playbooks and runs in words: who does a step, what a version says as plain text, what was said of a step."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from threads.models import PlaybookVersion, Practice, Run, RunStep
from threads.rules.playbooks import ANYONE, DECIDE, END, Mark, left, on_path


def who_names(roles: Mapping[str, str]) -> dict[str, str]:
    """Who may be named to do a step, in the order in which they are offered."""
    return {
        "anyone": _("Anyone"), "owner": _("The thread's owner"), "asker": _("Whoever asked"), "helper": _("A helper"),
        **roles,
    }  # fmt: skip


def as_text(version: PlaybookVersion, who: Mapping[str, str], *, beside: PlaybookVersion | None = None) -> str:
    """What a version says, line by line, to be compared with the one `beside` it: with product and tags where they
    were kept of both."""
    numbers = {step["key"]: number for number, step in enumerate(version.steps, 1)}
    lines = [version.title, version.get_kind_display()]
    if version.tags is not None and (beside is None or beside.tags is not None):
        product = version.product.name if version.product else _("any")
        lines.append(_("Product: %(product)s") % {"product": product})
        lines.append(_("Tags: %(tags)s") % {"tags": ", ".join(version.tags) or _("none")})
    lines += ["", *version.purpose.splitlines()]
    for step in version.steps:
        lines += ["", f"{numbers[step['key']]}. {step['title']}", *step["text"].splitlines()]
        if step["who"] != ANYONE:
            lines.append(f"({who.get(step['who'], step['who'])})")
        for option in step["options"]:
            where = _("end") if option["go"] == END else numbers.get(option["go"], "")
            lines.append(f"- {option['label']} → {where}")
    return "\n".join(lines)


@dataclass(frozen=True)
class Line:
    """One step of a run as its checklist shows it."""

    key: str
    number: int
    title: str
    html: SafeString
    who: str
    decides: bool
    options: Sequence[Mapping[str, Any]]
    practice: Practice | None
    mark: RunStep
    answer: str
    on_path: bool
    may_take_back: bool
    may_mark: bool


@dataclass(frozen=True)
class Checklist:
    """A run with all its steps, how many of those on the way are marked, and which comes next."""

    run: Run
    lines: list[Line]
    marked: int
    total: int
    next: Line | None

    @property
    def is_through(self) -> bool:
        """Whether nothing on the way waits any more."""
        return self.next is None


def checklist_of(
    run: Run,
    marks: Mapping[str, RunStep],
    *,
    practices: Mapping[int, Practice],
    who: Mapping[str, str],
    takes_back: Collection[str] = (),
    viewer: int | None = None,
) -> Checklist:
    """The checklist; `practices` are those that the viewer sees, `takes_back` the keys they may take back.

    Nobody marks a step at which the mark of somebody but the `viewer` stands.
    """
    said: dict[str, Mark] = {key: {"state": mark.state, "choice": mark.choice} for key, mark in marks.items()}
    path = on_path(run.steps, said)
    lines = []
    for number, step in enumerate(run.steps, 1):
        key, mark = step["key"], marks[step["key"]]
        answers = {option["key"]: option["label"] for option in step["options"]}
        lines.append(Line(
            key=key, number=number, title=step["title"],
            html=mark_safe(run.html.get(key, "")),  # noqa: S308  (sanitized when the run began)
            who=who.get(step["who"], "") if step["who"] != ANYONE else "",
            decides=step["kind"] == DECIDE, options=step["options"],
            practice=practices.get(step["practice"] or 0), mark=mark, answer=answers.get(mark.choice, ""),
            on_path=key in path, may_take_back=key in takes_back, may_mark=mark.by_id in (None, viewer),
        ))  # fmt: skip
    waiting = left(run.steps, said)
    return Checklist(
        run=run,
        lines=lines,
        marked=len(path) - len(waiting),
        total=len(path),
        next=next((line for line in lines if line.key in waiting), None),
    )
