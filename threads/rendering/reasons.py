"""Why somebody is proposed, one sentence for each reason, in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.rules.languages import language_names
from threads.rules.matching import Reason


class Titled(NamedTuple):
    """A thread that the reader may see."""

    title: str
    url: str


def sentences(
    reasons: Iterable[Reason], threads: Mapping[int, Titled], products: Mapping[str, str] | None = None
) -> list[SafeString]:
    """Each reason as a sentence. Of a thread that is not among `threads` neither title nor number is said.

    `products` are names by slug; a product without one is called by its slug.
    """
    said = _Said(threads, products or {})
    return [words for reason in reasons if (words := said.of(reason))]


class _Said:
    def __init__(self, threads: Mapping[int, Titled], products: Mapping[str, str]) -> None:
        self._threads = threads
        self._products = products

    def of(self, reason: Reason) -> SafeString:
        """One sentence; nothing for a kind of which there is nothing to say."""
        words = _WORDS.get(reason.kind)
        return words(self, reason) if words else format_html("")

    def solved(self, reason: Reason) -> SafeString:
        return self._with_thread(reason, _("Solved %s, much like this"), _("Solved a problem much like this"))

    def similar(self, reason: Reason) -> SafeString:
        return self._with_thread(reason, _("Worked on %s, much like this"), _("Worked on a problem much like this"))

    def _with_thread(self, reason: Reason, naming: str, hiding: str) -> SafeString:
        thread = self._threads.get(reason.thread or 0)
        if thread is None:
            return format_html("{}", hiding)
        before, _there, after = naming.partition("%s")
        return format_html('{}<a href="{}">{}</a>{}', before, thread.url, thread.title, after)

    def topic(self, reason: Reason) -> SafeString:
        words = ngettext(
            "Took part in %(count)d recent thread about %(scope)s",
            "Took part in %(count)d recent threads about %(scope)s",
            reason.count,
        )
        return self._about(words, reason)

    def proven(self, reason: Reason) -> SafeString:
        words = ngettext(
            "Wrote %(count)d practice about %(scope)s that others confirmed",
            "Wrote %(count)d practices about %(scope)s that others confirmed",
            reason.count,
        )
        return self._about(words, reason)

    def standing(self, reason: Reason) -> SafeString:
        words = ngettext("%(count)d point in %(scope)s", "%(count)d points in %(scope)s", reason.count)
        return self._about(words, reason)

    def declared(self, reason: Reason) -> SafeString:
        words = {
            1: _("Learning %(scope)s, by their own word"),
            2: _("Can help with %(scope)s, by their own word"),
            3: _("Expert in %(scope)s, by their own word"),
        }
        return self._about(words.get(reason.count, words[2]), reason)

    def wish(self, reason: Reason) -> SafeString:
        return self._about(_("Wants to learn %(scope)s"), reason)

    def confirmed(self, reason: Reason) -> SafeString:
        return format_html("{}", _("Certified, as their organization confirms: %(name)s") % {"name": reason.about})

    def certified(self, reason: Reason) -> SafeString:
        return format_html("{}", _("Certified, by their own word: %(name)s") % {"name": reason.about})

    def track(self, reason: Reason) -> SafeString:
        words = _("%(solved)d of their last %(replies)s replies solved it")
        return format_html("{}", words % {"solved": reason.count, "replies": reason.about})

    def active(self, reason: Reason) -> SafeString:
        words = ngettext("%(count)d post in the last 30 days", "%(count)d posts in the last 30 days", reason.count)
        return format_html("{}", words % {"count": reason.count})

    def here(self, _reason: Reason) -> SafeString:
        return format_html("{}", _("On line now"))

    def language(self, reason: Reason) -> SafeString:
        return format_html("{}", _("Speaks %(language)s") % {"language": language_names([reason.about])[0]})

    def member(self, _reason: Reason) -> SafeString:
        return format_html("{}", _("Nothing is known of them in this topic yet"))

    def named(self, _reason: Reason) -> SafeString:
        return format_html("{}", _("Asked by name"))

    def _about(self, words: str, reason: Reason) -> SafeString:
        noun, _colon, slug = reason.about.partition(":")
        scope = f"#{slug}" if noun == "tag" else self._products.get(slug, slug)
        return format_html("{}", words % {"count": reason.count, "scope": scope})


_WORDS: dict[str, Callable[[_Said, Reason], SafeString]] = {
    "solved": _Said.solved,
    "similar": _Said.similar,
    "topic": _Said.topic,
    "proven": _Said.proven,
    "standing": _Said.standing,
    "declared": _Said.declared,
    "wish": _Said.wish,
    "confirmed": _Said.confirmed,
    "certified": _Said.certified,
    "track": _Said.track,
    "active": _Said.active,
    "here": _Said.here,
    "language": _Said.language,
    "member": _Said.member,
    "named": _Said.named,
}
