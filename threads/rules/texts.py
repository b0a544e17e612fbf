"""Checks of what people type, shared by every action that takes text."""

import re
import textwrap
from collections.abc import Iterable

from django.utils.translation import gettext as _

from community.errors import Invalid
from threads.rules.limits import TAG_LENGTH, TAGS_PER_THREAD

_TAG = re.compile(r"^[a-z0-9][a-z0-9+#._-]*$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def cleaned(field: str, text: str, *, most: int, needed: bool = False) -> str:
    """The text without control characters and outer blank space.

    Raises Invalid when missing though needed, or too long.
    """
    text = _CONTROL.sub("", text.replace("\r\n", "\n")).strip()
    if needed and not text:
        raise Invalid({field: _("Write something here.")})
    if len(text) > most:
        excess = len(text) - most
        raise Invalid(
            {
                field: _("This is %(excess)d characters too long; at most %(most)d fit.")
                % {"excess": excess, "most": most}
            }
        )
    return text


def plain(text: str) -> str:
    """The text without control characters, which no database column need hold; blank space stays."""
    return _CONTROL.sub("", text)


def one_line(field: str, text: str, *, most: int, needed: bool = False) -> str:
    """As `cleaned`, with every run of blank space made one space."""
    return cleaned(field, " ".join(text.split()), most=most, needed=needed)


def beginning(text: str, *, most: int) -> str:
    """The beginning of a text on one line, cut between words; within a word only when that alone is too long."""
    line = " ".join(text.split())
    return textwrap.shorten(line, most, placeholder=" …").lstrip() if " " in line[:most] else line[:most]


def tag_slugs(tags: Iterable[str]) -> list[str]:
    """Tags in their one spelling, without repeats. Raises Invalid with what to do about a bad one."""
    slugs = list(dict.fromkeys(slug for tag in tags if (slug := "-".join(tag.lower().split()))))
    for slug in slugs:
        if len(slug) > TAG_LENGTH or not _TAG.match(slug):
            message = _("“%(tag)s” cannot be a tag. Use letters, digits and - + # . _, at most %(most)d characters.")
            raise Invalid({"tags": message % {"tag": slug[:60], "most": TAG_LENGTH}})
    if len(slugs) > TAGS_PER_THREAD:
        raise Invalid({"tags": _("Choose at most %(most)d tags.") % {"most": TAGS_PER_THREAD}})
    return slugs
