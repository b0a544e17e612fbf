"""Coaches and notes under review over the API: the doors are the pages', and a rater is named to who looked alone."""

import json

import pytest

from community.rules import clock
from reputation.models import Coaching, NoteAnswer, Tally
from tests.api.asking import Api
from tests.cast import Cast
from tests.pages.stories import signed_in
from tests.reputation.evaluating import a_week_later, crowd, rates, worked
from threads.actions.note_reviews import answer_note
from threads.actions.threads import open_thread

pytestmark = pytest.mark.both_databases
COACHES = "organization/coaches"


def rated(cast: Cast, note_to: str) -> NoteAnswer | None:
    """Ben is rated by five, the first of whom is Zoe, with a note; one to himself he asks a review of."""
    raters = [cast.zoe, *crowd(cast, 4)]
    thread = worked(cast, raters)
    note = rates(cast.zoe, thread, cast.ben, note="You might say what you tried.", note_to=note_to)
    for member in raters[1:]:
        rates(member, thread, cast.ben)
    note.refresh_from_db()
    if note_to == "coach":
        return None
    with clock.at(a_week_later()):
        return answer_note(by=cast.ben, evaluation=note, answer="review", words="That is not about my part.")


def test_a_coach_is_named_reads_and_is_ended(cast: Cast, api: Api) -> None:
    named = api.olga("PUT", COACHES, {"coach": "@ada", "member": "ben"})
    assert (named.status, named.body["coach"]["handle"], named.body["named_by"]["handle"]) == (200, "ada", "olga")
    assert api.olga("PUT", COACHES, {"coach": "ada", "member": "Ben"}).body == named.body
    rated(cast, "coach")
    assert [each["member"]["handle"] for each in api.ada("GET", "coaching").body["items"]] == ["ben"]
    with clock.at(a_week_later()):
        read = api.ada("GET", "coaching/ben").body
        assert [note["text"] for note in read["notes"]] == ["You might say what you tried."]
        assert read["lines"] == api.ben("GET", "me/evaluations").body["lines"] != []
        assert "zoe" not in json.dumps(read).lower()
        for who in ("ben", "olga", "zoe", "mo", "nia"):
            assert api.ask(who, "GET", "coaching/ben").status == 404, who
            assert api.ask(who, "GET", "coaching").body == {"items": []}, who
    (listed,) = api.olga("GET", COACHES).body["items"]
    assert api.olga("DELETE", f"{COACHES}/{listed['id']}").status == 204
    assert api.olga("GET", COACHES).body == {"items": []}
    assert api.ada("GET", "coaching/ben").status == 404


def test_only_administrators_name_coaches_and_only_among_their_own(cast: Cast, api: Api) -> None:
    api.olga("PUT", COACHES, {"coach": "ada", "member": "ben"})
    coaching = Coaching.objects.get().pk
    for who in ("ada", "zoe", "mo", "cleo"):
        assert api.ask(who, "GET", COACHES).body == {"items": []}, who
        assert api.ask(who, "PUT", COACHES, {"coach": "ben", "member": "ada"}).status == 403, who
        assert api.ask(who, "DELETE", f"{COACHES}/{coaching}").status == 403, who
    for coach, member, field in (("zoe", "ben", "coach"), ("ada", "sam", "member"), ("ada", "ada", "coach")):
        refused = api.olga("PUT", COACHES, {"coach": coach, "member": member})
        assert (refused.status, list(refused.body["errors"])) == (422, [field])
    for number in (coaching + 1, 2**70):
        assert api.olga("DELETE", f"{COACHES}/{number}").status == 404
    assert Coaching.objects.get().until is None


def test_a_note_under_review_is_looked_at_and_decided(cast: Cast, api: Api) -> None:
    answer = rated(cast, "person")
    assert answer is not None
    path = f"note-reviews/{answer.pk}"
    with clock.at(a_week_later()):
        (waiting,) = api.mo("GET", "note-reviews").body["items"]
        assert (waiting["member"]["handle"], waiting["words"]) == ("ben", "That is not about my part.")
        before = api.mo("GET", path).body
        assert (before["rater"], before["looks"]) == (None, [])
        assert "zoe" not in json.dumps([waiting, before]).lower()
        assert api.mo("POST", f"{path}/look").body["rater"]["handle"] == "zoe"
        assert api.nia("GET", path).body["rater"] is None
        assert [look["by"]["handle"] for look in api.nia("GET", path).body["looks"]] == ["mo"]
        decided = api.mo("POST", f"{path}/decision", {"outcome": "set_aside", "words": "It is about another thread."})
        assert (decided.body["outcome"], decided.body["decided_by"]["handle"]) == ("set_aside", "mo")
        again = api.nia("POST", f"{path}/decision", {"outcome": "kept", "words": "No."})
        assert again.status == 409
        assert api.mo("GET", "note-reviews").body == {"items": []}


def test_notes_under_review_are_for_moderators_without_a_part(cast: Cast, api: Api) -> None:
    answer = rated(cast, "person")
    assert answer is not None
    path = f"note-reviews/{answer.pk}"
    for who in ("ada", "ben", "zoe", "olga", "cleo", "finn"):
        assert api.ask(who, "GET", "note-reviews").body == {"items": []}, who
        assert api.ask(who, "GET", path).status == 404, who
        assert api.ask(who, "POST", f"{path}/look").status == 404, who
        assert api.ask(who, "POST", f"{path}/decision", {"outcome": "kept", "words": "It is."}).status == 404, who
    assert not answer.looks.exists()
    assert api.mo("POST", f"{path}/decision", {"outcome": "kept", "words": " "}).status == 422
    assert api.mo("GET", f"note-reviews/{2**70}").status == 404


def test_a_coach_is_told_of_no_tag_that_they_meet_nowhere(cast: Cast, api: Api) -> None:
    """Ben was rated in threads of Acme's own center in Lagos; Ada, of Malmö, coaches him."""
    api.olga("PUT", COACHES, {"coach": "ada", "member": "ben"})
    open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Names", body="Again.", tags=["dns"])
    open_thread(
        by=cast.ben, space=cast.spaces["lobby"], title="Ours", body="Again.", tags=["balneology"], audience="center"
    )
    for scope in ("", "tag:dns", "tag:balneology", "product:mail-gateway"):
        Tally.objects.create(rated=cast.ben, kind="peer", quality="clarity", scope=scope, value=8, raters=5, parts={})
    told = {line["scope"] for line in api.ada("GET", "coaching/ben").body["lines"]}
    assert told == {"", "tag:dns", "product:mail-gateway"}
    page = signed_in(cast.ada).get("/coaching/ben/").content.decode()
    assert "#dns" in page
    assert "balneology" not in page
    assert len(api.ben("GET", "me/evaluations").body["lines"]) == 4
