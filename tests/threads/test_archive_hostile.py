"""Archives that somebody tampered with: refused with a word about what is wrong, or taken up whole."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from community.models import Member, Organization, Space
from tests.cast import make_cast
from tests.pages.publishing import public
from tests.threads.practicing import recorded
from threads.actions.verdicts import say_verdict
from threads.importers.archive.layout import CURATION
from threads.models import Practice

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

STRANGE: tuple[Any, ...] = (
    None, True, -1, 0, 2**31, 1e400, "", "x" * 300, "../../etc/passwd", "acme\n", "\u202e\x1b[31m",
    "javascript:alert(1)", [], {}, [1], {"": ""}, "0001-01-01T00:00:00.000000+00:00",
    "9999-12-31T23:59:59.999999-14:00", "network", "public", "validated", "archived", "failed",
)  # fmt: skip

EVERY = 11  # of the strange values at one place; the next place gets the others

Path_ = tuple[str | int, ...]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of a whole site, which is nowhere in the database."""
    folder = tmp_path / "archive"
    with transaction.atomic():
        cast = make_cast()
        public(cast)
        mine = recorded(cast, title="For Acme", audience="organization", space="alliance")
        say_verdict(by=cast.nia, practice=mine, kind="failed", note="It failed here: again and again.")
        call_command("export_archive", str(folder), "--whole", verbosity=0)
        transaction.set_rollback(True)
    assert not Practice.objects.exists()
    return folder


def places_in(facts: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Every place in some JSON; of a list the first only."""
    yield path
    if isinstance(facts, dict):
        for name in facts:
            yield from places_in(facts[name], (*path, name))
    elif isinstance(facts, list) and facts:
        yield from places_in(facts[0], (*path, 0))


def with_other(facts: Any, path: Path_, value: Any) -> Any:
    """The same with another value at one place."""
    if not path:
        return value
    copy = json.loads(json.dumps(facts))
    inner = copy
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return copy


def without(facts: Any, path: Path_) -> Any:
    copy = json.loads(json.dumps(facts))
    inner = copy
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return copy


def taken_up(folder: Path, *how: str) -> bool:
    """Whether it was taken up. Neither leaves anything in the database that was refused, nor what cannot be shown."""
    with transaction.atomic():
        try:
            call_command("import_archive", str(folder), *how, verbosity=0)
        except CommandError as error:
            said = str(error)
        else:
            said = ""
        if said:
            left = Practice.objects.exists() or Member.objects.exists()
            assert ("Nothing was imported" in said, left) == (True, False), said
            return False
        again = folder.with_name("again")
        call_command("export_archive", str(again), "--whole", verbosity=0)
        shutil.rmtree(again)
        transaction.set_rollback(True)
    return True


@pytest.mark.parametrize("how", [("--whole",), ("--space", "brought")])
def test_no_value_breaks_it(archive: Path, how: tuple[str, ...]) -> None:
    """Whatever stands anywhere in a file."""
    assert taken_up(archive, *how)
    refused = 0
    for path in sorted(archive.rglob("*.json")):
        text = path.read_bytes()
        facts = json.loads(text)
        for turn, place in enumerate(places_in(facts)):
            for value in STRANGE[turn % EVERY :: EVERY]:
                path.write_text(json.dumps(with_other(facts, place, value)))
                refused += not taken_up(archive, *how)
            if place and turn % 3 == 0:
                path.write_text(json.dumps(without(facts, place)))
                refused += not taken_up(archive, *how)
        path.write_bytes(text)
    assert refused > 250


BROKEN_TEXTS: dict[str, Callable[[str], str]] = {
    "no title": lambda text: text[2:],
    "empty title": lambda text: "#  \n" + text.partition("\n")[2],
    "long title": lambda text: "# " + "x" * 201 + "\n" + text.partition("\n")[2],
    "field twice": lambda text: text + "<!-- guildhall:cause -->\n",
    "field missing": lambda text: text.replace("<!-- guildhall:cause -->\n", ""),
    "no end": lambda text: text.rstrip("\n"),
    "nul": lambda text: text.replace("a", "\0", 1),
    "empty": lambda text: text[:0],
    "no resolution": lambda text: text.partition("<!-- guildhall:resolution")[0] + "<!-- guildhall:resolution -->\n\n",
    "large": lambda text: text + "x" * 200_000 + "\n",
}


@pytest.mark.parametrize("how", BROKEN_TEXTS)
def test_no_text_breaks_it(archive: Path, how: str) -> None:
    for path in archive.glob("practices/*.md"):
        text = path.read_text()
        assert BROKEN_TEXTS[how](text) != text
        path.write_text(BROKEN_TEXTS[how](text))
    assert not taken_up(archive, "--whole")
    assert not taken_up(archive, "--space", "brought")


@pytest.mark.parametrize("name", ["x.md", "x.txt", "..md", "\x1b[31m.md", "a b.json", "x\udcff.md"])
def test_no_file_is_there_that_is_none_of_the_archive(archive: Path, name: str) -> None:
    """Nor a folder, nor a link that leads out of it."""
    (archive / "practices" / name).write_text("# x\n")
    assert not taken_up(archive, "--whole")
    (archive / "practices" / name).unlink()
    assert taken_up(archive, "--whole")
    inside = archive / "practices"
    inside.rename(archive / "elsewhere")
    inside.symlink_to(archive / "elsewhere")
    assert not taken_up(archive, "--whole")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "\ufeff{}", "{} {}", '{"a": 1' + "0" * 5_000 + "}"])
def test_no_file_of_it_is_broken(archive: Path, text: str) -> None:
    for path in sorted(archive.glob("*.json")):
        kept = path.read_bytes()
        path.write_text(text)
        assert not taken_up(archive, "--whole")
        path.write_bytes(b"\xff" + kept)
        assert not taken_up(archive, "--space", "brought")
        path.unlink()
        if path.name != CURATION:
            assert not taken_up(archive, "--whole")
        path.write_bytes(kept)


def test_nothing_is_taken_that_is_somebody_elses(archive: Path) -> None:
    """A public address or an organization's name that is here already; a space that is none."""
    cast = make_cast()
    theirs = recorded(cast)
    (path,) = [each for each in archive.glob("practices/*.json") if '"audience": "public"' in each.read_text()]
    slug = json.loads(path.read_text())["slug"]
    Practice.objects.filter(pk=theirs.pk).update(slug=slug, source_site="other.example", source_id="7")
    with pytest.raises(CommandError, match="public address"):
        call_command("import_archive", str(archive), "--whole", verbosity=0)
    Practice.objects.filter(pk=theirs.pk).update(slug=None)
    organizations = json.loads((archive / "organizations.json").read_text())
    organizations["corax"]["name"] = "Acme"
    organizations["acme"]["name"] = "Other"
    (archive / "organizations.json").write_text(json.dumps(organizations))
    with pytest.raises(CommandError, match="another organization here"):
        call_command("import_archive", str(archive), "--whole", verbosity=0)
    for space in ("../x", "a b", "x" * 61, "\u202e"):
        with pytest.raises(CommandError, match="A space is named"):
            call_command("import_archive", str(archive), "--space", space, verbosity=0)


def test_places_of_another_site_are_not_those_called_alike_here(archive: Path, settings: Any) -> None:
    settings.SITE_URL = "https://elsewhere.example"
    make_cast()
    Organization.objects.filter(slug="acme").update(name="Acme of elsewhere")
    Space.objects.filter(slug="alliance").update(audience="network")
    with pytest.raises(CommandError) as refused:
        call_command("import_archive", str(archive), "--whole", verbosity=0)
    words = str(refused.value)
    assert "acme: here this is “Acme of elsewhere”" in words
    assert "alliance: the space of this name is for more people here" in words
    assert "lobby" not in words
    assert not Practice.objects.exists()


def test_a_practice_of_another_space_is_not_changed(archive: Path) -> None:
    """An archive that says that it is of this very site, and knows a practice's number and its words."""
    cast = make_cast()
    theirs = recorded(cast, title="For Acme", audience="organization", space="alliance")
    (path,) = [each for each in archive.glob("practices/*.md") if "For Acme" in each.read_text()]
    facts = json.loads(path.with_suffix(".json").read_text())
    site, number = facts["origin"]["site"], str(theirs.pk)
    facts["origin"]["id"] = number
    path.with_suffix(".json").unlink()
    text = path.read_text().replace("Mail takes hours", "Send all mail to me")
    path.unlink()
    (archive / "practices" / f"{site}-{number}.json").write_text(json.dumps(facts))
    (archive / "practices" / f"{site}-{number}.md").write_text(text)
    for other in archive.glob("practices/*"):
        if other.stem != f"{site}-{number}":
            other.unlink()
    head = json.loads((archive / "archive.json").read_text()) | {"practices": 1}
    (archive / "archive.json").write_text(json.dumps(head))
    call_command("import_archive", str(archive), "--space", "lobby", verbosity=0)
    theirs.refresh_from_db()
    assert (theirs.version, "Send all mail" in theirs.problem) == (1, False)
    assert not Practice.objects.filter(space__slug="lobby").exists()
