"""The pages of saved searches, without JavaScript."""

import re

import pytest
from django.test import Client

from tests.cast import Cast
from tests.pages.stories import SignIn
from tests.threads.findings import post
from threads.actions.telling_saved import tell_saved
from threads.models import SavedSearch

pytestmark = pytest.mark.both_databases


def test_a_search_is_saved_from_its_results_and_looked_after(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.zoe)
    post(cast, "Quasar leak")
    page = client.get("/search/?q=quasar&kind=thread").content.decode()
    assert 'action="/search/saved/"' in page
    assert '<input type="hidden" name="kind" value="thread">' in page
    answer = client.post("/search/saved/", {"q": "quasar", "kind": "thread", "name": "", "notifies": "on"})
    assert (answer.status_code, answer["Location"]) == (302, "/search/saved/")
    search = SavedSearch.objects.get()
    assert (search.name, search.kind, search.notifies) == ("quasar", "thread", True)
    post(cast, "Another quasar")
    tell_saved()
    assert _count(client) == "1 new"
    address = f"/search/saved/{search.pk}/"
    assert client.post(address, {"act": "open"})["Location"] == "/search/?q=quasar&kind=thread"
    assert _count(client) == ""
    assert "“quasar” tells you of nothing" in client.post(address, {"act": "quiet"}, follow=True).content.decode()
    assert not SavedSearch.objects.get().notifies
    client.post(address, {"act": "tell"})
    assert SavedSearch.objects.get().notifies
    assert 'value="quasar"' in client.get(address).content.decode()
    client.post(address, {"q": "quasar leak", "kind": "", "name": "Leaks"})
    search.refresh_from_db()
    assert (search.text, search.kind, search.name, search.notifies) == ("quasar leak", "", "Leaks", False)
    assert "“Leaks” is deleted." in client.post(address, {"act": "delete"}, follow=True).content.decode()
    assert not SavedSearch.objects.exists()


def _count(client: Client) -> str:
    """What the page says is new, of all that is saved."""
    page = client.get("/search/saved/").content.decode()
    return " ".join(re.findall(r'<span class="num">(.*?)</span>', page[page.index("<main") :]))


def test_what_is_refused_says_what_to_do_and_loses_nothing(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.zoe)
    for hostile in (
        "status:open",
        "x" * 1200,
        '"',
        "\x00",
        "?",
        " " * 5,
        "a\ud800b".encode("utf-8", "replace").decode(),
    ):
        answer = client.post("/search/saved/", {"q": hostile, "name": "Kept <b>name</b>", "notifies": "on"})
        assert answer.status_code in {302, 422}, hostile
        if answer.status_code == 422:
            assert "Kept &lt;b&gt;name&lt;/b&gt;" in answer.content.decode()
    too_broad = client.post("/search/saved/", {"q": "status:open", "notifies": "on"}).content.decode()
    assert "Add a rarer word, or a tag, product or space." in too_broad
    quiet = SavedSearch.objects.create(member=cast.zoe, name="Open", text="status:open")
    told = client.post(f"/search/saved/{quiet.pk}/", {"act": "tell"}, follow=True).content.decode()
    assert "Add a rarer word, or a tag, product or space." in told
    assert client.get(f"/search/saved/{2**70}/").status_code == 404
