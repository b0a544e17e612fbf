"""Pages of practices: recording in two steps, what tells of somebody, two who edit at once, suggestions, names."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from community.errors import Forbidden
from tests.cast import Cast
from tests.pages.stories import SignIn
from tests.threads.asking import problem
from tests.threads.capturing import FIELDS, recorded, resolved
from threads.actions.helpers import join, remove_helper
from threads.actions.names import watch_name
from threads.actions.practice_audience import change_audience
from threads.actions.practices import edit_practice, record_practice
from threads.actions.resolution import reopen, resolve
from threads.actions.retiring import retire, unretire
from threads.actions.suggestions import suggest_edit
from threads.actions.wip import start_practice
from threads.models import Practice, Suggestion, Thread, WatchedName
from threads.offers import thread_offers
from threads.queries.practice_audience import reach_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

_FIELD = re.compile(r'<(?:input|textarea)[^>]*name="([^"]+)"(?:[^>]*value="([^"]*)")?[^>]*>(?:([^<]*)</textarea>)?')
SECRET = "password=Tr0ub4dor&3"
MAIL = "heinzl@apolin.cz"


def typed(page: str) -> dict[str, str]:
    """What a browser sends when nothing is typed: the values of the form's fields."""
    form = page[page.index('class="form"') :]
    form = form[: form.index("</form>")]
    fields = {name: value or text.removeprefix("\n") for name, value, text in _FIELD.findall(form)}
    chosen = re.search(r'<select[^>]*name="product".*?<option value="([^"]*)" selected', form, re.DOTALL)
    return fields | {"product": chosen[1] if chosen else ""}


def record(client: Client, url: str, **more: str) -> tuple[int, str]:
    """Send the form of a page as it is, with these fields."""
    sent = typed(client.get(url).content.decode()) | more
    sent = {name: text for name, text in sent.items() if not name.startswith("detail-") or name in more}
    answer = client.post(url, sent)
    return answer.status_code, answer.content.decode()


def test_two_steps_from_resolved_to_recorded(cast: Cast, sign_in: SignIn) -> None:
    thread = resolved(cast)
    client, url = sign_in(cast.ada), reverse("thread-practice", args=[thread.pk])
    status, _page = record(client, url)
    assert status == 302
    practice = Practice.objects.get(thread=thread)
    assert (practice.title, practice.fields) == (thread.title, FIELDS)
    assert client.get(url)["Location"] == practice.get_absolute_url()


def test_nobody_is_asked_to_record_what_is_recorded_out_of_their_sight(cast: Cast, sign_in: SignIn) -> None:
    thread = resolved(cast)
    client, url = sign_in(cast.cleo), reverse("thread-practice", args=[thread.pk])
    assert url in client.get(thread.get_absolute_url()).content.decode()
    practice = record_practice(by=cast.ada, thread=thread)
    Practice.objects.filter(pk=practice.pk).update(audience="organization")
    assert url not in client.get(thread.get_absolute_url()).content.decode()


def test_like_practices_are_offered_first_and_only_seen_ones(cast: Cast, sign_in: SignIn) -> None:
    like = record_practice(by=cast.ada, thread=resolved(cast))
    hidden = record_practice(by=cast.ada, thread=resolved(cast, audience="organization"))
    thread = resolved(cast)
    page = sign_in(cast.zoe).get(reverse("thread-practice", args=[thread.pk])).content.decode()
    assert f'href="{reverse("practice-suggest", args=[like.pk])}?thread={thread.pk}"' in page
    assert f'name="practice" value="{like.pk}"' in page
    assert reverse("practice-suggest", args=[hidden.pk]) not in page
    assert page.index("Much like this") < page.index('class="form"')
    own = sign_in(cast.ada).get(reverse("thread-practice", args=[thread.pk])).content.decode()
    assert reverse("practice-suggest", args=[hidden.pk]) in own


def test_a_record_is_merged_into_a_like_practice_where_it_would_be_recorded(cast: Cast, sign_in: SignIn) -> None:
    """Whoever may edit that one does it at once, others suggest it; nothing of the thread is said twice."""
    like = record_practice(by=cast.ada, thread=resolved(cast))
    thread = problem(cast)
    resolve(by=cast.ada, thread=thread, summary="Emptied it.", record=FIELDS | {"cause": "A full disk."})
    address = f"{reverse('practice-suggest', args=[like.pk])}?thread={thread.pk}&merge=1"
    zoe, ada = sign_in(cast.zoe), sign_in(cast.ada)
    assert address.replace("&", "&amp;") in zoe.get(reverse("thread-practice", args=[thread.pk])).content.decode()
    page = zoe.get(address).content.decode()
    assert f'href="{thread.get_absolute_url()}"' in page
    both = FIELDS["cause"] + "\n\nA full disk."
    assert typed(page) | {"reason": "", "csrfmiddlewaretoken": ""} == {
        **FIELDS, "cause": both, "title": like.title, "version": "1", "thread": str(thread.pk), "product": "",
        "reason": "", "csrfmiddlewaretoken": "",
    }  # fmt: skip
    assert record(zoe, address, reason="Another thread says more.")[0] == 302
    assert Suggestion.objects.get().fields == {"cause": both}
    edited = ada.get(address)["Location"]
    assert edited.startswith(reverse("practice-edit", args=[like.pk]))
    assert record(ada, edited)[0] == 302
    assert Practice.objects.get(pk=like.pk).cause == both
    hidden = resolved(cast, audience="organization")
    assert "Make one text of both" not in zoe.get(address.replace(f"={thread.pk}&", f"={hidden.pk}&")).content.decode()


def test_what_tells_of_somebody_is_shown_at_once_and_masked_on_request(cast: Cast, sign_in: SignIn) -> None:
    thread = resolved(cast)
    client, url = sign_in(cast.ada), reverse("thread-practice", args=[thread.pk])
    status, page = record(client, url, cause=f"Ask {MAIL}", resolution=SECRET)
    assert status == 200
    assert f"<mark>{MAIL}</mark>" in page
    assert "Write [email-1] instead" in page
    assert "Tr0ub4dor&amp;3" in typed(page)["resolution"]
    assert not Practice.objects.filter(thread=thread).exists()
    names = dict(re.findall(r"<mark>([^<]*)</mark>.*?name=\"(detail-[0-9a-f]{64})\"", page, re.DOTALL))
    mail = names[MAIL]
    keep = {mail: "keep", names["Tr0ub4dor&amp;3"]: "keep", "details": "choices"}
    status, page = record(client, url, cause=f"Ask {MAIL}", resolution=SECRET, **keep)
    assert (status, MAIL in typed(page)["cause"]) == (200, True)
    keep[names["Tr0ub4dor&amp;3"]] = "mask"
    status, _page = record(client, url, cause=f"Ask {MAIL}", resolution=SECRET, **keep)
    assert status == 302
    practice = Practice.objects.get(thread=thread)
    assert (practice.cause, practice.resolution) == (f"Ask {MAIL}", "password=[secret]")


def test_a_choice_says_nothing_about_what_came_since(cast: Cast, sign_in: SignIn) -> None:
    practice = recorded(cast)
    client, url = sign_in(cast.ada), reverse("practice-edit", args=[practice.pk])
    _status, page = record(client, url, cause=f"Ask {MAIL}")
    name = re.search(r"detail-[0-9a-f]{64}", page)
    assert name
    status, page = record(client, url, cause=f"Ask {MAIL} or jan@firma.cz", **{name[0]: "mask", "details": "choices"})
    assert status == 200
    assert "<mark>jan@firma.cz</mark>" in page
    status, _page = record(client, url, cause=f"Ask {MAIL} or jan@firma.cz", details="mask")
    assert status == 302
    assert Practice.objects.get(pk=practice.pk).cause == "Ask [email-1] or [email-2]"


def test_two_who_edit_are_joined_or_shown_each_other(cast: Cast, sign_in: SignIn) -> None:
    practice = recorded(cast)
    client, url = sign_in(cast.ada), reverse("practice-edit", args=[practice.pk])
    opened = typed(client.get(url).content.decode())
    edit_practice(by=cast.cleo, practice=practice, fields={"environment": "Version 3"}, version=1)
    joined = client.post(url, opened | {"cause": "A full disk."}, follow=True).content.decode()
    assert "joined with what Cleo Marchetti changed meanwhile" in joined
    now = Practice.objects.get(pk=practice.pk)
    assert (now.environment, now.cause) == ("Version 3", "A full disk.")
    page = client.post(url, opened | {"environment": "Version 4"}).content.decode()
    assert "changed the same lines" in page
    assert (typed(page)["environment"], typed(page)["version"]) == ("Version 4", "3")
    assert "Version 3" in page
    assert client.post(url, typed(page)).status_code == 302
    assert Practice.objects.get(pk=practice.pk).environment == "Version 4"


def test_a_version_is_brought_back_from_the_history(cast: Cast, sign_in: SignIn) -> None:
    practice = recorded(cast)
    edit_practice(by=cast.cleo, practice=practice, fields={"cause": "A full disk."}, version=1)
    url = reverse("practice-history", args=[practice.pk])
    assert "Have it say again what version 1 says" in sign_in(cast.ada).get(f"{url}?version=1").content.decode()
    assert "Have it say again" not in sign_in(cast.zoe).get(f"{url}?version=1").content.decode()
    restoration = reverse("practice-restoration", args=[practice.pk])
    assert sign_in(cast.ada).post(restoration, {"number": 1, "version": 2}).status_code == 302
    assert Practice.objects.get(pk=practice.pk).cause == FIELDS["cause"]
    assert "Version 1 again" in sign_in(cast.zoe).get(url).content.decode()
    assert sign_in(cast.ada).post(restoration, {"number": 77, "version": 3}).status_code == 404
    assert sign_in(cast.ada).post(restoration, {"number": "x"}).status_code == 400


def test_the_history_shows_what_changed_besides_the_texts(cast: Cast, sign_in: SignIn) -> None:
    practice = recorded(cast)
    gateway = cast.products["mail-gateway"]
    edit_practice(by=cast.cleo, practice=practice, tags=["disk"], product=gateway, version=1)
    retire(by=cast.cleo, practice=practice, reason="Old.")
    unretire(by=cast.cleo, practice=practice, reason="Not so old.")
    preview = reach_of(Practice.objects.get(pk=practice.pk), "network", []).digest
    change_audience(by=cast.cleo, practice=practice, audience="network", preview=preview, reason="For all.")
    url, ada = reverse("practice-history", args=[practice.pk]), sign_in(cast.ada)
    pages = {number: ada.get(f"{url}?version={number}").content.decode() for number in (1, 2, 3, 5)}
    assert "<dt>Product</dt><dd>none</dd>" in pages[1]
    assert f"<dt>Product</dt><dd><del>none</del> → <ins>{gateway.name}</ins>" in pages[2]
    tags = ", ".join(practice.versions.get(number=1).tags or []) or "none"
    assert f"<dt>Tags</dt><dd><del>{tags}</del> → <ins>disk</ins>" in pages[2]
    assert "<br>Product, Tags</span>" in pages[2]
    assert "<dt>Confidence</dt><dd><del>Not validated</del> → <ins>Archived</ins>" in pages[3]
    assert "<dt>Seen by</dt><dd><del>everyone in its space</del> → <ins>everyone in the network</ins>" in pages[5]
    outside = sign_in(cast.finn).get(url).content.decode()
    assert "<dt>Seen by</dt><dd>everyone in the network</dd>" in outside
    assert "everyone in its space" not in outside, "what it was before stays with those who could read it"


def test_of_a_practice_that_one_does_not_see_its_thread_says_nothing_and_no_form_is_offered(
    cast: Cast, sign_in: SignIn
) -> None:
    """Zoe sees and may write in the thread; its practice is for Acme alone."""
    practice = recorded(cast)
    thread = Thread.objects.get(pk=practice.thread_id or 0)
    preview = reach_of(Practice.objects.get(pk=practice.pk), "organization", []).digest
    change_audience(by=cast.cleo, practice=practice, audience="organization", preview=preview, reason="Ours.")
    removed = resolved(cast)
    join(by=cast.zoe, thread=reopen(by=cast.ada, thread=removed, reason="Again."))
    remove_helper(by=cast.mo, thread=removed, member=cast.zoe)
    resolve(by=cast.ada, thread=removed, summary="Done.")
    zoe, ada = sign_in(cast.zoe), sign_in(cast.ada)
    page = zoe.get(thread.get_absolute_url()).content.decode()
    for words in ("Not in the archive yet", "In the archive:", f"/threads/{thread.pk}/practice/", practice.title + "<"):
        assert (words in page) == (words == practice.title + "<" == thread.title + "<"), words
    assert "In the archive:" in ada.get(thread.get_absolute_url()).content.decode()
    answers = [zoe.get(reverse("thread-practice", args=[each.pk])) for each in (thread, removed)]
    answers += [zoe.post(reverse("thread-practice", args=[each.pk]), {"title": "x"}) for each in (thread, removed)]
    assert {answer.status_code for answer in answers} == {403}
    assert len({re.sub(r"\d+|[\w-]{30,}", "", answer.content.decode()) for answer in answers}) == 1
    for each in (thread, removed):
        with pytest.raises(Forbidden, match="may_not_record"):
            record_practice(by=cast.zoe, thread=each)
    assert not {"record_practice", "start_practice"} & set(thread_offers(cast.zoe, thread))
    reopen(by=cast.ada, thread=thread, reason="It came back.")
    with pytest.raises(Forbidden, match="may_not_record"):
        start_practice(by=cast.zoe, thread=thread)


def test_who_brings_a_version_back_is_asked_why(cast: Cast, sign_in: SignIn) -> None:
    practice, ada = recorded(cast), sign_in(cast.ada)
    edit_practice(by=cast.cleo, practice=practice, tags=["disk"], version=1)
    page = ada.get(reverse("practice-history", args=[practice.pk]), {"version": 1}).content.decode()
    assert "Why it is brought back" in page
    sent = {"number": 1, "version": 2, "reason": "The disk was fine."}
    ada.post(reverse("practice-restoration", args=[practice.pk]), sent)
    last = practice.versions.get(number=3)
    assert (last.reason, last.tags) == ("The disk was fine.", practice.versions.get(number=1).tags)
    assert "Why this change" in ada.get(reverse("practice-edit", args=[practice.pk])).content.decode()


def test_suggesting_from_where_it_is_read(cast: Cast, sign_in: SignIn) -> None:
    practice, thread = recorded(cast), problem(cast)
    client = sign_in(cast.zoe)
    page = client.get(practice.get_absolute_url()).content.decode()
    url = reverse("practice-suggest", args=[practice.pk])
    assert f'href="{url}?field=cause#id_cause"' in page
    sent = typed(client.get(f"{url}?thread={thread.pk}").content.decode())
    assert sent["thread"] == str(thread.pk)
    assert "Change something first" in client.post(url, sent | {"reason": "Why"}).content.decode()
    answer = client.post(url, sent | {"cause": "A full disk.", "reason": "We found why."})
    made = Suggestion.objects.get()
    assert (answer["Location"], made.thread) == (reverse("suggestion", args=[made.pk]), thread)
    assert "We found why." in client.get(practice.get_absolute_url()).content.decode()
    assert "We found why." not in sign_in(cast.ben).get(practice.get_absolute_url()).content.decode()
    assert sign_in(cast.ben).get(answer["Location"]).status_code == 404
    decider = sign_in(cast.ada)
    shown = decider.get(answer["Location"]).content.decode()
    assert "A full disk." in shown
    assert thread.title in shown
    sent = typed(shown) | {"cause": "A full, slow disk."}
    assert decider.post(reverse("suggestion-acceptance", args=[made.pk]), sent).status_code == 302
    assert Practice.objects.get(pk=practice.pk).cause == "A full, slow disk."
    assert "Suggested: We found why." in decider.get(reverse("practice-history", args=[practice.pk])).content.decode()


def test_a_thread_that_the_decider_does_not_see_is_not_named(cast: Cast, sign_in: SignIn) -> None:
    practice = recorded(cast, by=cast.ada)
    hidden = problem(cast, "backroom")
    made = suggest_edit(
        by=cast.mo, practice=practice, base_version=1, fields={"cause": "Dust"}, reason="Look", thread=hidden
    )
    page = sign_in(cast.cleo).get(reverse("suggestion", args=[made.pk])).content.decode()
    assert "Dust" in page
    assert f"/threads/{hidden.pk}/" not in page


def test_work_in_progress_is_begun_and_read(cast: Cast, sign_in: SignIn) -> None:
    thread = problem(cast)
    start = reverse("practice-start", args=[thread.pk])
    page = sign_in(cast.ben).get(thread.get_absolute_url()).content.decode()
    assert f'action="{start}"' in page
    assert sign_in(cast.ben).post(start).status_code == 302
    practice = Practice.objects.get(thread=thread)
    page = sign_in(cast.ben).get(thread.get_absolute_url()).content.decode()
    assert f'action="{start}"' not in page
    assert practice.get_absolute_url() in page
    shown = sign_in(cast.zoe).get(practice.get_absolute_url()).content.decode()
    assert "This is being worked on" in shown
    assert reverse("practice-history", args=[practice.pk]) not in shown
    assert sign_in(cast.ben).get(reverse("thread-record", args=[thread.pk])).status_code == 200
    assert sign_in(cast.ben).get(reverse("practice-edit", args=[practice.pk])).status_code == 403


def test_ticked_while_resolving_it_goes_in_or_is_looked_at_first(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ada)
    for resolution, leads_to in (("Empty it.", "thread"), (f"Ask {MAIL}", "thread-practice")):
        thread = problem(cast)
        url = reverse("thread-resolution", args=[thread.pk])
        sent = typed(client.get(url).content.decode()) | {"resolution": resolution, "record_practice": "on"}
        assert client.post(url, sent)["Location"] == reverse(leads_to, args=[thread.pk])
        assert Practice.objects.filter(thread=thread).exists() == (leads_to == "thread")
    begun = problem(cast)
    start_practice(by=cast.ada, thread=begun)
    page = client.get(reverse("thread-resolution", args=[begun.pk])).content.decode()
    assert "Resolving the thread records it" in page
    assert 'name="record_practice"' not in page


def test_names_are_the_organizations_own(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("organization-names")
    assert sign_in(cast.ben).post(url, {"name": "Umbrella GmbH"}).status_code == 302
    watched = WatchedName.objects.get()
    for member, sees, removes in ((cast.ada, True, False), (cast.olga, True, True), (cast.cleo, False, False)):
        page = sign_in(member).get(url).content.decode()
        assert ("Umbrella" in page, f'name="remove" value="{watched.pk}"' in page) == (sees, removes)
    assert sign_in(cast.cleo).post(url, {"remove": watched.pk}).status_code == 404
    assert sign_in(cast.ada).post(url, {"remove": watched.pk}).status_code == 302
    assert WatchedName.objects.exists()
    assert "at least three" in sign_in(cast.ada).post(url, {"name": "ab"}).content.decode()
    sign_in(cast.olga).post(url, {"remove": watched.pk})
    assert not WatchedName.objects.exists()


def test_a_watched_name_is_shown_to_its_own_people_only(cast: Cast, sign_in: SignIn) -> None:
    watch_name(by=cast.olga, name="Umbrella")
    practice = recorded(cast)
    url = reverse("practice-edit", args=[practice.pk])
    status, page = record(sign_in(cast.ada), url, cause="At umbrella only.")
    assert (status, "<mark>umbrella</mark>" in page) == (200, True)
    status, _page = record(sign_in(cast.cleo), url, cause="At umbrella only.")
    assert status == 302
