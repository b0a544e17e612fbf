"""Files: judged by content, served so that they cannot run, only to those who may see the thread."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from tests.cast import Cast
from tests.pages.stories import SignIn
from threads.actions.posts import edit_post
from threads.actions.records import save_record
from threads.actions.threads import open_thread
from threads.models import Post

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = storages


def _png() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(kept, "PNG")
    return kept.getvalue()


def _zip() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("log.txt", "x")
    return kept.getvalue()


def _upload(client: Client, name: str, content: bytes, claimed: str = "image/png") -> dict[str, object]:
    answer = client.post("/attachments/", {"file": SimpleUploadedFile(name, content, claimed)})
    return {"status": answer.status_code, **answer.json()}


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [("shot.png", _png(), True), ("gate.log", b"10:01 relay loop detected\n", False), ("logs.zip", _zip(), False)],
)
def test_what_is_accepted(cast: Cast, sign_in: SignIn, name: str, content: bytes, shown: bool) -> None:
    client = sign_in(cast.ada)
    kept = _upload(client, name, content)
    assert (kept["status"], kept["is_image"], kept["name"]) == (201, shown, name)
    got = client.get(str(kept["url"]))
    assert b"".join(got.streaming_content) == content  # type: ignore[attr-defined]
    assert got["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert "sandbox" in got["Content-Security-Policy"]
    assert got["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "empty"),
        ("tool.png", b"MZ\x90\x00\x03\x00\x00\x00\x04", "not accepted"),
        ("page.png", b"\x89PNG\r\n\x1a\nnot really", "not accepted"),
        ("big.log", b"x" * (10 * 1024 * 1024 + 1), "too large"),
    ],
)
def test_what_is_refused(cast: Cast, sign_in: SignIn, name: str, content: bytes, reason: str) -> None:
    refused = _upload(sign_in(cast.ada), name, content)
    assert refused["status"] == 422
    assert reason in str(refused["detail"])


def test_a_page_in_disguise_is_only_text(cast: Cast, sign_in: SignIn) -> None:
    """HTML and SVG are kept as text: downloaded, never shown."""
    client = sign_in(cast.ada)
    for name, content in {"x.html": b"<script>alert(1)</script>", "x.svg": b"<svg onload='alert(1)'/>"}.items():
        kept = _upload(client, name, content, "text/html")
        got = client.get(str(kept["url"]))
        assert got["Content-Type"] == "text/plain"
        assert got["Content-Disposition"].startswith("attachment")


def test_a_file_is_its_uploaders_until_it_is_posted(cast: Cast, sign_in: SignIn) -> None:
    ada, zoe, finn = sign_in(cast.ada), sign_in(cast.zoe), sign_in(cast.finn)
    kept = _upload(ada, "shot.png", _png())
    assert zoe.get(str(kept["url"])).status_code == 404
    problem = {
        "title": "See the picture",
        "body": f"Look: {kept['markdown']}",
        "severity": "3",
        "audience": "organizations",
    }
    asked = ada.post("/spaces/lobby/ask/", problem | {"organizations": [str(cast.organizations["brightline"].pk)]})
    assert asked.status_code == 302, asked.content.decode()
    assert zoe.get(str(kept["url"])).status_code == 200
    assert finn.get(str(kept["url"])).status_code == 404
    assert f'<img src="{kept["url"]}"' in zoe.get(asked["Location"]).content.decode()


def test_files_go_along_with_a_form_without_scripts(cast: Cast, sign_in: SignIn) -> None:
    ada, zoe = sign_in(cast.ada), sign_in(cast.zoe)
    problem = {"title": "See the log", "body": "It stops here.", "severity": "3", "audience": "space"}
    files = [SimpleUploadedFile("gate.log", b"10:01 stopped\n"), SimpleUploadedFile("shot.png", _png())]
    asked = ada.post("/spaces/lobby/ask/", problem | {"files": files})
    page = zoe.get(asked["Location"]).content.decode()
    assert ">gate.log</a>" in page
    assert "<img src=" in page
    address = f"{asked['Location']}posts/"
    zoe.post(address, {"body": "Mine too", "files": [SimpleUploadedFile("mine.log", b"10:02 stopped\n")]})
    assert ">mine.log</a>" in ada.get(asked["Location"]).content.decode()
    refused = zoe.post(address, {"body": "Kept text", "files": [SimpleUploadedFile("x.exe", b"MZ\x90\x00" * 9)]})
    assert refused.status_code == 422
    assert "Kept text" in refused.content.decode()
    assert "not accepted" in refused.content.decode()


def test_nobody_posts_somebody_elses_file(cast: Cast, sign_in: SignIn) -> None:
    """Linking to another member's unposted file does not publish it."""
    kept = _upload(sign_in(cast.ada), "secret.txt", b"secret")
    sign_in(cast.zoe).post(
        "/spaces/lobby/ask/", {"title": "x", "body": str(kept["markdown"]), "severity": "3", "audience": "space"}
    )
    assert sign_in(cast.zoe).get(str(kept["url"])).status_code == 404


def test_a_browser_asks_each_time_whether_it_may_still_show_a_file(cast: Cast, sign_in: SignIn, tmp_path: Path) -> None:
    """What it has is confirmed without being read, and not to those who may not see it any more."""
    ada, zoe, mo = sign_in(cast.ada), sign_in(cast.zoe), sign_in(cast.mo)
    thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="T", body="B")
    kept, other = _upload(ada, "shot.png", _png()), _upload(ada, "more.png", _png())
    ada.post(f"/threads/{thread.pk}/posts/", {"body": f"See {kept['markdown']}"})
    url = str(kept["url"])
    first = zoe.get(url)
    assert first["Cache-Control"] == "private, no-cache"
    assert first["ETag"] != ada.get(str(other["url"]))["ETag"]
    for path in tmp_path.rglob("*.png"):
        path.unlink()
    again = zoe.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("Cache-Control", "ETag", "Content-Security-Policy", "X-Content-Type-Options", "Vary"):
        assert again[name] == first[name], name
    assert zoe.get(url, headers={"If-None-Match": '"another"'}).status_code == 404
    mo.post(f"/posts/{Post.objects.get(thread=thread, number=2).pk}/deletion/")
    assert zoe.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 404


def test_names_are_made_harmless(cast: Cast, sign_in: SignIn) -> None:
    kept = _upload(sign_in(cast.ada), "../../etc/pass\u202ewd[1].txt", b"x")
    assert kept["name"] == "passwd[1].txt"
    assert str(kept["markdown"]).startswith("[passwd(1).txt](")


def test_a_deleted_post_takes_its_files_along(cast: Cast, sign_in: SignIn) -> None:
    ada, zoe, mo = sign_in(cast.ada), sign_in(cast.zoe), sign_in(cast.mo)
    thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="T", body="B")
    kept = _upload(ada, "customers.log", b"names\n")
    ada.post(f"/threads/{thread.pk}/posts/", {"body": f"See {kept['markdown']}"})
    reply, url = Post.objects.get(thread=thread, number=2), str(kept["url"])
    assert zoe.get(url).status_code == 200
    mo.post(f"/posts/{reply.pk}/deletion/")
    assert [client.get(url).status_code for client in (zoe, ada, mo)] == [404, 404, 200]
    mo.post(f"/posts/{reply.pk}/restoration/")
    assert zoe.get(url).status_code == 200


def test_a_file_linked_by_an_edit_or_in_the_record_is_shown_to_all(cast: Cast, sign_in: SignIn) -> None:
    ada, zoe = sign_in(cast.ada), sign_in(cast.zoe)
    thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="T", body="B")
    edited, recorded, stray = (_upload(ada, f"{name}.log", b"x\n") for name in ("edited", "recorded", "stray"))
    edit_post(by=cast.ada, post=thread.posts.get(), body=f"B {edited['markdown']}")
    save_record(by=cast.ada, thread=thread, fields={"problem": str(recorded["markdown"])})
    save_record(by=cast.zoe, thread=thread, fields={"cause": str(stray["markdown"])})
    assert [zoe.get(str(file["url"])).status_code for file in (edited, recorded, stray)] == [200, 200, 404]


def test_a_folder_that_takes_nothing_is_said(cast: Cast, sign_in: SignIn, tmp_path: Path) -> None:
    (tmp_path / "attachments").write_text("in the way")
    refused = _upload(sign_in(cast.ada), "gate.log", b"loop\n")
    assert refused["status"] == 422
    assert "just now" in str(refused["detail"])


def test_a_file_that_is_gone_from_the_disk_is_not_there(cast: Cast, sign_in: SignIn, tmp_path: Path) -> None:
    ada = sign_in(cast.ada)
    kept = _upload(ada, "gate.log", b"loop\n")
    next(path for path in tmp_path.rglob("*.log")).unlink()
    assert ada.get(str(kept["url"])).status_code == 404
