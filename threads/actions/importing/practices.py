"""Practices of an archive folder: into one space, where nobody outside it sees them; or a whole site, as it was."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, count
from typing import Any

from community.actions.importing import Archive, import_members, lock_archive, open_archive
from community.events import action
from community.models import Center, Member, Organization, Space
from community.rules import clock
from community.rules.handles import RESERVED
from threads.actions.importing.curating import Curated, restore_curation
from threads.actions.importing.products import product_called
from threads.actions.importing.restoring import next_keys_follow, own_key, restore, said_by
from threads.actions.indexing import index_members, index_practices
from threads.actions.judging import recount
from threads.actions.locking import lock_practice
from threads.actions.practices import write_version
from threads.actions.threads import tags_named
from threads.models import Practice, PracticeVersion, Product
from threads.rules.archived import ArchivedPerson, ArchivedPractice, moment
from threads.rules.imported import Person

_NOBODY = "nobody"
_LONGEST_ID = 64


@dataclass(frozen=True)
class Places:
    """Where things of an archive go, and who and what its files name."""

    archive: Archive
    is_own: bool
    whole: bool
    people: dict[str, Member] = field(default_factory=dict)
    organizations: dict[str, Organization] = field(default_factory=dict)
    spaces: dict[str, Space] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    kept: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    curated: Curated = field(default_factory=Curated)


@dataclass
class Done:
    """What became of some practices."""

    made: int = 0
    changed: int = 0
    there: int = 0
    conflicting: int = 0
    elsewhere: int = 0


@action
def open_places(  # noqa: PLR0913  (an archive has many files)
    *,
    site: str,
    is_own: bool,
    space: str,
    whole: bool,
    people: Iterable[ArchivedPerson],
    organizations: Mapping[str, Mapping[str, Any]],
    spaces: Mapping[str, Mapping[str, Any]],
    products: Mapping[str, Mapping[str, Any]],
    curation: Mapping[str, Any],
) -> Places:
    """Find or make what the practices of an archive need. Who is not here becomes a member who cannot sign in.

    Who looks after a space comes along with it where it is made here and is the own site's; else that is left out.
    """
    known_organizations = _organizations(organizations) if whole else {}
    there = set(Space.objects.filter(slug__in=spaces).values_list("slug", flat=True))
    known_spaces = _spaces(spaces, known_organizations) if whole else {}
    first = next(iter(sorted(known_spaces)), "archive")
    places = Places(
        open_archive(site=site, space=space or first), is_own, whole, organizations=known_organizations,
        spaces=known_spaces, kept=curation["kept"] if whole and is_own else {},
    )  # fmt: skip
    lock_archive(places.archive)
    for slug, row in products.items():
        places.products[slug] = product_called(slug, row["name"])
    _open_people(places, list(people))
    if whole:
        new = set(known_spaces) - there if is_own else set()
        restore_curation(
            places.curated, curation, people=places.people, spaces=known_spaces, products=places.products, new=new
        )
    return places


def _organizations(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Organization]:
    found = {}
    for slug, row in rows.items():
        known = {"name": row["name"], "kind": row["kind"]}
        found[slug], _made = Organization.objects.get_or_create(slug=slug, defaults=known)
        for name, center in row.get("centers", {}).items():
            Center.objects.get_or_create(organization=found[slug], name=name, defaults=center)
    return found


def _spaces(rows: Mapping[str, Mapping[str, Any]], organizations: Mapping[str, Organization]) -> dict[str, Space]:
    """Spaces that are here stay as they are. Who was invited into one is not in an archive: nobody is, here."""
    found = {}
    for slug, row in rows.items():
        known = {"name": row["name"], "audience": row.get("audience", Space.Audience.MEMBERS)}
        found[slug], made = Space.objects.get_or_create(slug=slug, defaults=known)
        if made:
            found[slug].organizations.set([organizations[name] for name in row.get("organizations", [])])
    return found


def _open_people(places: Places, people: list[ArchivedPerson]) -> None:
    """Those of the own site by their handles, the others by where they come from; who is nowhere is made."""
    site = places.archive.site
    unknown = []
    for person in people:
        found = _known(person, own=places.is_own and person.site == site)
        if found is not None:
            places.people[person.key] = found
        else:
            unknown.append(person)
    if places.whole:
        _restore_people(places, unknown)
    else:
        rows = [Person(_id_of(person), person.name, clock.now()) for person in unknown]
        rows.append(Person(_NOBODY, site, clock.now()))
        keys, made = import_members(archive=places.archive, people=rows)
        index_members(made)
        members = Member.objects.in_bulk(keys.values())
        for person in unknown:
            places.people[person.key] = members[keys[_id_of(person)]]
        places.people[""] = members[keys[_NOBODY]]


def _id_of(person: ArchivedPerson) -> str:
    """What a person is called who comes from the site of this archive, or came to it from another."""
    said = f"{person.site}/{person.id}"
    return said if len(said) <= _LONGEST_ID else sha256(said.encode()).hexdigest()


def _known(person: ArchivedPerson, *, own: bool) -> Member | None:
    if own:
        found = Member.objects.filter(handle=person.id, source_site="").first()
        if found is not None:
            return found
    return Member.objects.filter(source_site=person.site, source_id=person.id).exclude(source_site="").first()


def _restore_people(places: Places, unknown: list[ArchivedPerson]) -> None:
    made = []
    for person in unknown:
        member = Member(
            handle=_free_handle(person.key), name=person.name, organization=places.organizations[person.organization],
            source_site=person.site, source_id=person.id,
        )  # fmt: skip
        member.set_unusable_password()
        member.save()
        places.people[person.key] = member
        made.append(member)
    index_members(made)


def _free_handle(wanted: str) -> str:
    """This handle, or one like it when somebody else has it here."""
    like = chain([wanted], (f"{wanted[:30]}-{number}" for number in count(2)))
    return next(each for each in like if each not in RESERVED and not Member.objects.filter(handle=each).exists())


@action
def import_practices(*, places: Places, rows: Sequence[ArchivedPractice]) -> Done:
    """Take up some practices. Those that are here stay as they are, unless only the archive's say something new."""
    lock_archive(places.archive)
    done, made = Done(), []
    for row in rows:
        found = _here(places, row)
        if found is None:
            made.append(restore(places, row) if places.whole else _take_in(places, row))
            done.made += 1
        else:
            _renew(places, found, row, done)
    index_practices([practice for practice in made if practice.merged_into_id is None])
    for practice in made:
        recount(practice)
    if places.whole and places.is_own and made:
        next_keys_follow()
    return done


def _here(places: Places, row: ArchivedPractice) -> Practice | None:
    key = own_key(places, row)
    if key is not None:
        found = Practice.objects.filter(pk=key, source_site="").first()
        if found is not None:
            return found
    return Practice.objects.filter(source_site=row.site, source_id=row.id).exclude(source_site="").first()


def _take_in(places: Places, row: ArchivedPractice) -> Practice:
    """A practice for everybody in the space, trusted as far as where it comes from; nothing else of it."""
    confidence = row.facts["confidence"]
    by = places.people[row.facts.get("recorded_by", "")]
    at = moment(row.facts.get("recorded_at") or row.facts.get("published_at"))
    validated = confidence == Practice.Confidence.VALIDATED
    practice = Practice(
        title=row.title, product=_product_of(places, row), space=places.archive.space,
        organization=places.archive.organization, confidence=confidence, recorded_by=by, recorded_at=at,
        updated_at=moment(row.facts.get("updated_at")) if row.facts.get("updated_at") else at,
        basis=Practice.Basis.IMPORTED if validated else Practice.Basis.NONE,
        source_site=row.site, source_id=row.id, source_url=row.facts["origin"]["url"],
        source_license=row.facts["origin"]["license"],
    )  # fmt: skip
    said_by(practice, row.texts)
    practice.save()
    tags = tags_named(row.facts["tags"][:8])
    practice.tags.set(tags)
    PracticeVersion.objects.create(
        practice=practice, number=1, title=row.title, fields=practice.fields, product=practice.product,
        tags=sorted(tag.slug for tag in tags), kind=PracticeVersion.Kind.IMPORTED, author=by, at=practice.updated_at,
    )  # fmt: skip
    return practice


def _product_of(places: Places, row: ArchivedPractice) -> Product | None:
    return places.products[row.facts["product"]] if row.facts["product"] else None


def _renew(places: Places, found: Practice, row: ArchivedPractice, done: Done) -> None:
    """Have one that is here say what only the archive says by now; in the space that was named, and nowhere else."""
    if _says(found.title, found.fields) == _says(row.title, row.texts):
        done.there += 1
        return
    if not places.whole and found.space_id != places.archive.space.pk:
        done.elsewhere += 1
        return
    said = list(PracticeVersion.objects.filter(practice=found).order_by("number"))
    if any(_says(each.title, each.fields) == _says(row.title, row.texts) for each in said):
        done.there += 1
    elif found.is_current and not found.follows_record and _is_as_it_came(found, said, row):
        practice = lock_practice(found)
        write_version(
            practice, texts=row.texts, title=row.title, product=_product_of(places, row), tags=row.facts["tags"][:8],
            by=practice.recorded_by, kind=PracticeVersion.Kind.IMPORTED,
        )  # fmt: skip
        done.changed += 1
    else:
        done.conflicting += 1


def _is_as_it_came(found: Practice, said: Sequence[PracticeVersion], row: ArchivedPractice) -> bool:
    """Whether nobody here changed it since it was brought along, or the archive knows what it says here."""
    if said and said[-1].kind == PracticeVersion.Kind.IMPORTED:
        return True
    known = [each for each in row.facts.get("versions", []) if each["fields"] is not None]
    return any(_says(each["title"], each["fields"]) == _says(found.title, found.fields) for each in known)


def _says(title: str, texts: Mapping[str, str]) -> tuple[str, ...]:
    return title, *(texts.get(name, "") for name in ("problem", "environment", "cause", "resolution"))
