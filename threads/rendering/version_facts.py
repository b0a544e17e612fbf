"""What a version of a practice says besides its texts, in words: by what it is found, how its state changed with it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from threads.models import Practice, PracticeAudience, PracticeVersion


def facts_of(version: PracticeVersion) -> dict[str, str]:
    """Its product and tags in words, by what they are called. Nothing where they were not kept. Needs `product`."""
    if version.tags is None:
        return {}
    product = version.product.name if version.product else _("none")
    return {_("Product"): product, _("Tags"): ", ".join(version.tags) or _("none")}


def moves_of(version: PracticeVersion) -> dict[str, tuple[str, str]]:
    """How confidence and audience changed with it, in words, by what they are called."""
    moved: Mapping[str, list[str]] = version.moved
    found = {}
    if "confidence" in moved:
        before, after = (str(Practice.Confidence(each).label) for each in moved["confidence"])
        found[_("Confidence")] = before, after
    if "audience" in moved:
        words = _audiences()
        before, after = (words[each] for each in moved["audience"])
        found[_("Seen by")] = before, _("other named organizations") if before == after else after
    return found


def _audiences() -> dict[str, str]:
    """The rungs, as somebody says them to whom it is not their own organization."""
    rungs = PracticeAudience
    return {
        rungs.CENTER: _("its center"), rungs.ORGANIZATION: _("its organization"),
        rungs.ORGANIZATIONS: _("named organizations"), rungs.SPACE: _("everyone in its space"),
        rungs.NETWORK: _("everyone in the network"), rungs.PUBLIC: _("everybody, without signing in"),
    }  # fmt: skip
