"""Self-service: strangers read what is public, all alike; nothing tells of what is not, or of who is behind it."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from community.models import InboxItem
from community.rules import clock
from tests.cast import Cast
from tests.pages.publishing import EXPERIENCE, address, public
from tests.pages.stories import SignIn
from tests.threads.practicing import TITLE, fresh, recorded
from threads.actions.practices import edit_practice
from threads.actions.public import forget_knocks, vote_publicly
from threads.actions.publishing import publish, withdraw
from threads.actions.verdicts import say_verdict
from threads.models import Practice, Product, PublicKnock, PublicReport, PublicVote, Tag
from threads.queries import public_search

pytestmark = pytest.mark.both_databases

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def parsed(text: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314  (our own)


def everything(practice: Practice) -> list[str]:
    return [
        address(practice), "/public/", "/public/products/mail-gateway/", "/public/tags/c++/", "/public/feed.xml",
        "/public/products/mail-gateway/feed.xml", "/public/sitemap.xml",
        f"/public/sitemap-{practice.pk // 5_000}.xml", "/robots.txt",
    ]  # fmt: skip


def test_everybody_is_answered_alike(cast: Cast, sign_in: SignIn, client: Client) -> None:
    """Nothing is set, nothing depends on who asks, and anybody may keep it for a minute."""
    practice = public(cast)
    ada = sign_in(cast.ada)
    for at in everything(practice):
        answer = client.get(at)
        assert answer.status_code == 200, at
        assert answer["Cache-Control"] == "public, max-age=60", at
        assert answer["Vary"] == "Accept-Encoding", at
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert not answer.cookies
        again = ada.get(at)
        assert (again.content, again["ETag"], again["Vary"]) == (answer.content, answer["ETag"], "Accept-Encoding"), at
        assert not again.cookies
        assert b"csrf" not in answer.content
        assert b"<script" not in answer.content
        head = client.head(at)
        assert (head.status_code, head["ETag"]) == (200, answer["ETag"])
        kept = client.get(at, headers={"If-None-Match": answer["ETag"]})
        assert (kept.status_code, kept.content, kept["ETag"]) == (304, b"", answer["ETag"])


def test_nobody_is_named(cast: Cast, client: Client) -> None:
    practice = public(cast)
    for at in everything(practice):
        page = client.get(at).content.decode()
        for who in cast.people.values():
            assert who.name not in page, at
        for name in ("Acme", "Brightline", "Corax", "Lobby", "/threads/"):
            assert name not in page, at
        assert f"/practices/{practice.pk}/" not in page, at


def test_it_says_what_was_published(cast: Cast, client: Client) -> None:
    practice = public(cast)
    page = client.get(address(practice)).content.decode()
    for text in (TITLE, "The queue runner had stopped.", "3 organizations say that it works", "Mail Gateway"):
        assert text in page
    before = client.get(address(practice))["ETag"]
    Practice.objects.filter(pk=practice.pk).update(cause="New words.", cause_html="New words.", title="Other words")
    page = client.get(address(practice)).content.decode()
    assert "New words." not in page
    assert "Other words" not in page
    assert client.get(address(practice))["ETag"] == before
    publish(by=cast.cleo, practice=practice, version=practice.version)
    assert client.get(address(practice))["ETag"] != before
    assert "Other words" in client.get(address(practice)).content.decode()


def test_products_and_tags_wait_for_the_next_publication(cast: Cast, client: Client) -> None:
    """What it is about is said as it was published, without what was taken away since."""
    practice = public(cast)
    practice.product = Product.objects.create(slug="secret", name="Secret product")
    practice.save(update_fields=["product"])
    practice.tags.add(Tag.objects.create(slug="customer-x"))
    for at in ("/public/products/secret/", "/public/tags/customer-x/", "/public/tags/gone/", "/public/tags/c_+/"):
        assert client.get(at).status_code == 404, at
    for at in (address(practice), "/public/", "/public/feed.xml", "/public/tags/c++/"):
        page = client.get(at).content.decode()
        for word in ("ecret", "customer-x", "gone", "Mail Gateway"):
            assert word not in page, (at, word)
    assert client.get("/public/products/mail-gateway/").status_code == 404


def test_what_is_not_public_is_not_there(cast: Cast, client: Client) -> None:
    """One answer for what never was; another, without a word of it, for what was once."""
    hidden = recorded(cast, title="Hidden title")
    Product.objects.create(slug="inside", name="Inside only")
    missing = client.get("/public/practices/nothing/")
    assert (missing.status_code, missing["Cache-Control"]) == (404, "no-store")
    nowhere = (
        "/public/products/mail-gateway/", "/public/products/inside/", "/public/tags/c++/", "/public/sitemap-0.xml",
        "/public/products/inside/feed.xml", "/public/?after=broken",
    )  # fmt: skip
    for at in nowhere:
        assert (client.get(at).status_code, client.get(at).content) == (404, missing.content), at
    practice = public(cast)
    for at in (*everything(practice), "/public/?q=hidden+title", "/public/?q=inside"):
        page = client.get(at).content.decode()
        assert TITLE in page or "sitemap" in at or "?q=" in at or at == "/robots.txt", at
        for words in ("Hidden title", "Inside only", "inside/", f"-{hidden.pk}/"):
            assert words not in page, (at, words)
    withdraw(by=cast.cleo, practice=practice, reason="It is about one customer.")
    gone = client.get(address(practice))
    assert (gone.status_code, gone["Cache-Control"]) == (410, "no-store")
    assert TITLE not in gone.content.decode()
    for act in ("vote", "experience"):
        assert client.post(f"{address(practice)}{act}/", {"helpful": "yes", **EXPERIENCE}).status_code == 410
    assert not PublicKnock.objects.exists()
    for at in ("/public/", "/public/feed.xml", "/public/sitemap.xml"):
        assert TITLE not in client.get(at).content.decode()


def test_one_comes_to_them_from_where_one_signs_in_and_from_the_archive(
    cast: Cast, sign_in: SignIn, client: Client, settings: LazySettings
) -> None:
    link = 'href="/public/"'
    ada = sign_in(cast.ada)
    assert link not in ada.get("/archive/").content.decode(), "nothing is public yet"
    cache.clear()
    practice = public(cast)
    for page in (client.get("/accounts/login/"), client.get("/accounts/password/reset/"), ada.get("/archive/")):
        assert page.content.decode().count(link) == 1, page.request["PATH_INFO"]
    assert '<html lang="en" dir="ltr">' in client.get("/public/").content.decode()
    settings.LANGUAGE_CODE = "ar"
    settings.SITE_URL = "https://elsewhere.example"
    for at in (address(practice), "/public/practices/nothing/"):
        assert '<html lang="ar" dir="rtl">' in client.get(at).content.decode(), at


def test_with_nothing_public_there_is_an_empty_site(cast: Cast, client: Client) -> None:
    assert "Nothing is public yet" in client.get("/public/").content.decode()
    feed = parsed(client.get("/public/feed.xml").content)
    assert (feed.findall(f"{ATOM}entry"), feed.findtext(f"{ATOM}updated")) == ([], "1970-01-01T00:00:00Z")
    assert not list(parsed(client.get("/public/sitemap.xml").content))
    assert "Allow: /public/" not in client.get("/robots.txt").content.decode()


def test_a_warning_takes_it_out_and_its_answer_brings_it_back(cast: Cast, client: Client) -> None:
    practice = public(cast)
    say_verdict(by=cast.mo, practice=practice, kind="dangerous", note="It made things worse here.")
    assert client.get(address(practice)).status_code == 410
    say_verdict(by=cast.mo, practice=practice, kind="worked")
    assert client.get(address(practice)).status_code == 200


def test_a_merged_one_leads_to_the_other_if_that_is_public(cast: Cast, client: Client) -> None:
    first, second = public(cast), public(cast)
    Practice.objects.filter(pk=first.pk).update(confidence="archived", merged_into=second)
    answer = client.get(address(first))
    assert (answer.status_code, answer["Location"]) == (301, address(second))
    withdraw(by=cast.cleo, practice=second, reason="Not now.")
    assert client.get(address(first)).status_code == 410


def test_programs_can_read_it_whatever_it_says(cast: Cast, client: Client) -> None:
    title = "]]><b>&amp; \ufffe\x0b'\" \u202e😀"
    practice = public(cast)
    text = {**practice.public_text, "title": title, "problem": title}
    Practice.objects.filter(pk=practice.pk).update(public_text=text)
    entry = parsed(client.get("/public/feed.xml").content).find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == title.replace("\ufffe\x0b", "")
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.attrib["href"].endswith(address(practice))
    index = parsed(client.get("/public/sitemap.xml").content)
    (part,) = (found.text or "" for found in index.iter(f"{MAP}loc"))
    rows = parsed(client.get(part[part.index("/public") :]).content)
    assert [found.text for found in rows.iter(f"{MAP}loc")] == [link.attrib["href"]]
    assert "<b>" not in client.get("/public/").content.decode()


def test_titles_are_searched_and_pages_go_on(cast: Cast, client: Client) -> None:
    public(cast)
    assert TITLE in client.get("/public/", {"q": "GATEWAY mail"}).content.decode()
    for words in ("runner", "gateway zzz", "%", "\0", "x" * 5000, "ÿ\ud83d".encode("utf-8", "replace").decode()):
        answer = client.get("/public/", {"q": words})
        assert answer.status_code == 200
    assert TITLE not in client.get("/public/", {"q": "runner"}).content.decode()
    assert TITLE in client.get("/public/", {"q": "Mails in the GATEWAYS"}).content.decode()
    for number in range(31):
        row = Practice.objects.get(slug__startswith="mail", thread__isnull=False)
        row.pk, row.thread, row.slug, row._state.adding = None, None, f"copy-{number}", True
        row.save()
    first = client.get("/public/").content.decode()
    following = re.search(r'href="(\?after=[^"]+)"', first)
    assert following
    second = client.get(f"/public/{following[1]}").content.decode()
    slugs = [set(re.findall(r"/public/practices/([\w-]+)/", page)) for page in (first, second)]
    assert (len(slugs[0]), len(slugs[1]), slugs[0] & slugs[1]) == (30, 2, set())


def test_public_practices_lead_to_each_other_and_to_no_others(cast: Cast, client: Client) -> None:
    other, hidden, merged = public(cast), recorded(cast, title="Hidden title"), public(cast)
    Practice.objects.filter(pk=merged.pk).update(confidence="archived", merged_into=other)
    practice = public(cast)
    text = f"See [theirs](/practices/{other.pk}/#x), [secret](/practices/{hidden.pk}/), [old](/practices/{merged.pk}/)."
    edit_practice(by=cast.ben, practice=practice, fields={"cause": text}, version=practice.version)
    publish(by=cast.cleo, practice=practice, version=fresh(practice).version)
    page = client.get(address(practice)).content.decode()
    for words in ("theirs", "old"):
        assert f'<a href="{address(other)}">{words}</a>' in page
    before = client.get(address(practice))["ETag"]
    withdraw(by=cast.cleo, practice=other, reason="Not now.")
    assert client.get(address(practice))["ETag"] != before
    for at in (address(practice), "/public/", "/public/feed.xml"):
        page = client.get(at).content.decode()
        for words in ("theirs", "secret", ">old<", f"/practices/{hidden.pk}/", address(other)):
            assert words not in page, (at, words)
    assert "See (inside the network), (inside the network), (inside the network)." in re.sub(
        r"\s+", " ", client.get(address(practice)).content.decode()
    )


def test_what_it_costs(cast: Cast, client: Client) -> None:
    practice = public(cast)
    costs = {
        address(practice): 1, "/public/": 2, "/public/?q=gateway": 2, "/public/?q=mail+gateway": 3,
        "/public/feed.xml": 1, "/robots.txt": 1,
    }  # fmt: skip
    for at, most in costs.items():
        with CaptureQueriesContext(connection) as asked:
            client.get(at)
        assert len(asked) <= most, (at, [each["sql"] for each in asked])


def test_it_is_found_by_the_title_that_strangers_read_and_no_other(cast: Cast, client: Client) -> None:
    practice = public(cast)

    def found(words: str) -> bool:
        return address(practice) in client.get("/public/", {"q": words}).content.decode()

    Practice.objects.filter(pk=practice.pk).update(title="Letters rest with Quuxcorp")
    assert (found("quuxcorp"), found("gateway")) == (False, True)
    publish(by=cast.cleo, practice=practice, version=fresh(practice).version)
    assert (found("quuxcorp"), found("gateway")) == (True, False)
    withdraw(by=cast.cleo, practice=practice, reason="Not now.")
    assert not found("quuxcorp")


@pytest.mark.parametrize("few", [0, 500])
def test_common_and_rare_words_are_found_alike(
    cast: Cast, client: Client, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_search, "_FEW", few)
    shown = [public(cast) for _time in range(2)]
    for words, count in (("mail", 2), ("mail gateway", 2), ("mail zebra", 0), ("zebra", 0), ("!?", 0)):
        page = client.get("/public/", {"q": words}).content.decode()
        assert sum(address(each) in page for each in shown) == count, words


def test_a_vote_counts_once_and_can_be_changed(cast: Cast, client: Client) -> None:
    practice = public(cast)
    for said, counts in (("yes", (1, 0)), ("yes", (1, 0)), ("no", (0, 1))):
        answer = client.post(f"{address(practice)}vote/", {"helpful": said})
        assert (answer.status_code, answer["Location"]) == (303, f"{address(practice)}#thanks")
        assert (fresh(practice).helpful, fresh(practice).unhelpful) == counts
    assert client.post(f"{address(practice)}vote/", {"helpful": "maybe"}).status_code == 400
    for number in range(2, 6):
        vote_publicly(practice=practice, helpful=True, address=f"192.0.2.{number}")
    assert "4 of 5 readers found this helpful" in client.get(address(practice)).content.decode()
    vote_publicly(practice=practice, helpful=True, address="2001:db8:1:2:3::4")
    vote_publicly(practice=practice, helpful=True, address="2001:db8:1:2:ffff::9")
    assert PublicVote.objects.count() == 6
    assert all(re.fullmatch("[0-9a-f]{64}", voter) for voter in PublicVote.objects.values_list("voter", flat=True))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403), ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303), ({"Origin": "https://evil.example"}, 403), ({"Origin": "null"}, 403),
        ({"Referer": "https://evil.example/"}, 403), ({"Origin": "http://127.0.0.1:8000"}, 303),
        ({"Origin": "http://127.0.0.1:8000.evil.example"}, 403), ({}, 303),
    ],
)  # fmt: skip
def test_other_sites_cannot_vote_with_their_visitors(
    cast: Cast, headers: dict[str, str], status: int, settings: object
) -> None:
    practice = public(cast)
    settings.SITE_URL = "http://127.0.0.1:8000"  # type: ignore[attr-defined]
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"{address(practice)}vote/", {"helpful": "yes"}, headers=headers)
    assert answer.status_code == status
    assert PublicVote.objects.count() == (status == 303)


def test_there_is_an_end_to_what_one_address_says(cast: Cast, client: Client) -> None:
    practice = public(cast)
    for _turn in range(30):
        assert client.post(f"{address(practice)}vote/", {"helpful": "yes"}).status_code == 303
    refused = client.post(f"{address(practice)}vote/", {"helpful": "no"})
    assert (refused.status_code, refused["Retry-After"], refused["Cache-Control"]) == (429, "3600", "no-store")
    assert fresh(practice).helpful == 1
    vote_publicly(practice=practice, helpful=True, address="192.0.2.9")
    PublicKnock.objects.update(at=clock.now() - timedelta(days=3))
    assert forget_knocks() == 31
    assert client.post(f"{address(practice)}vote/", {"helpful": "no"}).status_code == 303
    assert client.post(f"{address(practice)}vote/", {"helpful": "yes" * 6_000}).status_code == 413


def test_another_experience_reaches_who_looks_after_it(cast: Cast, sign_in: SignIn, client: Client) -> None:
    practice = public(cast)
    at = f"{address(practice)}experience/"
    assert client.get(at)["Cache-Control"] == "no-store"
    wrong = client.post(at, {**EXPERIENCE, "text": "short"})
    assert wrong.status_code == 422
    assert 'value="4.3"' in wrong.content.decode()
    assert client.post(at, {**EXPERIENCE, "website": "https://spam.example"}).status_code == 303
    assert not PublicReport.objects.exists()
    assert client.post(at, EXPERIENCE)["Location"] == f"{address(practice)}#reported"
    assert "queue stayed" not in client.get(address(practice)).content.decode()
    inside = f"/practices/{practice.pk}/"
    owner = cast.ben
    assert InboxItem.objects.filter(kind="public-report", member=owner).count() == 1
    for who, sees in ((owner, True), (cast.cleo, True), (cast.zoe, False), (cast.mo, False)):
        page = sign_in(who).get(inside).content.decode()
        assert ("The queue stayed full &lt;b&gt;here" in page) == sees, who
    report = PublicReport.objects.get()
    done = {"upto": str(report.pk)}
    sign_in(cast.zoe).post(f"{inside}reports/", done)
    assert PublicReport.objects.get().handled_by is None
    sign_in(cast.cleo).post(f"{inside}reports/", done)
    assert PublicReport.objects.get().handled_by == cast.cleo
    assert "queue stayed" not in sign_in(owner).get(inside).content.decode()
