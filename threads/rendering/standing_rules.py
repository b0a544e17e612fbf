"""The rules of standing as members read them. Every number is that of `rules.points`; a test holds the names equal."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reputation.models import Award
from reputation.rules import points
from reputation.rules.privileges import Privilege
from threads.rendering.privileges import NAMES

Words = str | Promise


class Line(NamedTuple):
    """One rule: what it is called in programs and for people, its number, and why it is that."""

    name: str
    label: Words
    points: int
    reason: Words


EARNED: dict[str, Words] = {
    "helped": _("One colleague found it useful: the smallest unit."),
    "solution": _("It ended a problem, which is worth more than one voice about it."),
    "practice": _("Writing it down so that others can use it weighs more than finding it once."),
    "reused": _("It saves the work again. Small, because it adds up."),
    "validated": _("Organizations found that it works: as good as a solution, once."),
    "review": _("Looking after the work of others is worth what a solution is."),
    "suggestion": _("Somebody else took the edit up."),
    "sampling": _("A small piece of a review."),
    "answered": _("Who was asked came in time, and wrote until it was solved. Half a solution, which earns too."),
    "mentoring": _("A month of patience that the learner says helped."),
}
CAPS: dict[str, tuple[Words, Words]] = {
    "A_DAY": (_("In all, within a day"), _("An outstanding day. More is chance, or is being pushed.")),
    "FROM_ONE_MEMBER": (
        _("From one member to another"),
        _("Whoever is helped more often by the same colleague has said so by then."),
    ),
    "FROM_ONE_ORGANIZATION": (
        _("From another organization to one member"),
        _("What one company alone can make of somebody."),
    ),
    "FROM_OWN_ORGANIZATION": (
        _("From the own organization to one member"),
        _("Colleagues know each other. More has to come from others."),
    ),
    "BETWEEN_ORGANIZATIONS": (
        _("From all of one organization to all of another"),
        _("A large ring of accounts gains no more than a small one."),
    ),
}
OWN_WORD: dict[str, tuple[Words, Words]] = {
    "practice": (_("For recording practices"), _("More of it is rewarded as others use it, or find that it works.")),
    "review": (_("For looking after practices"), _("As much as twenty solutions.")),
    "sampling": (_("For scoring samples"), _("It counts, and nobody lives on it alone.")),
}
PRIVILEGES: dict[str, Words] = {
    Privilege.RETAG: _("Easy to see and to take back, so it comes first."),
    Privilege.EDIT: _("The text changes at once for everybody. Every version is kept."),
    Privilege.DUPLICATES: _("It ends somebody else’s thread, who can open it again."),
    Privilege.MENTOR: _("Who teaches has shown to others that they know it."),
    Privilege.VALIDATE: _(
        "New and changed practices of other organizations leave the curators’ desk by it. Never your own, and it makes "
        "none validated: for that several organizations have to say that it works."
    ),
}


def earned() -> Iterator[Line]:
    """What earns how much, most first."""
    for rule, number in sorted(points.POINTS.items(), key=lambda each: -each[1]):
        yield Line(rule, Award.Rule(rule).label, number, EARNED[rule])


def caps() -> Iterator[Line]:
    """How much of it counts."""
    for name, (label, reason) in CAPS.items():
        yield Line(name.lower(), label, getattr(points, name), reason)
    for rule, (label, reason) in OWN_WORD.items():
        yield Line(f"own_word_{rule}", label, points.OWN_WORD[rule], reason)


def privileges() -> Iterator[Line]:
    """From how much standing in a subject on somebody may do what, least first."""
    for name, number in sorted(points.THRESHOLDS.items(), key=lambda each: each[1]):
        yield Line(name, NAMES[name], number, PRIVILEGES[name])
