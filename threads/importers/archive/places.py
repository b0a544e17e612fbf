"""What an archive would take that is here already, and is something else."""

import re
from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _

from community.models import Organization, Space
from threads.importers.archive.layout import FOLDER, ORGANIZATIONS, SPACES, UnusableArchive, own_site
from threads.importers.archive.reading import Folder
from threads.importers.archive.writing import origin_of
from threads.models import Practice

_SLUG = re.compile(r"^[A-Za-z0-9_-]{1,60}\Z")
_AT_ONCE = 500
_WIDTHS = (Space.Audience.MEMBERS, Space.Audience.ORGANIZATIONS, Space.Audience.NETWORK)
_MOST_MESSAGES = 50


def refuse_taken(folder: Folder, space: str, *, whole: bool) -> None:
    """Raise UnusableArchive when something of it cannot have its place. Nothing is written."""
    if not whole:
        if not _SLUG.match(space):
            raise UnusableArchive([_("A space is named by letters, digits, - and _, at most 60.")])
        return
    found = [_taken_names(folder), _taken_addresses(folder)]
    if folder.site != own_site():
        found += [_other_organizations(folder), _wider_spaces(folder)]
    messages = [message for some in found for message in islice(some, _MOST_MESSAGES)]
    if messages:
        raise UnusableArchive(messages[:_MOST_MESSAGES])


def _taken_names(folder: Folder) -> Iterator[str]:
    slugs = {row["name"]: slug for slug, row in folder.organizations.items()}
    for name, slug in Organization.objects.filter(name__in=slugs).values_list("name", "slug"):
        if slugs[name] != slug:
            words = _("“%(name)s” is another organization here")
            yield f"{ORGANIZATIONS}: {slugs[name]}: " + words % {"name": name}


def _other_organizations(folder: Folder) -> Iterator[str]:
    """Those that would read what is another one's, because they are called alike."""
    for slug, name in Organization.objects.filter(slug__in=folder.organizations).values_list("slug", "name"):
        if folder.organizations[slug]["name"] != name:
            yield f"{ORGANIZATIONS}: {slug}: " + _("here this is “%(name)s”") % {"name": name}


def _wider_spaces(folder: Folder) -> Iterator[str]:
    """Those that more organizations enter here than there."""
    for space in Space.objects.filter(slug__in=folder.spaces).prefetch_related("organizations"):
        there = folder.spaces[space.slug]
        wider = _WIDTHS.index(space.audience) > _WIDTHS.index(there["audience"])
        named = {organization.slug for organization in space.organizations.all()} - set(there["organizations"])
        if wider or (space.audience == there["audience"] == Space.Audience.ORGANIZATIONS and named):
            yield f"{SPACES}: {space.slug}: " + _("the space of this name is for more people here")


def _taken_addresses(folder: Folder) -> Iterator[str]:
    names = {practice.facts["slug"]: practice.name for practice in folder.practices() if practice.facts["slug"]}
    slugs = iter(names)
    while some := list(islice(slugs, _AT_ONCE)):
        for practice in Practice.objects.filter(slug__in=some):
            origin = origin_of(practice)
            name = names[practice.slug or ""]
            if f"{origin['site']}-{origin['id']}" != name:
                yield f"{FOLDER}/{name}: " + _("another one here has its public address")
