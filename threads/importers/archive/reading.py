"""Reads an archive folder: all of it once, to be sure; then practice by practice, so that memory stays as it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from threads.importers.archive import layout
from threads.importers.archive.checking import MOST_FILES, read_practice, strict_json
from threads.importers.archive.layout import UnusableArchive
from threads.importers.archive.shapes import CURATION, NAMED, PEOPLE, SHAPES, SITE
from threads.rules.archived import ArchivedPractice

_MOST_MESSAGES = 50


@dataclass(frozen=True)
class Folder:
    """An archive that can be read to its end."""

    path: Path
    site: str
    scope: str
    names: list[str]
    people: dict[str, dict[str, Any]]
    organizations: dict[str, dict[str, Any]]
    spaces: dict[str, dict[str, Any]]
    products: dict[str, dict[str, Any]]
    curation: dict[str, Any]

    def practices(self) -> Iterator[ArchivedPractice]:
        """One after another: those of the archive's own site first, whose keys may be taken; merged ones last."""
        later = []
        for name in sorted(self.names, key=lambda name: (not name.startswith(f"{self.site}-"), name)):
            practice = read_practice(self.path, name, self.scope)
            if practice.facts.get("merged_into"):
                later.append(name)
            else:
                yield practice
        for name in later:
            yield read_practice(self.path, name, self.scope)


def opened(path: Path) -> Folder:
    """The archive in a folder, every file of it checked. Raises UnusableArchive with what is wrong."""
    messages: list[str] = []
    found: dict[str, Any] = {}
    for name in (layout.HEAD, layout.PEOPLE, layout.ORGANIZATIONS, layout.SPACES, layout.PRODUCTS):
        try:
            found[name] = strict_json(path / name)
            if not isinstance(found[name], dict):
                raise ValueError(_("it is no object"))
        except (ValueError, OSError) as error:
            messages.append(f"{name}: {error}")
    if messages:
        raise UnusableArchive(messages)
    head = found[layout.HEAD]
    if not _is_known(head):
        raise UnusableArchive([_("%(name)s is not of this kind of archive") % {"name": layout.HEAD}])
    _check_named(found)
    names = _names(path, messages)
    folder = Folder(
        path, head["site"], head["scope"], names, found[layout.PEOPLE], found[layout.ORGANIZATIONS],
        found[layout.SPACES], found[layout.PRODUCTS], _curation(path, head["scope"], found),
    )  # fmt: skip
    if head.get("practices") != len(names):
        messages.append(_("%(name)s names another number of practices") % {"name": layout.HEAD})
    _check_practices(folder, messages)
    if messages:
        raise UnusableArchive(messages[:_MOST_MESSAGES])
    return folder


def _curation(path: Path, scope: str, found: dict[str, Any]) -> dict[str, Any]:
    """Who looks after what; nobody, where an archive says nothing of it. Raises UnusableArchive."""
    facts: dict[str, Any] = {"governance": [], "curators": [], "kept": {}}
    if scope != "whole" or not (path / layout.CURATION).exists():
        return facts
    try:
        facts = strict_json(path / layout.CURATION)
        if not CURATION(facts):
            raise ValueError(_("it is not as it should be"))
        _check_curation(facts, found)
    except (ValueError, OSError) as error:
        raise UnusableArchive([f"{layout.CURATION}: {error}"]) from error
    return facts


def _check_curation(facts: dict[str, Any], found: dict[str, Any]) -> None:
    rules, curators = facts["governance"], facts["curators"]
    about = [(row["space"], row["product"], row["tag"]) for row in rules]
    if any((product is None) == (tag is None) for _space, product, tag in about):
        raise ValueError(_("a rule is about a product or a tag"))
    keeping = [[each["member"] for each in row["keepers"]] for row in rules]
    roles = [(row["space"], row["member"]) for row in curators]
    findings = [[each["digest"] for each in rows] for rows in facts["kept"].values()]
    once: list[list[Any]] = [about, roles, *keeping, *findings]
    if any(len(set(said)) != len(said) for said in once):
        raise ValueError(_("something is said twice"))
    people = [*(row["set_by"] for row in rules), *(name for names in keeping for name in names)]
    people += [name for row in curators for name in (row["member"], row["by"])]
    people += [each["by"] for rows in facts["kept"].values() for each in rows]
    spaces = [*(row["space"] for row in rules), *(row["space"] for row in curators)]
    for named, file in (
        (people, layout.PEOPLE),
        (spaces, layout.SPACES),
        ([each[1] for each in about], layout.PRODUCTS),
    ):
        unknown = [name for name in named if name is not None and name not in found[file]]
        if unknown:
            raise ValueError(_("“%(name)s” is named and not there") % {"name": unknown[0]})


def _names(path: Path, messages: list[str]) -> list[str]:
    inside = path / layout.FOLDER
    if inside.is_symlink() or not inside.is_dir():
        raise UnusableArchive([_("%(name)s is no folder") % {"name": layout.FOLDER}])
    files = sorted(each.name for each in inside.iterdir())
    if len(files) > MOST_FILES:
        raise UnusableArchive([_("There are more than %(most)d files") % {"most": MOST_FILES}])
    stems, there = {name.rpartition(".")[0] for name in files}, set(files)
    strange = [name for name in files if not layout.NAME.match(name) or name.rpartition(".")[2] not in ("md", "json")]
    messages += [f"{layout.FOLDER}/{_shown(name)}: " + _("this is none of the files") for name in strange]
    missing = [f"{stem}.{end}" for stem in sorted(stems) for end in ("md", "json") if f"{stem}.{end}" not in there]
    messages += [f"{layout.FOLDER}/{_shown(name)}: " + _("it is missing") for name in missing]
    return [] if strange or missing else sorted(stems)


def _shown(name: str) -> str:
    """A name as it can be said on a terminal."""
    return "".join(char if char.isprintable() else "?" for char in name[:100])


def _is_known(head: dict[str, Any]) -> bool:
    same = head.get("format") == layout.FORMAT and head.get("version") == layout.VERSION
    return same and isinstance(head.get("scope"), str) and head["scope"] in SHAPES and SITE(head.get("site"))


def _check_named(found: dict[str, Any]) -> None:
    """Raise UnusableArchive unless people, organizations, spaces and products are as they should be, each once."""
    people, organizations = found[layout.PEOPLE], found[layout.ORGANIZATIONS]
    files = ((layout.PEOPLE, PEOPLE), (layout.ORGANIZATIONS, NAMED["organizations"]), (layout.SPACES, NAMED["spaces"]),
             (layout.PRODUCTS, NAMED["products"]))  # fmt: skip
    messages = [f"{name}: " + _("it is not as it should be") for name, check in files if not check(found[name])]
    if messages:
        raise UnusableArchive(messages)
    named = {row["organization"] for row in people.values()}
    named |= {slug for row in found[layout.SPACES].values() for slug in row.get("organizations", ())}
    unknown = sorted(named - set(organizations))[:_MOST_MESSAGES]
    words = _("“%(name)s” is named and not there")
    messages += [f"{layout.ORGANIZATIONS}: " + words % {"name": slug} for slug in unknown]
    for name, values in (
        (layout.PEOPLE, [(row["site"], row["id"]) for row in people.values()]),
        (layout.ORGANIZATIONS, [row["name"] for row in organizations.values()]),
        (layout.PRODUCTS, [row["name"] for row in found[layout.PRODUCTS].values()]),
    ):
        if len(set(values)) != len(values):
            messages.append(f"{name}: " + _("two of them are the same"))
    if messages:
        raise UnusableArchive(messages)


def _check_practices(folder: Folder, messages: list[str]) -> None:
    merged: dict[str, str] = {}
    addresses: set[str] = set()
    for name in folder.names:
        try:
            practice = read_practice(folder.path, name, folder.scope)
            _check_references(folder, practice.facts)
        except (ValueError, OSError) as error:
            messages.append(f"{layout.FOLDER}/{name}: {error}")
            continue
        slug = practice.facts.get("slug")
        if slug and slug in addresses:
            messages.append(f"{layout.FOLDER}/{name}: " + _("another one has its public address"))
        addresses.add(slug or "")
        target = practice.facts.get("merged_into")
        if target:
            merged[name] = f"{target['site']}-{target['id']}"
    known = set(folder.names)
    for name, target in merged.items():
        if target not in known or target in merged:
            messages.append(f"{layout.FOLDER}/{name}: " + _("what it was merged into is missing, or merged itself"))


def _check_references(folder: Folder, facts: dict[str, Any]) -> None:
    people = [facts.get("recorded_by"), facts.get("owner"), facts.get("consent_by")]
    people += [row[key] for row in facts.get("versions", []) for key in ("author", "suggested_by")]
    people += [row["member"] for row in facts.get("verdicts", [])]
    organizations = [facts.get("organization"), *facts.get("audience_organizations", [])]
    organizations += [row["organization"] for row in facts.get("verdicts", [])]
    products = [facts["product"], *(row["product"] for row in facts.get("versions", []))]
    for named, rows in ((people, folder.people), (organizations, folder.organizations), (products, folder.products),
                        ([facts.get("space")], folder.spaces)):  # fmt: skip
        unknown = [name for name in named if name is not None and name not in rows]
        if unknown:
            raise ValueError(_("“%(name)s” is named and not there") % {"name": unknown[0]})
