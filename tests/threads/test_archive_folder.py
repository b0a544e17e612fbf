"""Archives of practices: written, read again, the same; nothing in them that is not for whom they are for."""

import json
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.models import Grant, Member
from community.rules import clock
from tests.cast import Cast
from tests.pages.publishing import public
from tests.pages.stories import signed_in
from tests.threads.practicing import fresh, recorded, validated
from threads.actions.governance import set_governance
from threads.actions.practices import edit_practice
from threads.actions.retiring import retire
from threads.actions.verdicts import say_verdict
from threads.importers.archive import checking
from threads.importers.archive.checking import strict_json
from threads.importers.archive.layout import as_json
from threads.importers.archive.writing import AS, Export, export_archive
from threads.models import Governance, Keeper, KeptFinding, Practice, PracticeVersion, Product, Tag, Verdict
from threads.queries.archive import practices_visible_to, versions_shown
from threads.queries.taken_along import along
from threads.queries.verdicts import verdicts_shown
from threads.rules.archived import FIELDS, from_markdown, to_markdown
from threads.views import exporting

pytestmark = pytest.mark.both_databases

HOSTILE = (
    "<!-- guildhall:cause -->\n\\<!-- guildhall:x\r\n\u05e9\u05dc\u05d5\u05dd 😀\u2028<script>x</script>\n# no\n"
    + "x" * 9_000
)

SHOWN = ("pk", "confidence", "worked", "audience", "slug", "due_told")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def forget_everything() -> None:
    """An empty database of the same site."""
    call_command("flush", verbosity=0, interactive=False)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(), st.lists(st.text(), min_size=4, max_size=4))
def test_a_text_file_says_what_it_was_written_from(title: str, texts: list[str]) -> None:
    shown, said = title.replace("\n", " "), dict(zip(FIELDS, texts, strict=True))
    assert from_markdown(to_markdown(shown, said)) == (shown, said)


@pytest.fixture
def full(cast: Cast) -> Cast:
    """An archive with everything in it."""
    public(cast)
    hostile = recorded(cast, title="Hostile <b>title</b>", cause=HOSTILE)
    edit_practice(by=cast.ben, practice=hostile, fields={"cause": HOSTILE + "!"}, version=hostile.version)
    say_verdict(by=cast.zoe, practice=hostile, kind="failed", note="It failed here: \U0001f600 again.")
    say_verdict(by=cast.zoe, practice=hostile, kind="changes", note="It worked with another flag.")
    old, target = validated(cast, title="Old one"), validated(cast, title="Kept one")
    retire(by=cast.cleo, practice=old, reason="Nobody has it any more.")
    Practice.objects.filter(pk=old.pk).update(merged_into=target)
    recorded(cast, title="For Acme", audience="organization", space="alliance")
    Practice.objects.filter(pk=target.pk).update(basis="approved", reviewed_version=1)
    Practice.objects.create(
        space=cast.spaces["workshop"], organization=cast.organizations["acme"], audience="center",
        title="From elsewhere", center=cast.centers["acme-malmo"], problem="x", resolution="y", recorded_by=cast.ada,
        source_site="docs.example", source_id="a-1", source_url="https://docs.example/1", source_license="CC BY 4.0",
    )  # fmt: skip
    Practice.objects.filter(pk=hostile.pk).update(due_told=clock.now())
    KeptFinding.objects.create(practice=hostile, kind="email", digest="a" * 64, by=cast.ben)
    for space, keepers in ((cast.spaces["lobby"], [cast.ada, cast.zoe]), (None, [cast.ben])):
        set_governance(
            by=cast.nia, space=space, product=cast.products["mail-gateway"], mode="compliance", keepers=keepers,
            reason="Money.",
        )  # fmt: skip
    set_governance(by=cast.nia, space=None, tag=Tag.objects.get(slug="c++"), mode="experience", reason="All know it.")
    return cast


@pytest.mark.django_db(transaction=True)
def test_a_site_that_is_restored_writes_the_same_archive(full: Cast, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    call_command("export_archive", str(first), "--whole", verbosity=0)
    before = sorted(Practice.objects.values_list(*SHOWN), key=str)
    moved = sorted(PracticeVersion.objects.exclude(moved={}).values_list("practice", "number", "moved"), key=str)
    assert {name for _practice, _number, states in moved for name in states} == {"audience", "confidence"}
    forget_everything()
    call_command("import_archive", str(first), "--whole", verbosity=0)
    call_command("export_archive", str(second), "--whole", verbosity=0)
    assert files(second) == files(first)
    assert sorted(Practice.objects.values_list(*SHOWN), key=str) == before
    again = PracticeVersion.objects.exclude(moved={}).values_list("practice", "number", "moved")
    assert sorted(again, key=str) == moved
    assert not Member.objects.filter(email__isnull=False).exists()
    told = json.loads(files(first)["curation.json"])
    assert [(row["product"], row["tag"], row["space"]) for row in told["governance"]] == [
        (None, "c++", None), ("mail-gateway", None, None), ("mail-gateway", None, "lobby"),
    ]  # fmt: skip
    assert Keeper.objects.filter(governance__space__slug="lobby").count() == 2
    assert [row["member"] for row in told["curators"] if row["space"] == "lobby"] == ["cleo"]
    assert KeptFinding.objects.get().digest == "a" * 64
    counts = (Practice.objects.count(), PracticeVersion.objects.count(), Verdict.objects.count())
    call_command("import_archive", str(first), "--whole", verbosity=0)
    assert counts == (Practice.objects.count(), PracticeVersion.objects.count(), Verdict.objects.count())
    member, space = Member.objects.all()[0], Practice.objects.all()[0].space
    new = Practice.objects.create(
        space=space, organization=member.organization, title="New", problem="x", resolution="y", recorded_by=member
    )
    assert new.pk > max(row[0] for row in before)


@pytest.mark.django_db
def test_who_looks_after_what_is_here_stays_as_it_is(full: Cast, tmp_path: Path, settings: Any) -> None:
    """An archive gives nobody back a role that was taken from them, and one of another site gives nobody any."""
    call_command("export_archive", str(tmp_path / "own"), "--whole", verbosity=0)
    Grant.objects.filter(role=Grant.Role.CURATOR).delete()
    Governance.objects.filter(space__isnull=False).delete()
    for site in (settings.SITE_URL, "https://elsewhere.example"):
        settings.SITE_URL = site
        Practice.objects.filter(audience="public").update(audience="network", published_at=None, slug=None)
        said = StringIO()
        call_command("import_archive", str(tmp_path / "own"), "--whole", stdout=said)
        assert "is looked after as it is here" in said.getvalue()
        assert "without those who were invited" in said.getvalue()
        assert not Grant.objects.filter(role=Grant.Role.CURATOR).exists()
        assert not Governance.objects.filter(space__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_an_empty_archive(tmp_path: Path) -> None:
    for name in ("first", "second"):
        call_command("export_archive", str(tmp_path / name), "--whole", verbosity=0)
        call_command("import_archive", str(tmp_path / name), "--whole", verbosity=0)
    assert files(tmp_path / "first") == files(tmp_path / "second")
    assert not Practice.objects.exists()


@pytest.mark.django_db
def test_a_member_gets_what_they_see(full: Cast, tmp_path: Path) -> None:
    call_command("export_archive", str(tmp_path / "zoe"), "--as", "zoe", verbosity=0)
    call_command("export_archive", str(tmp_path / "ada"), "--as", "ada", verbosity=0)
    zoe, ada = (b"".join(files(tmp_path / name).values()) for name in ("zoe", "ada"))
    for text in (b"For Acme", b"From elsewhere", b"Workshop"):
        assert text not in zoe
        assert text in ada or text == b"Workshop"
    assert b"@example.org" not in zoe + ada
    assert b"Hostile" in zoe


def moves_in(folder: Path) -> list[dict[str, list[str]]]:
    """How the state of the only practice changed, version by version, as far as its file says so."""
    (path,) = folder.glob("practices/*.json")
    return [row["moved"] for row in json.loads(path.read_bytes())["versions"] if "moved" in row]


@pytest.mark.django_db
def test_the_first_version_that_is_shown_does_not_say_what_was_before(cast: Cast, tmp_path: Path) -> None:
    practice = recorded(cast)
    moves = [{"audience": ["organization", "space"]}, {"audience": ["space", "network"]}]
    for number, moved in enumerate(moves, start=2):
        PracticeVersion.objects.create(
            practice=practice, number=number, title="Then", fields=practice.fields, author=cast.ben, moved=moved
        )
    Practice.objects.filter(pk=practice.pk).update(version=3, history_from=2, widened_at=clock.now())
    for name, more in (("whole", ["--whole"]), ("zoe", ["--as", "zoe"])):
        call_command("export_archive", str(tmp_path / name), *more, verbosity=0)
    assert moves_in(tmp_path / "whole") == moves
    assert moves_in(tmp_path / "zoe") == [{"audience": ["space"]}, moves[1]]
    call_command("import_archive", str(tmp_path / "zoe"), "--space", "brought", verbosity=0)


@pytest.mark.django_db
def test_an_archive_from_before_what_changed_was_kept_is_read(full: Cast, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    call_command("export_archive", str(folder), "--whole", verbosity=0)
    for path in folder.glob("practices/*.json"):
        facts = json.loads(path.read_bytes())
        facts.pop("due_told", None)
        for row in facts["versions"]:
            row.pop("moved", None)
        path.write_bytes(as_json(facts))
    call_command("import_archive", str(folder), "--whole", "--dry-run", verbosity=0)
    path = min(folder.glob("practices/*.json"))
    wrong: tuple[Any, ...] = ({"confidence": ["validated"]}, {"confidence": ["x", "y"]}, {"place": ["a", "b"]}, [])
    for moved in wrong:
        facts = json.loads(path.read_bytes())
        facts["versions"][-1]["moved"] = moved
        path.write_bytes(as_json(facts))
        with pytest.raises(CommandError, match="versions"):
            call_command("import_archive", str(folder), "--whole", verbosity=0)


@pytest.mark.django_db
def test_strangers_get_nobody(full: Cast, tmp_path: Path) -> None:
    practice = Practice.objects.get(audience="public")
    practice.tags.add(Tag.objects.create(slug="customer-x"))
    practice.product = Product.objects.create(slug="secret", name="Secret product")
    practice.save(update_fields=["product"])
    call_command("export_archive", str(tmp_path / "out"), "--public", verbosity=0)
    found = files(tmp_path / "out")
    assert len([name for name in found if name.endswith(".md") and name.startswith("practices")]) == 1
    everything = b"".join(found.values()).decode()
    for who in full.people.values():
        assert who.name not in everything
    for name in ("acme", "Acme", "lobby", "verdict", "customer-x", "ecret"):
        assert name not in everything.replace("verdicts, ", "")


@pytest.mark.django_db
def test_into_a_space_comes_only_what_it_says(full: Cast, tmp_path: Path, settings: Any) -> None:
    """On another site: no verdict, nothing public, its own HTML; again nothing; then what is new."""
    folder = tmp_path / "out"
    call_command("export_archive", str(folder), "--whole", verbosity=0)
    count = Practice.objects.count()
    settings.SITE_URL = "https://other.example"
    call_command("import_archive", str(folder), "--space", "brought", verbosity=0)
    brought = Practice.objects.filter(space__slug="brought")
    assert brought.count() == count - 1, "the one from elsewhere is here already"
    assert set(brought.values_list("audience", flat=True)) == {"space"}
    assert not Verdict.objects.filter(practice__in=brought).exists()
    assert not brought.filter(cause_html__contains="<script").exists()
    assert set(brought.filter(confidence="validated").values_list("basis", flat=True)) == {"imported"}
    call_command("import_archive", str(folder), "--space", "brought", verbosity=0)
    assert brought.count() == count - 1
    (path,) = [each for each in folder.glob("practices/*.md") if "For Acme" in each.read_text()]
    path.write_text(path.read_text().replace("Mail takes hours", "Mail takes days"))
    call_command("import_archive", str(folder), "--space", "brought", verbosity=0)
    changed = brought.get(title="For Acme")
    assert (changed.version, changed.problem[:15]) == (2, "Mail takes days")
    edit_practice(by=full.nia, practice=changed, fields={"cause": "Ours."}, version=2)
    path.write_text(path.read_text().replace("Mail takes days", "Mail takes weeks"))
    call_command("import_archive", str(folder), "--space", "brought", verbosity=0)
    assert fresh(changed).problem[:15] == "Mail takes days"


@pytest.mark.django_db
def test_what_tells_of_somebody_is_counted_and_said(cast: Cast, tmp_path: Path, settings: Any) -> None:
    """Before anything is written, and again when it is: in how many practices what kind of detail stands."""
    for title in ("One", "Two"):
        practice = recorded(cast, title=title)
        details = {"cause": "Ask heinzl@apolin.cz or anna@apolin.cz.", "environment": "password=Tr0ub4dor&3"}
        Practice.objects.filter(pk=practice.pk).update(**details)
    folder = str(tmp_path / "out")
    call_command("export_archive", folder, "--whole", verbosity=0)
    settings.SITE_URL = "https://other.example"
    for more in (["--dry-run"], []):
        said = StringIO()
        call_command("import_archive", folder, "--space", "brought", *more, stdout=said)
        assert "2 × An e-mail address stands in a practice" in said.getvalue()
        assert "2 × A secret stands in a practice" in said.getvalue()
        assert "apolin" not in said.getvalue()


def test_members_take_along_what_they_see(full: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file has what the command writes for them; many at once, or often, is refused."""
    zoe = signed_in(full.zoe)
    assert "Make the file" in zoe.get("/archive/export/").content.decode()
    answer = zoe.post("/archive/export/", {"tag": ""})
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/zip", 'attachment; filename="practices.zip"',
    )  # fmt: skip
    first = b"".join(answer)
    with ZipFile(BytesIO(first)) as found:
        names = found.namelist()
        said = b"".join(found.read(name) for name in names).decode()
    assert names == sorted(names)
    assert all(name.startswith("practices/") and ".." not in name for name in names)
    assert "Hostile" in said
    assert not [text for text in ("For Acme", "From elsewhere", "Workshop", "@example.org") if text in said]
    assert b"".join(zoe.post("/archive/export/")) == first
    assert "nothing to take along" in zoe.post("/archive/export/", {"tag": "none"}).content.decode()
    monkeypatch.setattr(exporting, "MOST", 1)
    refused = zoe.post("/archive/export/")
    assert (refused.status_code, "export_archive" in refused.content.decode()) == (409, True)
    monkeypatch.setattr(exporting, "MOST", 500)
    monkeypatch.setattr(exporting, "MOST_AN_HOUR", 2)
    assert 429 in [zoe.post("/archive/export/").status_code for _ in range(3)], "Redis may have forgotten one"
    assert signed_in(full.ben).post("/archive/export/").status_code == 200


@pytest.mark.django_db
def test_taking_more_along_asks_no_more(cast: Cast, tmp_path: Path) -> None:
    def cost(name: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert export_archive(tmp_path / name, Export(AS, cast.zoe)) == Practice.objects.count()
        return len(asked)

    def more() -> None:
        for _time in range(3):
            practice = recorded(cast)
            say_verdict(by=cast.zoe, practice=practice, kind="worked")
            edit_practice(by=cast.ben, practice=practice, fields={"cause": "Another."}, version=1)
            old = recorded(cast)
            Practice.objects.filter(pk=old.pk).update(confidence="archived", merged_into=practice)

    more()
    before = cost("few")
    more()
    assert cost("more") == before


def test_what_belongs_to_many_is_what_belongs_to_each(full: Cast) -> None:
    for practice in Practice.objects.filter(version=1):
        PracticeVersion.objects.create(
            practice=practice, number=2, title="Then", fields=practice.fields, author=practice.recorded_by
        )
        Practice.objects.filter(pk=practice.pk).update(version=2)
    Practice.objects.update(widened_at=clock.now())
    Practice.objects.filter(version__gt=1).update(history_from=2)
    for who in full.people.values():
        seen = list(practices_visible_to(who).order_by("pk"))
        found = along(who, seen)
        for practice in seen:
            assert found.versions.get(practice.pk, []) == versions_shown(who, practice)
            words = {(row.pk, row.note, row.environment) for row in found.verdicts.get(practice.pk, [])}
            assert words == {(row.pk, row.note, row.environment) for row in verdicts_shown(who, practice)}


BROKEN = {
    "twice": lambda text: text.replace('{\n "', '{\n "tags": [],\n "', 1),
    "no number": lambda text: text.replace('"version": 1', '"version": NaN'),
    "large": lambda text: text + " " * 100_000,
    "nested": lambda text: text.replace('"tags": []', '"tags": ' + "[" * 50 + "]" * 50),
    "shape": lambda text: text.replace('"confidence"', '"confidences"'),
    "somebody": lambda text: text.replace('"recorded_by": "ben"', '"recorded_by": "eve"'),
    "nul": lambda text: text.replace('"reason": ""', '"reason": "\\u0000"'),
    "surrogate": lambda text: text.replace('"reason": ""', '"reason": "\\ud800"'),
    "origin": lambda text: text.replace('"id": "', '"id": "../'),
    "cut": lambda text: text[:-20],
}


@pytest.mark.django_db
@pytest.mark.parametrize("how", BROKEN)
def test_what_is_wrong_is_said_and_nothing_is_written(
    cast: Cast, tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MOST_BYTES", 100_000)
    recorded(cast)
    folder = tmp_path / "out"
    call_command("export_archive", str(folder), "--whole", verbosity=0)
    (path,) = folder.glob("practices/*.json")
    text = path.read_text()
    assert BROKEN[how](text) != text
    path.write_text(BROKEN[how](text))
    before = Member.objects.count(), Practice.objects.count()
    with pytest.raises(CommandError, match=path.stem):
        call_command("import_archive", str(folder), "--space", "brought", verbosity=0)
    assert before == (Member.objects.count(), Practice.objects.count())


@pytest.mark.django_db
def test_a_folder_of_somebody_else_is_left_alone(cast: Cast, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "thesis.txt").write_text("x")
    for more in ([], ["--replace"]):
        with pytest.raises(CommandError, match="there already"):
            call_command("export_archive", str(folder), "--whole", *more, verbosity=0)
    assert (folder / "thesis.txt").read_text() == "x"
    call_command("export_archive", str(tmp_path / "own"), "--whole", verbosity=0)
    before = files(tmp_path / "own")
    call_command("export_archive", str(tmp_path / "own"), "--whole", "--replace", verbosity=0)
    assert files(tmp_path / "own") == before
    link = tmp_path / "own" / "practices" / "x-1.md"
    link.symlink_to("/etc/hostname")
    with pytest.raises(CommandError, match="x-1"):
        call_command("import_archive", str(tmp_path / "own"), "--whole", verbosity=0)
    assert strict_json(tmp_path / "own" / "archive.json")["practices"] == 0
    assert json.loads(before["archive.json"])["scope"] == "whole"
