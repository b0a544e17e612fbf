"""Members and places of imported archives, in bulk. What is there already stays as it is."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Protocol

from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.utils.text import slugify

from community.events import action
from community.models import Member, Organization, Space
from community.rules.handles import handle_from

IMPORTED = ~Q(source_site="")


class ImportedPerson(Protocol):
    """What is known of a person elsewhere."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def joined_at(self) -> datetime: ...


@dataclass(frozen=True)
class Archive:
    """Where imported things come from (`site`) and where they go."""

    site: str
    organization: Organization
    space: Space


@action
def open_archive(*, site: str, space: str) -> Archive:
    """The organization of a site's authors and the space of that slug, both made when they are not there."""
    organization, _made = Organization.objects.get_or_create(
        slug=f"imported-{slugify(site.replace('.', '-'))}"[:60],
        defaults={"name": f"Imported from {site}", "kind": Organization.Kind.IMPORTED},
    )
    place, _made = Space.objects.get_or_create(slug=space, defaults={"name": space.replace("-", " ").capitalize()})
    return Archive(site, organization, place)


def lock_archive(archive: Archive) -> None:
    """Let nobody else import from this site until the transaction ends, so that no batch meets another's half."""
    Organization.objects.select_for_update().get(pk=archive.organization.pk)


def known_members(site: str, ids: Iterable[str]) -> dict[str, int]:
    """Members that came from `site`, by the id they had there."""
    rows = Member.objects.filter(IMPORTED, source_site=site, source_id__in=set(ids))
    return dict(rows.order_by().values_list("source_id", "pk"))


@action
def import_members(*, archive: Archive, people: Iterable[ImportedPerson]) -> tuple[dict[str, int], list[Member]]:
    """Make those of these people members who are not: all their keys by their id there, and the new ones.

    They have no e-mail address and no password, so they cannot sign in.
    """
    wanted = {person.id: person for person in people}
    known = known_members(archive.site, wanted)
    new = {key: person for key, person in wanted.items() if key not in known}
    handles = _free_handles(new)
    unusable = make_password(None)
    rows = [
        Member(
            handle=handles[key], name=person.name, organization=archive.organization, about=person.about,
            password=unusable, joined_at=person.joined_at,
            source_site=archive.site, source_id=key, source_url=person.url,
        )
        for key, person in new.items()
    ]  # fmt: skip
    made = Member.objects.bulk_create(rows)
    return known | {member.source_id: member.pk for member in made}, made


def _free_handles(people: Mapping[str, ImportedPerson]) -> dict[str, str]:
    """A handle like each one's name with their id behind it, so that short handles stay free for people who join."""
    longer = {key: _longer(handle_from(_latin(person.name)), handle_from(key)) for key, person in people.items()}
    candidates = set(longer.values())
    taken = set(Member.objects.filter(handle__in=candidates).order_by().values_list("handle", flat=True))
    handles: dict[str, str] = {}
    for key in people:
        handle = longer[key]
        if handle in taken:
            handle = next(one for one in _numbered(handle) if one not in taken and not _is_taken(one))
        taken.add(handle)
        handles[key] = handle
    return handles


def _numbered(handle: str) -> Iterator[str]:
    return (f"{handle}-{number}" for number in count(2))


def _is_taken(handle: str) -> bool:
    return Member.objects.filter(handle=handle).exists()


def _longer(plain: str, key: str) -> str:
    tail = key[-20:].strip("-")
    return f"{plain[: 35 - len(tail)].rstrip('-')}-{tail}"


def _latin(name: str) -> str:
    """The name without accents, so that José becomes jose and not jos."""
    return "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
