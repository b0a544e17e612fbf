"""What happens in the swarm of a thread, in words for its timeline."""

from collections.abc import Callable
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from community.rendering.markdown import inline
from threads.facts.swarm import (
    AUDIENCE_WIDENED,
    HAND_OVER_ANSWERED,
    HAND_OVER_OFFERED,
    HELP_ANSWERED,
    HELP_ASKED,
    HELP_ENDED,
    MEETING_DELETED,
    MEETING_LOGGED,
    PRACTICE_APPLIED,
)
from threads.models import Audience
from threads.rules.texts import beginning

Words = Callable[[dict[str, Any]], SafeString]


def _plain(text: str) -> SafeString:
    return format_html("{}", text)


def _person(who: dict[str, str] | None) -> SafeString:
    return format_html('<a href="/people/{}/">{}</a>', who["handle"], who["name"]) if who else _plain(_("somebody"))


def swarm_words(data: dict[str, Any]) -> SafeString | None:
    """A change of who works on the thread; None for the older kinds, which are said elsewhere."""
    member = data.get("member")
    if data.get("changed") == "handed_over":
        before = data.get("from")
        words = _("took over the thread from") if before else _("took over the thread")
        return format_html("{} {}", words, _person(before) if before else "")
    by_itself = {
        "joined": _("helps with the thread"),
        "left": _("does not help with the thread any more"),
    }
    if data.get("changed") in by_itself and member:
        return format_html("{} {}", _person(member), by_itself[data["changed"]])
    if data.get("changed") == "removed" and member:
        return format_html("{} {}", _("removed from the swarm:"), _person(member))
    if data.get("changed") == "owner" and member and data.get("owner") is None:
        return format_html("{} {}", _person(member), _("left the network; nobody owns the thread"))
    return None


def says_who(data: dict[str, Any]) -> bool:
    """Whether the words name who it was themselves, so that nobody need be named before them."""
    return data.get("changed") in {"joined", "left"} or (data.get("changed") == "owner" and bool(data.get("member")))


def _asked(data: dict[str, Any]) -> SafeString:
    people = format_html_join(", ", "{}", ((_person(who),) for who in data.get("members", ())))
    if not data.get("what"):
        return format_html("{} {}", _("asked for help:"), people)
    return format_html("{} {}: “{}”", _("asked for help:"), people, inline(beginning(data["what"], most=200)))


def _answered(data: dict[str, Any]) -> SafeString:
    words = {
        "accepted": _("will help"),
        "declined": _("cannot help"),
        "more_information": _("needs to know more before helping"),
        "expired": _("did not answer in time; the next one is asked"),
    }
    return format_html("{} {}", _person(data.get("member")), words.get(data.get("answer", ""), ""))


def _ended(data: dict[str, Any]) -> SafeString:
    words = {
        "answered": _("The request for help is answered."),
        "exhausted": _("Nobody is left to ask for help."),
        "withdrawn": _("took the request for help back"),
        "closed": _("The request for help ended with the thread."),
    }
    return _plain(words.get(data.get("state", ""), ""))


def _offered(data: dict[str, Any]) -> SafeString:
    if data.get("to"):
        return format_html("{} {}", _("asked to take over the thread:"), _person(data["to"]))
    return _plain(_("left a note for whoever takes over"))


def _hand_over(data: dict[str, Any]) -> SafeString:
    words = {
        "accepted": _("accepted the hand-over"),
        "declined": _("did not take the thread over"),
        "withdrawn": _("took the hand-over back"),
    }
    return _plain(words.get(data.get("state", ""), ""))


def _widened(data: dict[str, Any]) -> SafeString:
    if data.get("change") == "let_in":
        return format_html("{} {}", _("let into the thread:"), _person(data.get("member")))
    if data.get("change") == "ended":
        return format_html("{} {}", _("no guest any more:"), _person(data.get("member")))
    rung = str(Audience(data["audience"]).label) if data.get("audience") in Audience.values else ""
    names = ", ".join(data.get("organizations") or ())
    return format_html("{} {}{}", _("opened the thread to:"), rung, f" ({names})" if names else "")


def _met(data: dict[str, Any]) -> SafeString:
    people = [*(_person(who) for who in data.get("attendees", ()))]
    people += [_plain(data["others"])] if data.get("others") else []
    words = _("wrote down a meeting with") if data.get("kind") == "meeting" else _("wrote down a call with")
    told = format_html("{} {}", words, format_html_join(", ", "{}", ((who,) for who in people)))
    return format_html('{}: <a href="{}">{}</a>', told, data["url"], _("what came of it")) if data.get("url") else told


def _unmet(_data: dict[str, Any]) -> SafeString:
    return _plain(_("deleted what was written of a meeting"))


def _applied(data: dict[str, Any]) -> SafeString:
    if not data.get("url"):
        return _plain(_("applied a practice from the archive"))
    words = _("solved it with a practice:") if data.get("solved") else _("applied a practice:")
    return format_html('{} <a href="{}">{}</a>', words, data.get("url", ""), data.get("title", ""))


LOOKS: dict[str, tuple[str, bool]] = {
    HELP_ASKED.name: ("users", False),
    HELP_ANSWERED.name: ("users", False),
    HELP_ENDED.name: ("users", False),
    HAND_OVER_OFFERED.name: ("next", False),
    HAND_OVER_ANSWERED.name: ("next", False),
    AUDIENCE_WIDENED.name: ("users", False),
    MEETING_LOGGED.name: ("users", False),
    MEETING_DELETED.name: ("users", False),
    PRACTICE_APPLIED.name: ("archive", True),
}
WORDS: dict[str, Words] = {
    HELP_ASKED.name: _asked,
    HELP_ANSWERED.name: _answered,
    HELP_ENDED.name: _ended,
    HAND_OVER_OFFERED.name: _offered,
    HAND_OVER_ANSWERED.name: _hand_over,
    AUDIENCE_WIDENED.name: _widened,
    MEETING_LOGGED.name: _met,
    MEETING_DELETED.name: _unmet,
    PRACTICE_APPLIED.name: _applied,
}
# These say themselves who it was.
NAMING = frozenset({HELP_ANSWERED.name})
