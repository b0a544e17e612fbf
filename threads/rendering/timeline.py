"""What happened to a thread between its posts, as one line each in the reader's language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from community.rendering.markdown import inline
from threads.facts.playbooks import PLAYBOOK_ENDED, PLAYBOOK_STARTED
from threads.facts.practices import PRACTICE_JUDGED, PRACTICE_STARTED
from threads.facts.threads import PRACTICE_RECORDED, SWARM_CHANGED, THREAD_CHANGED, THREAD_REOPENED, THREAD_RESOLVED
from threads.models import Practice, Run, Severity, Thread, TimelineEntry
from threads.rendering import swarm_lines


@dataclass(frozen=True)
class Line:
    """One line: a picture of the sprite, a sentence, when, and whether it is good news."""

    icon: str
    sentence: SafeString
    at: datetime
    good: bool = False


def line_of(entry: TimelineEntry, *, briefly: bool = False) -> Line:
    """The line of one entry; `briefly` without what was asked, which stands beside it. Needs `actor` loaded.

    A practice is named when it was loaded with the entry: by whoever knows that the reader sees it.
    """
    icon, good = _LOOKS.get(entry.kind, ("next", False))
    say = _WORDS.get(entry.kind)
    data = {name: said for name, said in entry.data.items() if name != "what"} if briefly else entry.data
    if TimelineEntry._meta.get_field("practice").is_cached(entry) and entry.practice is not None:
        data = data | {"title": entry.practice.title, "url": entry.practice.get_absolute_url()}
    words = say(data) if say else format_html("{}", entry.kind)
    if entry.actor is None or _says_who(entry):
        return Line(icon, words, entry.at, good)
    who = format_html('<a href="/people/{}/">{}</a>', entry.actor.handle, entry.actor.name)
    return Line(icon, format_html("{} {}", who, words), entry.at, good)


def _says_who(entry: TimelineEntry) -> bool:
    """Whether its words name who it was themselves."""
    return entry.kind in swarm_lines.NAMING or (entry.kind == SWARM_CHANGED.name and swarm_lines.says_who(entry.data))


_LOOKS = {
    THREAD_RESOLVED.name: ("resolved", True),
    THREAD_REOPENED.name: ("reopen", False),
    THREAD_CHANGED.name: ("edit", False),
    SWARM_CHANGED.name: ("users", False),
    PRACTICE_RECORDED.name: ("archive", True),
    PRACTICE_STARTED.name: ("draft", False),
    PRACTICE_JUDGED.name: ("archive", False),
    PLAYBOOK_STARTED.name: ("list", False),
    PLAYBOOK_ENDED.name: ("list", False),
    **swarm_lines.LOOKS,
}


def _resolved(data: dict[str, Any]) -> SafeString:
    posts = format_html_join(", ", '<a href="#post-{}">#{}</a>', ((number, number) for number in data.get("posts", ())))
    return (
        format_html("{} {}", _("resolved the thread with"), posts)
        if posts
        else format_html("{}", _("resolved the thread"))
    )


def _reopened(data: dict[str, Any]) -> SafeString:
    reason = data.get("reason")
    return (
        format_html("{} “{}”", _("reopened the thread:"), inline(reason))
        if reason
        else format_html("{}", _("reopened the thread"))
    )


def _changed(data: dict[str, Any]) -> SafeString:
    if data == {"status": Thread.Status.CLOSED}:
        return format_html("{}", _("closed the thread"))
    if data == {"status": Thread.Status.WAITING}:
        return format_html("{}", _("waits for the asker's answer"))
    said = [format_html("{}", _change_words(name, value)) for name, value in data.items()]
    return format_html("{} {}", _("changed"), format_html_join(", ", "{}", ((part,) for part in said)))


def _change_words(name: str, value: Any) -> str:
    names = {
        "title": _("the title"), "status": _("the status"), "severity": _("the severity"), "product": _("the product"),
        "product_version": _("the version"), "tags": _("the tags"), "environment": _("the environment"),
    }  # fmt: skip
    noun = names.get(name, name)
    if name == "environment":
        return noun
    return _("%(what)s to %(value)s") % {"what": noun, "value": _value(name, value)}


def _value(name: str, value: Any) -> str:
    if name == "status":
        return str(Thread.Status(value).label)
    if name == "severity":
        return str(Severity(value).label)
    if name == "title":
        return f"“{value}”"
    return ", ".join(value) if isinstance(value, list) and value else str(value or _("none"))


def _swarm(data: dict[str, Any]) -> SafeString:
    owner, step = data.get("owner"), data.get("next_action") or {}
    if (words := swarm_lines.swarm_words(data)) is not None:
        return words
    if data.get("changed") == "next_action":
        return _next_step(step)
    if owner is None:
        return format_html("{}", _("handed the thread back"))
    return format_html("{}", _("took the thread"))


def _next_step(step: dict[str, Any]) -> SafeString:
    who = step.get("who")
    if not step.get("what"):
        return format_html("{}", _("cleared the next step"))
    if who is None:
        return format_html("{} {}", _("set the next step:"), inline(step["what"]))
    words = _("set the next step for %(name)s:") % {"name": who["name"]}
    return format_html("{} {}", words, inline(step["what"]))


def _started(_data: dict[str, Any]) -> SafeString:
    return format_html("{}", _("shows the record in the archive as work in progress"))


def _judged(data: dict[str, Any]) -> SafeString:
    step = data.get("confidence")
    words = str(Practice.Confidence(step).label) if step in Practice.Confidence.values else _("looked at anew")
    return format_html("{} {}", _("The practice made of it is now:"), words)


def _run(words: str, data: dict[str, Any]) -> SafeString:
    return format_html('{} <a href="{}">{}</a>', words, reverse("run", args=[data["run"]]), data.get("title", ""))


def _run_started(data: dict[str, Any]) -> SafeString:
    return _run(_("goes through the playbook"), data)


def _run_ended(data: dict[str, Any]) -> SafeString:
    if data.get("state") == Run.State.ABANDONED:
        return format_html("{} “{}”", _run(_("gave up the playbook"), data), inline(data.get("note", "")))
    outcome = data.get("outcome")
    said = str(Run.Outcome(outcome).label) if outcome in Run.Outcome.values else ""
    return format_html("{}. {}", _run(_("came to the end of the playbook"), data), said)


def _recorded(data: dict[str, Any]) -> SafeString:
    if not data.get("url"):
        return format_html("{}", _("recorded it in the archive"))
    return format_html('{} <a href="{}">{}</a>', _("recorded it in the archive:"), data["url"], data["title"])


_WORDS: dict[str, swarm_lines.Words] = {
    THREAD_RESOLVED.name: _resolved,
    THREAD_REOPENED.name: _reopened,
    THREAD_CHANGED.name: _changed,
    SWARM_CHANGED.name: _swarm,
    PRACTICE_RECORDED.name: _recorded,
    PRACTICE_STARTED.name: _started,
    PRACTICE_JUDGED.name: _judged,
    PLAYBOOK_STARTED.name: _run_started,
    PLAYBOOK_ENDED.name: _run_ended,
    **swarm_lines.WORDS,
}
