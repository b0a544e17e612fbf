"""A member's record of contributions: chosen, seen, signed and withdrawn on a page; and checked by everybody."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from community.actions.members import edit_profile
from community.models import Member
from community.rules import clock
from reputation.models import CareerRecord, SigningKey
from reputation.rules.signing import MOST_BYTES, id_of
from tests.cast import Cast
from tests.pages.stories import SignIn, told
from tests.threads.taking import took
from threads.actions.threads import open_thread
from threads.rules.strangers import MOST_CHECKS_AN_HOUR

pytestmark = pytest.mark.both_databases
PAGE = "/people/me/record/"
HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.SIGNING_KEY = tmp_path, ""


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def preview(client: Client, **chosen: Any) -> tuple[str, dict[str, Any]]:
    """The page that shows what would be signed, and what its form sends."""
    page = client.get(PAGE, {"last": f"{clock.now():%Y-%m-%d}", "certificates": "on", **chosen}).content.decode()
    signing = page.partition('method="post"')[2] if "Sign and download" in page else ""
    return unescape(page), dict(HIDDEN.findall(signing))


def signed(client: Client, **chosen: Any) -> dict[str, Any]:
    answer = client.post(PAGE, preview(client, **chosen)[1])
    assert answer.status_code == 200, text_of(answer)
    assert answer["Content-Type"] == "application/json"
    found: dict[str, Any] = json.loads(answer.content)
    return found


def checked(document: Any, **about: Any) -> str:
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    answer = Client(**about).post("/verify/", {"text": text})
    assert answer.status_code == 200
    return text_of(answer)


def test_one_chooses_sees_signs_and_takes_it_along(cast: Cast, sign_in: SignIn) -> None:
    told(cast)
    client = sign_in(cast.ben)
    assert PAGE in text_of(client.get("/people/ben/"))
    assert PAGE not in text_of(client.get("/people/ada/"))
    page, form = preview(client)
    assert "A post solved a problem" in page
    answer = client.post(PAGE, form)
    assert answer["Content-Disposition"] == f'attachment; filename="guildhall-record-ben-{clock.now():%Y-%m-%d}.json"'
    assert answer["Cache-Control"] == "no-store"
    document = json.loads(answer.content)
    found = re.search(r'<pre class="written"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert found
    written = json.loads(found[1])
    assert {**written, "issued_at": document["record"]["issued_at"]} == document["record"]
    assert client.post(PAGE, form).content == answer.content
    assert document["record"]["id"] in text_of(client.get(PAGE))
    assert "genuine and unchanged" in checked(document)


def test_it_is_narrowed_as_chosen(cast: Cast, sign_in: SignIn) -> None:
    told(cast)
    client = sign_in(cast.ben)
    record = signed(client, first="2020-01-01", subjects="tag:smtp", certificates="")["record"]
    assert (record["period"]["first"], record["subjects"], record["certificates"]) == ("2020-01-01", ["tag:smtp"], None)
    assert {row["subject"] for row in record["topics"]} == {"tag:smtp"}
    page = text_of(client.get(PAGE))
    assert "#smtp, without certificates" in page


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"last": ""}, "This field is required."),
        ({"last": "tomorrow"}, "Enter a valid date."),
        ({"last": "2999-01-01"}, "still to come"),
        ({"first": "2024-02-01", "last": "2024-01-01"}, "after the last day"),
        ({"subjects": "tag:secret"}, "Select a valid choice"),
        ({"last": "2024-01-01\x00"}, ""),
    ],
)
def test_what_cannot_be_chosen_is_said_and_nothing_typed_is_lost(
    cast: Cast, sign_in: SignIn, typed: dict[str, str], message: str
) -> None:
    client = sign_in(cast.ben)
    given = {"first": "2023-05-06", "last": "2024-01-01", "certificates": "on", **typed}
    for answer in (client.get(PAGE, given), client.post(PAGE, {**given, "number": str(uuid4()), "seen": "x"})):
        assert answer.status_code == 422
        assert message in text_of(answer)
        assert given["first"] in text_of(answer)
    assert not CareerRecord.objects.exists()


def test_what_has_changed_since_is_shown_again_and_not_signed(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ben)
    _page, form = preview(client)
    told(cast)
    answer = client.post(PAGE, form)
    assert answer.status_code == 409
    assert "There is something else to say by now" in text_of(answer)
    assert "A post solved a problem" in text_of(answer)
    assert client.post(PAGE, {**form, "number": "none"}).status_code == 422
    assert not CareerRecord.objects.exists()


def test_where_there_is_no_key_the_page_says_so(cast: Cast, sign_in: SignIn, settings: Any) -> None:
    client = sign_in(cast.ben)
    _page, form = preview(client)
    settings.SIGNING_KEY = "no key"
    page, none = preview(client)
    assert "has no key to sign with" in page
    assert none == {}
    answer = client.post(PAGE, form)
    assert answer.status_code == 409
    assert "This machine has no key to sign with" in text_of(answer)
    assert not SigningKey.objects.exists()


def test_one_withdraws_ones_own_and_sees_nobody_elses(cast: Cast, sign_in: SignIn) -> None:
    own, other = took(cast.ben), took(cast.ada)
    client = sign_in(cast.ben)
    page = text_of(client.get(PAGE))
    assert str(own.note.number) in page
    assert str(other.note.number) not in page
    assert client.post(f"{PAGE}{other.note.number}/withdrawal/").status_code == 404
    assert client.post(f"{PAGE}{uuid4()}/withdrawal/").status_code == 404
    assert client.get(f"{PAGE}{own.note.number}/withdrawal/").status_code == 405
    for _twice in range(2):
        assert client.post(f"{PAGE}{own.note.number}/withdrawal/").status_code == 302
    assert "withdrawn <time" in text_of(client.get(PAGE))
    said = checked(own.document)
    assert "its member withdrew it" in said
    assert cast.ben.name not in said
    assert "genuine and unchanged" in checked(other.document)


def test_the_list_goes_on_in_pages(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ben)
    key = took(cast.ben).note.key
    for number in range(24):
        CareerRecord.objects.create(
            number=uuid4(),
            member=cast.ben,
            key=key,
            digest=f"{number}",
            chosen={"last": "2024-01-01"},
            issued_at=clock.now(),
        )
    first = text_of(client.get(PAGE))
    older = re.search(r'href="(\?older=[^"#]+)', first)
    assert older
    second = text_of(client.get(PAGE + older[1]))
    numbers = [set(re.findall(r"record/([0-9a-f-]{36})/withdrawal", page)) for page in (first, second)]
    assert [len(found) for found in numbers] == [20, 5]
    assert numbers[0].isdisjoint(numbers[1])
    assert client.get(PAGE, {"older": "!!"}).status_code == 404


def test_a_stranger_checks_a_file_or_its_text(cast: Cast) -> None:
    told(cast)
    document = took(cast.ben).document
    stranger = Client()
    assert stranger.get("/verify/").status_code == 200
    assert stranger.head("/verify/").status_code == 200
    file = SimpleUploadedFile("record.json", json.dumps(document, indent=4).encode())
    before = CareerRecord.objects.values().get()
    answer = stranger.post("/verify/", {"file": file, "text": "ignored"})
    for said in (text_of(answer), checked(document)):
        assert "genuine and unchanged" in said
        assert "Signed on" in said
        assert document["signature"]["key"] in said
        assert "Ben Okafor" in said
        assert "A post solved a problem" in said
    assert (answer["Cache-Control"], answer.cookies) == ("no-store", {})
    assert "script" not in answer["Content-Security-Policy"]
    assert CareerRecord.objects.values().get() == before


def test_what_is_wrong_is_said_and_what_was_typed_is_there_still(cast: Cast) -> None:
    told(cast)
    document = took(cast.ben).document
    document["record"]["member"]["name"] = "Somebody <b>Else</b>"
    answer = Client().post("/verify/", {"text": json.dumps(document)})
    assert "something was changed" in text_of(answer)
    assert b"<b>" not in answer.content
    shown = answer.content.decode().partition("<form method")
    assert "Somebody" not in shown[0]
    assert "Somebody" in shown[2]
    document["signature"]["key"] = id_of("A" * 43)
    assert "not signed by a key of this network" in checked(document)
    empty = Client().post("/verify/", {"text": " \n"})
    assert (empty.status_code, "Choose a file" in text_of(empty)) == (422, True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000, "more within one another"),
        ('{"record": NaN}', "a number that no record has"),
        ('{"record": 1e999}', "a number that no record has"),
        ('{"record": ' + "9" * 5_000 + "}", "a number that no record has"),
        ('{"record": {}, "record": {}}', "says something twice"),
        ('{"a": "\x00"}', "not JSON"),
        ('{"a": "\\ud800"}', "not text in UTF-8"),
        ("{}", "not the parts"),
        ("null", "not the parts"),
        ("\u202e{}", "not JSON"),
        ("<script>alert(1)</script>", "not JSON"),
        (" " * MOST_BYTES + "{}", "larger than any record"),
    ],
    ids=lambda value: repr(value[:16]),
)
def test_hostile_files_are_answered(cast: Cast, text: str, words: str) -> None:
    page = checked(text)
    assert "This is not a record of contributions." in page
    assert words in page
    file = SimpleUploadedFile("x.json", text.encode())
    assert words in text_of(Client().post("/verify/", {"file": file}))


def test_what_is_far_too_large_is_not_even_read(cast: Cast) -> None:
    file = SimpleUploadedFile("x.json", b" " * (3 * MOST_BYTES))
    answer = Client().post("/verify/", {"file": file})
    assert answer.status_code == 413
    assert "larger than any record" in text_of(answer)
    odd = Client().generic("POST", "/verify/", b"{}", "application/json")
    assert odd.status_code == 422


def test_a_name_that_turns_text_around_turns_nothing_around_here(cast: Cast) -> None:
    edit_profile(by=cast.ben, name="\u202enerO eB\u202c <i>אבג</i>", about="", time_zone="")
    page = checked(took(Member.objects.get(pk=cast.ben.pk)).document)
    assert "genuine" in page
    assert "\u202e" not in page
    assert "<bdi>nerO eB <i>אבג</i></bdi>" in page


def test_so_many_are_checked_an_hour_from_one_place(cast: Cast) -> None:
    for _each in range(MOST_CHECKS_AN_HOUR):
        checked("{}", REMOTE_ADDR="192.0.2.7")
    refused = Client(REMOTE_ADDR="192.0.2.7").post("/verify/", {"text": "{}"})
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    checked("{}", REMOTE_ADDR="192.0.2.8")


def test_another_site_learns_nothing_by_a_visitor_who_is_signed_in(cast: Cast, sign_in: SignIn) -> None:
    """Who is signed in and who is not are answered alike, also where another site has their browser send it."""
    document = json.dumps(took(cast.ben).document)
    pages = [
        client.post("/verify/", {"text": document}, headers={"Sec-Fetch-Site": "cross-site"}).content
        for client in (sign_in(cast.ben), Client())
    ]
    assert pages[0] == pages[1]


def test_the_public_keys_are_for_everybody(cast: Cast) -> None:
    assert Client().get("/.well-known/guildhall-keys.json").json()["keys"] == []
    document = took(cast.ben).document
    answer = Client().get("/.well-known/guildhall-keys.json")
    assert answer["Cache-Control"] == "public, max-age=60"
    (key,) = answer.json()["keys"]
    assert key["id"] == document["signature"]["key"] == id_of(key["public"])
    assert answer.json()["network"] == {"name": "Guildhall", "address": "http://127.0.0.1:8000"}


def test_what_only_the_organization_sees_is_no_subject_to_choose(cast: Cast, sign_in: SignIn) -> None:
    told(cast, audience="organization")
    page, _form = preview(sign_in(cast.ben))
    assert 'value="tag:smtp"' not in page
    open_thread(by=cast.zoe, space=cast.spaces["lobby"], title="x", body="x", tags=["smtp"])
    page, _form = preview(sign_in(cast.ben))
    assert 'value="tag:smtp"' in page
    assert 'value="tag:loop"' not in page
