"""Details that tell of somebody: what is found in real lines, what is not, and what masks do to any text."""

import re
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threads.rules import addresses, details, masking, phones, secrets
from threads.rules.details import details as details_of
from threads.rules.details import folded
from threads.rules.limits import FIELD_LENGTH
from threads.rules.masking import digest, found_in, masked, masked_fields

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKC\n-----END RSA PRIVATE KEY-----"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"
GOOGLE = "AIza" + "SyA1b2C3d4E5f6G7h8I9j0KlMnOpQrStUvW"[:35]
FOUND = [
    ("email", "Write to heinzl@apolin.cz for access", "heinzl@apolin.cz"),
    ("email", "5.7.1 <vlednova@bos.de>: Recipient rejected", "vlednova@bos.de"),
    ("email", "mail first.last+tag@mail.firm.co.uk today", "first.last+tag@mail.firm.co.uk"),
    ("email", "ask jürgen@bücher.de.", "jürgen@bücher.de"),
    ("email", "brejsa (at) volny (dot) cz", "brejsa (at) volny (dot) cz"),
    ("email", "[mailto:iqbal@abc.com]", "iqbal@abc.com"),
    ("phone", "call +44 20 7946 1234 after nine", "+44 20 7946 1234"),
    ("phone", "Phone +46701234567", "+46701234567"),
    ("phone", "office (0511) 123456-78", "(0511) 123456-78"),
    ("phone", "reach them at 030 1234 5678 90", "030 1234 5678 90"),
    ("phone", "at 06 12 34 56 78", "06 12 34 56 78"),
    ("phone", "Cell 860-977-1156 Email", "860-977-1156"),
    ("phone", "tel. 3891720600 ask for her", "3891720600"),
    ("phone", "cell 0039 3349487124", "0039 3349487124"),
    ("phone", "or call 607 227.7393", "607 227.7393"),
    ("phone", "from 00 49 511 123 4567", "00 49 511 123 4567"),
    ("ip", "attempts from 96.30.131.2 were exceeded", "96.30.131.2"),
    ("ip", "client-ip=149.72.118.132; helo", "149.72.118.132"),
    ("ip", "Received: by 2002:a54:26c4:0:b0:223:e05b:148 with", "2002:a54:26c4:0:b0:223:e05b:148"),
    ("ip", "route to 2a02:6b8::2:242 is gone", "2a02:6b8::2:242"),
    ("host", "open http://192.168.1.100/ and log in", "192.168.1.100"),
    ("host", "private address 10.20.30.40 is", "10.20.30.40"),
    ("host", "ssh to 172.16.4.9 then", "172.16.4.9"),
    ("host", "while talking to wes1-mx1.wedos.net.: DATA", "wes1-mx1.wedos.net"),
    ("host", "login to imap.customer.co.uk failed", "imap.customer.co.uk"),
    ("host", "https://wiki.acme.corp/x/pages/7", "wiki.acme.corp"),
    ("host", "the printer prn07.lan prints", "prn07.lan"),
    ("host", "db1.prod.internal:5432", "db1.prod.internal"),
    ("host", r"map \\fileserver7\finance again", "fileserver7"),
    ("host", r"open \\nas-hq.acme.local\scans", "nas-hq.acme.local"),
    ("host", "restart server ACME-SQL-03 first", "ACME-SQL-03"),
    ("host", "ping PRD-WEB-12", "PRD-WEB-12"),
    ("host", "it runs on HQ-DC01 since", "HQ-DC01"),
    ("secret", KEY, KEY),
    ("secret", "key AKIAJ2JSYZ7O3I4JO6DA works", "AKIAJ2JSYZ7O3I4JO6DA"),
    ("secret", "ghp_" + "a1B2" * 9, "ghp_" + "a1B2" * 9),
    ("secret", "xoxb-123456789012-abcdefABCDEF", "xoxb-123456789012-abcdefABCDEF"),
    ("secret", f"Authorization: Bearer {TOKEN}", TOKEN),
    ("secret", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "sk_live_4eC39HqLyjWDarjtT1zdp7dc"),
    ("secret", "glpat-abcDEF1234567890wxyz", "glpat-abcDEF1234567890wxyz"),
    (
        "secret",
        "AIza" + "SyA1b2C3d4E5f6G7h8I9j0KlMnOpQrStUvW"[:35],
        "AIza" + "SyA1b2C3d4E5f6G7h8I9j0KlMnOpQrStUvW"[:35],
    ),
    ("secret", "password: hunter2hunter2", "hunter2hunter2"),
    ("secret", "DB_PASSWORD=Tr0ub4dor&3", "Tr0ub4dor&3"),
    ("secret", 'api_key = "9f8e7d6c5b4a39281706"', "9f8e7d6c5b4a39281706"),
    ("secret", "the password is Summer2024! for all", "Summer2024"),
    ("secret", "psk=WirelessMouse", "WirelessMouse"),
    ("secret", "postgres://app:s3cr3tpw@db/main", "s3cr3tpw"),
    ("secret", "secret 0123456789abcdef0123456789abcdeF", "0123456789abcdef0123456789abcdeF"),
    ("path_user", r"in C:\Users\dmitt\AppData\Roaming", "dmitt"),
    ("path_user", r"C:\Users\Larson Family\AppData\Local", "Larson Family"),
    ("path_user", "file:///home/brian/.thunderbird/x", "brian"),
    ("path_user", "RTER_DIRECTORY: /Users/gfranzese/Library", "gfranzese"),
]
NOTHING = [
    "@ben can you look?",
    "write to somebody@example.com",
    "git clone git@github.com:org/repo.git",
    "systemctl restart getty@tty1.service",
    "logo@2x.png is blurred",
    "user@host.invalid",
    "npm i @scope/package@1.2.3",
    "admin@mail.example",
    "on 2026-11-22 at 10:31",
    "22.11.2026 10:31:05",
    "version 10.0.19045.3324",
    "KB5034441",
    "error 0x80070005",
    "RFC 5321 and ISO 27001",
    "1,024,000 bytes, 12 345 678 rows",
    "post #123456789",
    "at 1700000000",
    "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    "serial 1234-5678-9012-3456",
    "call +44 7700 900123",
    "555-0123",
    "5550100",
    "port 8080, 10:20:30, 16:9",
    "lat +48.858222 lon +2.294500",
    "00 01 02 03 04 05 06 07",
    "phone: none",
    "3.14159265358979",
    "127.0.0.1:8000",
    "0.0.0.0/0",
    "mask 255.255.255.0",
    "192.0.2.44 and 198.51.100.7",
    "203.0.113.9",
    "::1",
    "fe80::1",
    "2001:db8::1:2:3",
    "dns 8.8.8.8 or 1.1.1.1",
    "Firefox 115.0.5.0",
    "v2.4.10.1",
    "firmware 1.0.0.27",
    "2.2.4.2\tfalse",
    "10.0.0.0/8 and 192.168.0.0/16",
    "the router at 192.168.1.1",
    "std::vector<int>",
    "aa:bb:cc:dd:ee:ff",
    "12:30:45",
    "edit main.cf and master.cf",
    "app.exe.config",
    "java.lang.String",
    "org.apache.kafka.common.Utils",
    "os.path.join(a)",
    "System.Windows.Forms.Button",
    "this.state.id",
    "self.config.name",
    "window.location.host",
    "README.md, jquery.min.js",
    "see support.microsoft.com/kb",
    "https://www.firm-one.com/about",
    "https://github.com/org/x",
    "docs.python.org",
    "https://docs.firm.io/install",
    "postfix.org",
    "example.com",
    "mail.example.org",
    "smtp.gmail.com:587",
    "libfoo.1.so",
    "jail.local",
    "rc.local",
    "settings.local.json",
    r"\\server\share",
    r"C:\Windows\System32",
    r"\\.\pipe\x",
    "UTF-8",
    "node RFC-5321",
    "on AES-256",
    "server ISO-8859",
    "spectrum at www.amazon.co.uk",
    "arstechnica.co.uk",
    "cs.stanford.edu",
    "password: ********",
    "password=<password>",
    "password: $TOKEN",
    "secret: ${SECRET}",
    "PASS=%PASS%",
    "token = changeme",
    "password: your-password-here",
    "password=",
    "the password is expired",
    "password is incorrect.",
    "Password: required",
    "token: authentication",
    "password = getpass()",
    "secret = settings.SECRET_KEY",
    "token: https://x.example/y",
    "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "commit 5d1ac678a1b2c3d4e5f60718293a4b5c6d7e8f90",
    "passwords-primary-password#w_resetting-your-primary-password-if-forgotten",
    "community = public",
    "a secret handshake",
    "[secret] [email-1] [host-12] /home/[user]/",
    "/home/user/.bashrc",
    r"C:\Users\Public\Documents",
    "/home/pi/app",
    r"C:\Users\%USERNAME%\x",
    "/home/$USER/x",
    "/home/<name>/x",
    r"C:\Users\yourname\x",
    "/Users/Shared/x",
    "$HOME/.ssh",
    "user@host:~$ ls",
    "10 000 000 000",
    "GET /api/v1/threads/12/posts HTTP/1.1",
    "MX 10 mail",
    "e.g. this",
    "i.e.that",
]


@pytest.mark.parametrize(("kind", "line", "text"), FOUND, ids=[each[1][:40] for each in FOUND])
def test_what_tells_of_somebody_is_found(kind: str, line: str, text: str) -> None:
    assert [(each.kind, each.text) for each in details_of(line)] == [(kind, text)]


@pytest.mark.parametrize("line", NOTHING)
def test_what_tells_of_nobody_is_left_alone(line: str) -> None:
    assert details_of(line) == []
    assert masked(line) == line


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("for Umbrella GmbH", ["Umbrella GmbH"]),
        ("UMBRELLA  GMBH's mail", ["UMBRELLA  GMBH"]),
        ("Ümbrella Gmbh", ["Ümbrella Gmbh"]),
        ("Umbrella GmbHs, umbrellas", []),
        ("Wayne and WAYNE", ["Wayne", "WAYNE"]),
        ("swayne", []),
        ("ｗａｙｎｅ", ["ｗａｙｎｅ"]),  # noqa: RUF001
    ],
)
def test_names_are_found_however_they_are_written(text: str, found: list[str]) -> None:
    names = ["umbrella gmbh", "Wayne", "xy"]
    assert [each.text for each in details_of(text, names)] == found
    assert details_of(text) == []


def test_the_same_thing_has_the_same_number_everywhere() -> None:
    texts = {
        "title": "Mail to a@firm.de fails",
        "problem": "b@firm.de and A@FIRM.DE; [email-7] stays",
        "resolution": "[see the wiki](https://wiki.firm.corp/x) on wiki.firm.corp, /home/anna/x, 96.30.131.2",
    }
    assert masked_fields(texts) == {
        "title": "Mail to [email-8] fails",
        "problem": "[email-9] and [email-8]; [email-7] stays",
        "resolution": "see the wiki on [host-1], /home/[user]/x, [address-1]",
    }
    assert [each.detail.mask for each in found_in(texts)][:3] == ["[email-8]", "[email-9]", "[email-8]"]


def test_some_are_masked_and_some_kept_but_never_a_secret() -> None:
    text = "a@firm.de, b@firm.de, password=Tr0ub4dor&3"
    assert masked(text, [1]) == "a@firm.de, [email-2], password=Tr0ub4dor&3"
    kept = masked_fields({"x": text}, kept=lambda _found: True)
    assert kept == {"x": "a@firm.de, b@firm.de, password=[secret]"}


def test_a_digest_knows_a_detail_again_and_only_with_its_key() -> None:
    assert digest(b"one", "email", "A@Firm.de") == digest(b"one", "email", "a@firm.de")
    assert digest(b"one", "email", "a@firm.de") != digest(b"two", "email", "a@firm.de")
    assert digest(b"one", "email", "a@firm.de") != digest(b"one", "host", "a@firm.de")
    assert "firm" not in digest(b"one", "email", "a@firm.de")


PIECES = st.sampled_from(
    [line for _kind, line, _text in FOUND]
    + NOTHING[:40]
    + ["@", ".", "://", "password=", "+49 ", "/home/", "\n", "[", "](", ")"]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=8).map("".join)
NAMES = st.lists(st.sampled_from(["host", "email-1", "secret", "Umbrella", "é"]), max_size=3)


@given(TEXTS, NAMES)
@settings(max_examples=300, deadline=None)
def test_nothing_is_left_after_masking(text: str, names: list[str]) -> None:
    clean = masked(text, names=names)
    assert details_of(clean, names) == []
    assert masked(clean, names=names) == clean


@given(TEXTS, NAMES)
@settings(max_examples=300, deadline=None)
def test_places_are_in_order_apart_and_true(text: str, names: list[str]) -> None:
    found = details_of(text, names)
    assert all(text[each.start : each.end] == each.text and each.text for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    if not re.search(r"\]\(", text):
        left = text
        for each in reversed(found):
            left = left[: each.start] + each.mask + left[each.end :]
        assert masked(text, range(len(found)), names) == left
    assert masked(text, [], names) == text


@given(st.text(max_size=60))
def test_folding_forgets_case_and_accents(text: str) -> None:
    assert folded(text.upper().lower()) == folded(text.upper().lower().casefold())
    assert len(folded(text)) <= 18 * len(text)


HOSTILE = [
    "a" * FIELD_LENGTH,
    "a." * (FIELD_LENGTH // 2),
    "a@" * (FIELD_LENGTH // 2),
    "1 " * (FIELD_LENGTH // 2),
    "1." * (FIELD_LENGTH // 2),
    ":1" * (FIELD_LENGTH // 2),
    "-" * FIELD_LENGTH,
    "\\" * FIELD_LENGTH,
    "password=" * (FIELD_LENGTH // 9),
    "A-" * (FIELD_LENGTH // 2),
    "eyJ" * (FIELD_LENGTH // 3),
    "/home/" * (FIELD_LENGTH // 6),
    "-----BEGIN PRIVATE KEY-----" * (FIELD_LENGTH // 27),
    "[a](" * (FIELD_LENGTH // 4),
    "[" * FIELD_LENGTH,
    " (at) " * (FIELD_LENGTH // 6),
    "://a:" * (FIELD_LENGTH // 5),
    "(" * FIELD_LENGTH,
    "+1 " * (FIELD_LENGTH // 3),
    "\u0301" * FIELD_LENGTH,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:6])
def test_any_text_of_full_length_is_looked_through(text: str) -> None:
    clean = masked(text, names=["aaa", "a.a"])
    assert masked(clean, names=["aaa", "a.a"]) == clean


MOST_STEPS = 10_000


def expressions() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in (addresses, details, masking, phones, secrets):
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern) and name != "_WORDS":
                yield f"{module.__name__}.{name}", value


@pytest.mark.parametrize(("name", "pattern"), list(expressions()), ids=[name for name, _pattern in expressions()])
def test_no_expression_repeats_without_an_end(name: str, pattern: re.Pattern[str]) -> None:
    """What one place of a text can cost is bounded by the expression itself, so a text costs its length at most."""
    parsed = import_module("re._parser").parse(pattern.pattern, pattern.flags)
    assert _steps(parsed) <= MOST_STEPS, name


def _steps(parsed: object) -> int:
    """The most characters that a match can hold: repeats within repeats multiply."""
    total = 0
    for kind, value in parsed:  # type: ignore[attr-defined]
        name = str(kind)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            _least, most, inner = value
            assert int(most) < 10_000 or _is_alone(inner), "a repeat without an end"
            total += (1 if int(most) >= 10_000 else int(most)) * max(1, _steps(inner))
        elif name == "SUBPATTERN":
            total += _steps(value[-1])
        elif name == "BRANCH":
            total += max(_steps(each) for each in value[1])
        elif name in {"ASSERT", "ASSERT_NOT", "ATOMIC_GROUP"}:
            total += _steps(value[-1] if isinstance(value, tuple) else value)
        else:
            total += 1
    return total


def _is_alone(inner: object) -> bool:
    """Whether a repeat is of single characters, which one pass finds."""
    return all(str(kind) in {"IN", "LITERAL", "NOT_LITERAL", "ANY", "CATEGORY"} for kind, _value in inner)  # type: ignore[attr-defined]
