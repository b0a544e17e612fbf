"""What a search page says of how it was understood, and its links that narrow the search and widen it again."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from threads.queries.search import KINDS, SearchResult
from threads.rules.search_filters import Filter
from threads.rules.search_text import MAX_FILTERS, parse, with_filter, without, words_alone

_LONGEST_TITLE = 200


@dataclass(frozen=True)
class Asked:
    """What a page was asked for: the text, the kind or "", the thread for which somebody looks, the words as typed."""

    text: str
    kind: str = ""
    goal: str = ""
    exact: bool = False

    def url(self, **changed: str) -> str:
        """The same with something changed."""
        chosen = {"q": self.text, "kind": self.kind, "for": self.goal, "exact": "1" if self.exact else ""} | changed
        return "?" + urlencode({name: value for name, value in chosen.items() if value}, errors="replace")

    @property
    def kept(self) -> dict[str, str]:
        """What a new search in the page's form keeps."""
        return {name: value for name, value in (("kind", self.kind), ("for", self.goal)) if value}


@dataclass(frozen=True)
class Link:
    """A link with its words; `on` when what it is about holds now, `count` where it is known."""

    label: str
    url: str
    on: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Facet:
    """Links by which a search is narrowed."""

    label: str
    options: tuple[Link, ...]


def kinds_of(asked: Asked, found: SearchResult) -> tuple[Link, ...]:
    """One link for everything and one for each kind."""
    words = {
        "": _("Everything"),
        "thread": _("Threads"),
        "practice": _("Practices"),
        "playbook": _("Playbooks"),
        "member": _("Members"),
    }
    typed = [each for each in found.asked.filters if each.name == "kind"]
    text = _without_all(found.corrected or asked.text, typed)
    on = typed[-1].value if typed and not typed[-1].excluded else asked.kind
    counts = {each.value: each.count for each in found.facets.get("kind", [])} if not (typed or asked.kind) else {}
    return tuple(
        Link(label, asked.url(q=text, kind=kind), kind == on, counts.get(kind, 0) if kind and counts else None)
        for kind, label in words.items()
    )


def suggestion_of(asked: Asked, found: SearchResult) -> Link | None:
    """What finds much more than what was typed, where a word may be mistyped."""
    return Link(found.suggested, asked.url(q=found.suggested)) if found.suggested else None


def active_of(asked: Asked, found: SearchResult) -> tuple[Link, ...]:
    """The filters in force; each link takes one away."""
    text = found.corrected or asked.text
    return tuple(Link(str(each), asked.url(q=without(text, each)), on=True) for each in found.asked.filters)


def facets_shown(asked: Asked, found: SearchResult) -> tuple[Facet, ...]:
    """By what the search can be narrowed: values that not all of what was found has, and those in force."""
    text = found.corrected or asked.text
    labels = {
        "status": _("Status"), "product": _("Product"), "tag": _("Tag"), "org": _("Organization"), "space": _("Space"),
        "after": _("Posted"), "before": _("Posted"),
    }  # fmt: skip
    shown: dict[str, list[Link]] = {}
    for name, label in labels.items():
        for each in found.facets.get(name, []):
            wanted = Filter(name, each.value.lower())
            on = wanted in found.asked.filters
            if on or each.count < found.total:
                url = asked.url(q=without(text, wanted) if on else with_filter(text, wanted))
                shown.setdefault(label, []).append(Link(each.label, url, on, each.count))
    return tuple(Facet(label, tuple(options)) for label, options in shown.items())


def sentences_of(found: SearchResult) -> tuple[str, ...]:
    """What has to be said of how the text was understood: what is no filter, has no such value, or finds nothing."""
    said = []
    for piece in found.asked.unknown:
        name = piece.lstrip("-").partition(":")[0].lower()
        if name not in _hints():
            said.append(_("“%(text)s” was searched for as words: there is no such filter.") % {"text": piece})
        elif piece in map(str, found.asked.filters):
            said.append(_("Nothing that you may see has “%(text)s”.") % {"text": piece})
        elif piece in parse(piece).unknown:
            said.append(_("“%(text)s” was not understood: %(hint)s.") % {"text": piece, "hint": _hints()[name]})
        else:
            said.append(_("“%(text)s” was left out: %(n)d filters count.") % {"text": piece, "n": MAX_FILTERS})
    return tuple(said)


def ways_on(asked: Asked, found: SearchResult) -> tuple[Link, ...]:
    """Where nothing was found: the same search, asking for less."""
    typed = [each for each in found.asked.filters if each.name == "kind"]
    plain, ways = _without_all(asked.text, found.asked.filters), []
    if len(found.asked.filters) > len(typed) and plain:
        ways.append(Link(_("Search without the filters"), asked.url(q=plain)))
    if asked.kind or typed:
        ways.append(Link(_("Search everything"), asked.url(q=_without_all(asked.text, typed), kind="")))
    if '"' in plain:
        ways.append(Link(_("Search without the quotes"), asked.url(q=asked.text.replace('"', " "))))
    return tuple(ways)


def title_of(text: str) -> str:
    """What somebody searched for, as the title of the problem that they may post."""
    return words_alone(text)[:_LONGEST_TITLE]


def _without_all(text: str, filters: Iterable[Filter]) -> str:
    for each in filters:
        text = without(text, each)
    return text


def _hints() -> dict[str, str]:
    return {
        "product": _("give a product"),
        "tag": _("give a tag"),
        "author": _("give a handle"),
        "org": _("give an organization"),
        "space": _("give a space"),
        "status": _("use open, waiting, unresolved, resolved, closed, validated, not-validated or archived"),
        "has": _("use solution, practice, playbook, record, file or code"),
        "kind": _("use %(kinds)s") % {"kinds": ", ".join(KINDS)},
        "before": _("use a date such as 2026, 2026-03, 2026-03-09, or an age such as 30d, 6m, 2y"),
        "after": _("use a date such as 2026, 2026-03, 2026-03-09, or an age such as 30d, 6m, 2y"),
    }
