"""Releases of static files: which address leads where, and who may keep what."""

import os
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.templatetags.static import static
from django.test import Client
from pytest_django.fixtures import Settings

from community.http.static import collected as is_collected
from community.http.static import found_files, release
from community.http.trimming import without_comments

NAME = "js/words.js"


def get(address: str, **headers: str) -> tuple[int, str, str]:
    """Status, text and cache rule of what is served at an address."""
    response = Client().get(address, headers=headers)
    text = b"".join(response.streaming_content).decode() if response.streaming else ""  # type: ignore[attr-defined]
    return response.status_code, text, response.get("Cache-Control", "")


def test_addresses_carry_the_release_and_are_stable(collected: Path) -> None:
    assert static(NAME) == f"/static/{release()}{NAME}"
    before = release()
    release.cache_clear()
    assert release() == before


def test_a_changed_file_is_another_release(settings: Settings, tmp_path: Path) -> None:
    before = release()
    (tmp_path / "new.js").write_text("1;")
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, tmp_path]
    release.cache_clear()
    try:
        assert release() != before
    finally:
        settings.STATICFILES_DIRS = settings.STATICFILES_DIRS[:-1]
        release.cache_clear()
    assert release() == before


def test_while_developing_addresses_are_plain(settings: Settings) -> None:
    settings.DEBUG = True
    release.cache_clear()
    try:
        assert release() == ""
    finally:
        settings.DEBUG = False
        release.cache_clear()


def test_without_collecting_the_sources_are_served(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_AUTOREFRESH = False
    assert not is_collected()
    status, text, kept = get(f"/static/{release()}{NAME}")
    assert (status, text) == (200, found_files()[NAME].read_text())
    assert "immutable" in kept


def test_an_old_release_stays_and_an_unknown_one_gets_the_present_files(collected: Path) -> None:
    shutil.copytree(collected / release(), collected / "0123456789ab")
    (collected / "0123456789ab" / NAME).write_text("old;")
    for encoded in ("br", "gz"):
        (collected / "0123456789ab" / f"{NAME}.{encoded}").unlink()
    present = (collected / release() / NAME).read_text()

    assert get(f"/static/0123456789ab/{NAME}")[:2] == (200, "old;")
    assert "immutable" in get(f"/static/0123456789ab/{NAME}")[2]
    for address in (f"/static/ba9876543210/{NAME}", f"/static/{NAME}"):
        assert get(address) == (200, present, "no-cache")
    for address in (f"/static/{release()}js/none.js", "/static/../settings.py", f"/static/{release()}.complete/x"):
        assert get(address)[0] == 404


def test_collecting_again_changes_nothing(collected: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in collected.rglob("*")}
    call_command("collectstatic", interactive=False, verbosity=0)
    assert {path: path.stat().st_mtime_ns for path in collected.rglob("*")} == before


def test_the_last_releases_are_kept(collected: Path) -> None:
    for age, name in enumerate(("aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"), start=1):
        (collected / name).mkdir()
        (collected / name / ".complete").touch()
        os.utime(collected / name / ".complete", (0, 1_000_000 - age))
    (collected / "dddddddddddd").mkdir()
    shutil.rmtree(collected / release())

    call_command("collectstatic", interactive=False, verbosity=0)

    kept = {path.name for path in collected.iterdir()}
    assert kept == {release().strip("/"), "aaaaaaaaaaaa", "bbbbbbbbbbbb", "dddddddddddd"}


def test_a_collecting_that_was_cut_off_is_made_good(collected: Path) -> None:
    (collected / release() / ".complete").unlink()
    (collected / release() / f"{NAME}.br").write_bytes(b"half")
    call_command("collectstatic", interactive=False, verbosity=0)
    assert is_collected()
    status, text, _kept = get(static(NAME))
    assert (status, text) == (200, (collected / release() / NAME).read_text())
    assert (collected / release() / f"{NAME}.br").read_bytes() != b"half"


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("// what for\n\nlet a = 1; // stays\n", "\n\nlet a = 1; // stays\n"),
        ("/** One. */\nf();\n  /*\n   * Two.\n   */\ng();", "\nf();\n\n\n\ng();"),
        ("const s = `one\n// two\n/* three */\n`;\n// four", "const s = `one\n// two\n/* three */\n`;\n"),
        ('const q = "`";\n// gone', 'const q = "`";\n'),
        ("const r = /[`]/;\n// gone", "const r = /[`]/;\n"),
        ("const d = a / b;\n// gone", "const d = a / b;\n"),
    ],
)
def test_comments_do_not_travel(source: str, kept: str) -> None:
    assert without_comments(source) == kept


@pytest.mark.parametrize("name", sorted(name for name in found_files() if name.startswith(("js/", "css/"))))
def test_our_sources_keep_comments_apart_from_code(name: str) -> None:
    """As the trimming believes: nothing follows a comment in its line, and literals that begin also end."""
    source = found_files()[name].read_text()
    trimmed = without_comments(source)
    assert trimmed.count("\n") == source.count("\n")
    dropped = [old for old, new in zip(source.split("\n"), trimmed.split("\n"), strict=True) if old != new]
    assert [line for line in dropped if "*/" in line and not line.endswith("*/")] == []
    assert without_comments(f"{source}\n// the end").endswith("\n"), "no literal is open at the end"
