"""A contribution profile in words: its axes, periods, and who sees what of it."""

from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.models import Member
from reputation.models.profile import Circle
from reputation.rules.profile import ALL, CURATE, HELP, LATELY, REVIEW, SHARE, SOLVE, months_until

AXIS_WORDS: dict[str, str | Promise] = {
    SOLVE: gettext_lazy("Solve"),
    SHARE: gettext_lazy("Share"),
    CURATE: gettext_lazy("Curate"),
    REVIEW: gettext_lazy("Review"),
    HELP: gettext_lazy("Help"),
}
WHAT_COUNTS: dict[str, str | Promise] = {
    SOLVE: gettext_lazy("posts that solved a problem or helped a reader"),
    SHARE: gettext_lazy("practices recorded, validated and used again"),
    CURATE: gettext_lazy("practices merged, told apart or mended, suggestions decided or taken up"),
    REVIEW: gettext_lazy("reviews decided, samples scored"),
    HELP: gettext_lazy("requests answered in time, mentoring"),
}


def who_sees(member: Member, circle: str) -> str:
    """Who sees a part now, in a sentence."""
    if circle == Circle.NETWORK:
        return _("Now: everybody in the network sees it.")
    if circle == Circle.ORGANIZATION:
        return _("Now: you and everybody in %(name)s see it.") % {"name": member.organization.name}
    return _("Now: only you see it.")


def period_words(name: str) -> str:
    """What a period is called."""
    if name == ALL:
        return _("All the time")
    if name == LATELY:
        return _("Last 12 months")
    year, _dash, part = name.partition("-")
    if part.startswith("Q"):
        return _("Quarter %(number)s of %(year)s") % {"number": part[1], "year": year}
    return month_words(int(year + part)) if part else year


def month_words(month: int) -> str:
    """What a month (yyyymm) is called."""
    return date_format(date(month // 100, month % 100, 1), "F Y")


def periods_to_choose(today: date, chosen: str) -> list[tuple[str, str]]:
    """The names of periods near a day, with their words: all, the last year, years, quarters, months; and the chosen
    one."""
    months = list(reversed(months_until(today, 12)))
    quarters = dict.fromkeys(f"{month // 100}-Q{(month % 100 + 2) // 3}" for month in months)
    names = [ALL, LATELY, str(today.year), str(today.year - 1), *quarters, *map(month_name, months), chosen]
    return [(name, period_words(name)) for name in dict.fromkeys(names)]


def month_name(month: int) -> str:
    """A month (yyyymm) as a period is named."""
    return f"{month // 100}-{month % 100:02}"
