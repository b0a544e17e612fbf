"""The content standard in words: what it asks, what is missing, and what tells of somebody."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from threads.rules.content_standard import Point

Words = str | Promise

KINDS: dict[str, Words] = {
    "secret": _("A secret"),
    "email": _("An e-mail address"),
    "phone": _("A telephone number"),
    "host": _("A host or address of somebody’s network"),
    "ip": _("A network address"),
    "customer": _("A name your organization watches for"),
    "path_user": _("The name of a person’s account"),
}
_POINTS: dict[str, Words] = {
    "complete": _("Problem, environment, cause and resolution are there"),
    "title": _("The title says it as the asker would"),
    "short": _("It is short enough to read while somebody waits"),
    "steps": _("What to do stands in steps"),
    "found": _("A product or tag leads to it"),
    "safe": _("It tells of nobody"),
}
_WHY: dict[str, Words] = {
    "problem": _("Say what was observed."),
    "resolution": _("Say what fixed it."),
    "environment": _("Say where it happens."),
    "cause": _("Say why it happens, if it is known."),
    "length": _("Use 10 to 120 characters."),
    "empty": _("Say what is wrong, not that something is."),
    "words": _("Use at least three words."),
    "shouted": _("Use small letters as well."),
    "words_of_asker": _("None of the asker’s words is in it."),
}


_LONG: dict[str, Words] = {
    "problem": _("The problem is long: what does somebody see who has it?"),
    "resolution": _("The resolution is long: put it in steps, or make two of it."),
}


@dataclass(frozen=True)
class ShownPoint:
    """A point of the standard: what it asks, whether that is so (None: nothing to say), and what is missing."""

    label: Words
    met: bool | None
    why: Words


def shown_points(points: list[Point]) -> list[ShownPoint]:
    """The points of the standard of which something can be said."""
    return [
        ShownPoint(_POINTS[point.name], point.met, (_LONG if point.name == "short" else _WHY).get(point.why, ""))
        for point in points
        if point.met is not None
    ]
