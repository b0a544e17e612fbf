"""Quick jump as a page and as what the dialog reads; whatever is typed, it answers."""

import pytest

from tests.cast import Cast
from tests.pages.stories import SignIn, Story
from threads.actions.reading import mark_seen

pytestmark = pytest.mark.both_databases

HOSTILE = (
    '"', "'; DROP TABLE threads_thread; --", "NEAR(a b)", "title:x OR *", "a* AND (", "\0", "\U0001f600", "\u202eabc",
    "%", "_", "\\", "<script>alert(1)</script>", ":*", "& | !", "x" * 5_000, "#" * 50, "#99999999999999999999",
    "é\u0301" * 300, "🖨️ printer",
)  # fmt: skip


def test_the_page_lists_and_the_dialog_offers(cast: Cast, story: Story, sign_in: SignIn) -> None:
    client, address = sign_in(cast.zoe), story.thread.get_absolute_url()
    page = client.get("/jump/", {"q": "mail loo"}).content.decode()
    assert address in page
    assert story.practice.get_absolute_url() in page
    assert "<main" in page
    assert 'role="option"' not in page
    part = client.get("/jump/", {"q": "mail loo", "dialog": "1"}).content.decode()
    assert f'href="{address}"' in part
    assert "<main" not in part
    assert part.count('role="listbox"') == 1
    assert "/search/?q=mail%20loo" in part


def test_nothing_typed_shows_what_was_read_own_spaces_and_places(cast: Cast, story: Story, sign_in: SignIn) -> None:
    mark_seen(by=cast.zoe, thread=story.thread, number=1)
    zoe = sign_in(cast.zoe).get("/jump/?dialog=1").content.decode()
    assert story.thread.title in zoe
    assert "/spaces/alliance/" in zoe
    assert "/spaces/workshop/" not in zoe
    assert "/desk/" not in zoe
    assert "/desk/" in sign_in(cast.cleo).get("/jump/?dialog=1&q=cur+de").content.decode()
    assert "/desk/" not in sign_in(cast.zoe).get("/jump/?dialog=1&q=cur+de").content.decode()


@pytest.mark.parametrize("who", ["zoe", "finn", "mo", "cleo"])
def test_a_hidden_thread_is_as_one_that_is_not_there(cast: Cast, secret: Story, sign_in: SignIn, who: str) -> None:
    client = sign_in(cast.people[who])
    for hidden, nothing in (("mail loo", "snail loo"), (f"#{secret.thread.pk}", "#999999")):
        for dialog in ("", "1"):
            found, none = (
                client.get("/jump/", {"q": text, "dialog": dialog}).content.decode() for text in (hidden, nothing)
            )
            assert secret.thread.get_absolute_url() not in found
            assert _without_addresses(found) == _without_addresses(none)


def _without_addresses(page: str) -> list[str]:
    own = ("csrf", "/search/?q=", 'name="q"')
    return [line for line in page.splitlines() if not any(each in line for each in own)]


def test_whatever_is_typed_is_answered(cast: Cast, story: Story, sign_in: SignIn) -> None:
    client = sign_in(cast.ada)
    for text in HOSTILE:
        for dialog in ("", "1"):
            answer = client.get("/jump/", {"q": text, "dialog": dialog})
            assert answer.status_code == 200, text
            assert b"<script>alert" not in answer.content
