"""Every address of the site is classified here: who may open it, and what a stranger to the thing is answered."""

import json
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from community.rules import clock
from community.urls import page_urls, public_urls
from reputation.models import Coaching, Evaluation, Mentoring, NoteAnswer
from tests.cast import Cast
from tests.pages.stories import SignIn, Story
from threads.models import (
    Asked,
    Bulletin,
    DuplicatePair,
    HandOver,
    HelpRequest,
    Meeting,
    Playbook,
    Practice,
    Review,
    ReviewComment,
    Run,
    Sample,
    SamplingRound,
    SavedSearch,
    Suggestion,
)

pytestmark = pytest.mark.both_databases

SIGNED_OUT = {"theme", "invitation", "favicon"}
EVERY_MEMBER = {
    "home", "help", "theme", "inbox", "inbox-read", "inbox-settings", "people", "people-suggest", "profile-edit",
    "profile-state", "profile-skills", "profile-certificates", "profile-record", "profile-own", "certificate",
    "organization-names", "member", "spaces", "archive", "archive-export", "governance", "coverage", "search",
    "attachments", "preview", "draft", "deflections", "jump", "badges",
    "profile-erasure", "record-room", "practices-suggest", "adoption", "subscriptions",
    "bulletins", "bulletin-new", "playbooks", "saved-searches", "evaluations", "coaching", "note-reviews",
    "standing", "mentors", "mentoring", "mentoring-offer",
}  # fmt: skip
BY_RECORD_TAKEN = {"profile-record-withdrawal"}
ADMINISTRATORS = {"invitations", "organization-coaches"}
BY_SPACE = {"space", "ask"}
BY_THREAD = {
    "thread", "thread-edit", "thread-posts", "thread-following", "thread-owner", "thread-related", "thread-resolution",
    "thread-reopening", "thread-record", "thread-record-history", "thread-record-restoration", "thread-practice",
    "practice-start",
    "thread-since", "thread-seen", "thread-meetings",
    "thread-helpers", "thread-help", "thread-hand-over", "thread-guests", "thread-audience",
    "thread-matches", "thread-timeline", "thread-practices", "thread-playbooks", "thread-evaluate",
    "thread-tidying", "thread-tags", "thread-duplicate",
}  # fmt: skip
BY_REQUEST = {"request", "request-answer", "request-information", "request-withdrawal"}
BY_HAND_OVER = {"hand-over-answer"}
BY_MEETING = {"meeting-deletion"}
BY_PLAYBOOK = {
    "playbook", "playbook-start", "playbook-edit", "playbook-history", "playbook-retirement", "playbook-restoration",
    "playbook-keeper",
}  # fmt: skip
BY_RUN = {"run", "run-ending"}
WRITERS = {"playbook-new"}
BY_POST = {
    "post", "post-permalink", "post-edit", "post-history", "post-deletion", "post-restoration", "post-vote",
}  # fmt: skip
BY_PRACTICE = {
    "practice",
    "practice-edit",
    "practice-history",
    "practice-use",
    "practice-verdict",
    "practice-verdicts",
    "practice-audience",
    "practice-publication",
    "practice-restoration",
    "practice-scrubbing",
    "practice-suggest",
    "practice-adoption",
    "practice-reports",
    "practice-tags",
}
EVERYBODY = {
    "public", "public-practice", "public-vote", "public-experience", "public-product", "public-product-feed",
    "public-tag", "public-feed", "public-sitemap", "public-sitemap-part", "robots",
    "verify", "network-keys",
}  # fmt: skip
BY_SAVED = {"saved-search"}
BY_EVALUATION = {"evaluation-withdrawal"}
BY_NOTE = {"evaluation-note"}
BY_NOTE_REVIEW = {"note-review", "note-review-look"}
BY_COACHED = {"coached"}
BY_SUGGESTION = {"suggestion", "suggestion-acceptance", "suggestion-rejection", "suggestion-withdrawal"}
BY_BULLETIN = {"bulletin", "bulletin-receipt", "bulletin-end"}
BY_CHOICE = {"member-profile", "profile-evidence"}
BY_SWITCH = {"leaderboard"}
BY_THANKS = {"member-thanks", "thanks-taking-back", "thanks-removal"}
BY_MENTORING = {"mentoring-answer", "mentoring-ending", "mentoring-helped"}
BY_MENTOR = {"mentor"}
BY_FILE = {"attachment"}
BY_PRODUCT = {"coverage-product"}
OF_THE_DESK = {"desk", "terms", "samples"}
BY_CURATED = {
    "practice-claim", "practice-review", "practice-retirement", "practice-owner", "practice-same", "practice-merge",
}  # fmt: skip
BY_REVIEW = {"review", "review-comments", "review-decision"}
BY_COMMENT = {"review-comment-settlement"}
BY_PAIR = {"desk-pair"}
ADMINISTRATORS_OF_TERMS = {"term-ending"}
BY_SAMPLE = {"sample"}
# Those are asked about in test_patterns.py, with people who may and may not.
OF_MODERATION = {"patterns", "pattern", "pattern-look", "pattern-looks"}
BY_ROUND = {"sampling-round"}


def test_every_page_is_classified() -> None:
    """A new address fails here until somebody says who may open it."""
    names = {pattern.name for pattern in page_urls}
    classified = EVERY_MEMBER | ADMINISTRATORS | BY_SPACE | BY_THREAD | BY_POST | BY_PRACTICE | BY_FILE | SIGNED_OUT
    classified |= BY_SAVED | BY_BULLETIN | BY_REQUEST | BY_HAND_OVER | BY_MEETING | BY_SUGGESTION
    classified |= OF_THE_DESK | BY_CURATED | BY_REVIEW | BY_COMMENT | BY_PAIR | BY_SAMPLE | BY_ROUND
    classified |= ADMINISTRATORS_OF_TERMS | BY_PLAYBOOK | BY_RUN | WRITERS | BY_PRODUCT
    classified |= BY_THANKS | BY_EVALUATION | BY_NOTE | BY_NOTE_REVIEW | BY_COACHED | BY_RECORD_TAKEN
    classified |= BY_MENTORING | BY_MENTOR
    classified |= BY_CHOICE | BY_SWITCH
    classified |= OF_MODERATION
    assert names <= classified, names - classified
    assert classified - names <= {"favicon"}
    assert {pattern.name for pattern in public_urls} == EVERYBODY


def test_there_are_no_other_addresses() -> None:
    """Besides the pages there are only allauth's, the admin's and the API's."""
    known = {pattern.name for pattern in [*page_urls, *public_urls]} | {"favicon"}
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name in known
        else:
            assert isinstance(pattern, URLResolver)
            assert str(pattern.pattern) in {"accounts/", "admin/", "api/v1/"}


def _addresses(story: Story) -> dict[str, str]:
    by_thread = {name: reverse(name, args=[story.thread.pk]) for name in BY_THREAD}
    by_post = {name: reverse(name, args=[story.reply.pk]) for name in BY_POST}
    by_practice = {name: reverse(name, args=[story.practice.pk]) for name in BY_PRACTICE}
    by_space = {name: reverse(name, args=[story.thread.space.slug]) for name in BY_SPACE}
    by_space |= {name: reverse(name, args=[uuid4()]) for name in BY_RECORD_TAKEN}
    by_space |= {name: reverse(name, args=["ben"]) for name in BY_CHOICE} | {name: reverse(name) for name in BY_SWITCH}
    addresses = by_thread | by_post | by_practice | by_space | _of_the_swarm(story) | _on_the_desk(story)
    return addresses | _of_evaluations(story)


def _of_evaluations(story: Story) -> dict[str, str]:
    """What Ada said of Ben's part, with a note that he wants reviewed; and whom she coaches."""
    ada, ben, now = story.thread.author, story.reply.author, clock.now()
    said = Evaluation.objects.create(
        rater=ada, rated=ben, thread=story.thread, space=story.thread.space, kind="requester", clarity=1, weight=1,
        note="Mail loops", note_to="person", shown_from=now,
    )  # fmt: skip
    review = NoteAnswer.objects.create(evaluation=said, answer="review", words="No.")
    Coaching.objects.create(organization=ada.organization, coach=ada, member=ben, named_by=ada)
    found = {name: reverse(name, args=[said.pk]) for name in BY_EVALUATION}
    found |= {name: reverse(name, args=[review.pk]) for name in BY_NOTE_REVIEW}
    asked = Mentoring.objects.create(learner=ada, mentor=ben, scope="tag:smtp", what="Mail loops, from the beginning")
    found |= {name: reverse(name, args=[asked.pk]) for name in BY_MENTORING} | {"mentor": "/mentors/ben/?tag=smtp"}
    return found | {"evaluation-note": reverse("evaluation-note", args=[said.key]), "coached": "/coaching/ben/"}


def _on_the_desk(story: Story) -> dict[str, str]:
    """A review of the practice, a comment in it, a suggested edit, and a practice that may be the same."""
    practice = story.practice
    review = Review.objects.create(practice=practice, kind="new", version=1)
    comment = ReviewComment.objects.create(review=review, author=practice.recorded_by, body="x", html="x")
    other = Practice.objects.create(
        space=practice.space, organization=practice.organization, audience=practice.audience, title="Mail loops again",
        problem="x", resolution="x", recorded_by=practice.recorded_by,
    )  # fmt: skip
    pair = DuplicatePair.objects.create(first=practice, second=other)
    addresses = {name: reverse(name, args=[practice.pk]) for name in BY_CURATED}
    addresses |= {name: reverse(name, args=[review.pk]) for name in BY_REVIEW}
    bulletin = Bulletin.objects.create(
        space=practice.space, organization=practice.organization, audience=practice.audience, title="x", text="x",
        html="x", sent_by=practice.recorded_by,
    )  # fmt: skip
    addresses |= {name: reverse(name, args=[bulletin.pk]) for name in BY_BULLETIN}
    addresses |= {name: reverse(name, args=[comment.pk]) for name in BY_COMMENT}
    drawn = SamplingRound.objects.create(space=practice.space, by=practice.recorded_by, seed=1, size=1)
    sample = Sample.objects.create(round=drawn, practice=practice)
    addresses |= {name: reverse(name, args=[sample.pk]) for name in BY_SAMPLE}
    saved = SavedSearch.objects.create(member=practice.recorded_by, name="Mail loops", text="Mail loops")
    addresses |= {name: reverse(name, args=[saved.pk]) for name in BY_SAVED}
    suggestion = Suggestion.objects.create(
        practice=practice, base_version=1, title="Mail loops", reason="x", author=practice.recorded_by,
        organization=practice.organization,
    )  # fmt: skip
    addresses |= {name: reverse(name, args=[suggestion.pk]) for name in BY_SUGGESTION}
    return addresses | {name: reverse(name, args=[pair.pk]) for name in BY_PAIR}


def _of_the_swarm(story: Story) -> dict[str, str]:
    """A request for help, a hand-over, a meeting and a playbook in the thread."""
    now, thread, by = clock.now(), story.thread, story.thread.author
    request = HelpRequest.objects.create(thread=thread, by=by, what="x", html="x", due_at=now)
    Asked.objects.create(request=request, member=by, place=1, answer_by=now)
    offered = HandOver.objects.create(thread=thread, by=by, summary="x", html="x")
    meeting = Meeting.objects.create(thread=thread, held_at=now, outcome="x", html="x", logged_by=by)
    by_meeting = {name: reverse(name, args=[meeting.pk]) for name in BY_MEETING}
    playbook = Playbook.objects.create(
        space=thread.space, organization=thread.organization, audience=thread.audience, title="Mail loops", made_by=by,
    )  # fmt: skip
    run = Run.objects.create(thread=thread, playbook=playbook, version=1, title="Mail loops", started_by=by)
    by_meeting |= {name: reverse(name, args=[playbook.pk]) for name in BY_PLAYBOOK}
    by_meeting |= {name: reverse(name, args=[run.pk]) for name in BY_RUN}
    by_request = {name: reverse(name, args=[request.pk]) for name in BY_REQUEST}
    return by_request | by_meeting | {name: reverse(name, args=[offered.pk]) for name in BY_HAND_OVER}


def test_a_stranger_is_sent_to_sign_in(story: Story, client: Client) -> None:
    addresses = _addresses(story) | {
        name: reverse(name) for name in EVERY_MEMBER - SIGNED_OUT - {"member", "certificate"}
    }
    for name, address in addresses.items():
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 302, name
            assert answer["Location"].startswith("/accounts/login/"), name


@pytest.mark.parametrize("who", ["zoe", "finn", "mo", "cleo"])
def test_what_you_may_not_see_is_not_there(secret: Story, cast: Cast, sign_in: SignIn, who: str) -> None:
    """Another organization's member, its curator and the space's moderator alike: 404, the same page as for nothing."""
    client = sign_in(getattr(cast, who))
    missing = client.get(reverse("thread", args=[10**9])).content
    hidden = {name: address for name, address in _addresses(secret).items() if name not in BY_SPACE}
    for name, address in hidden.items():
        for answer in (client.get(address), client.post(address, {"body": "x", "value": "1"})):
            assert answer.status_code in {404, 405}, (name, answer.status_code)
            assert b"Mail loops" not in answer.content
    hidden_page = client.get(reverse("thread", args=[secret.thread.pk])).content
    assert _without_address(hidden_page) == _without_address(missing)


def _without_address(page: bytes) -> list[bytes]:
    """The lines of a page that do not name its own address or a one-time token."""
    return [line for line in page.splitlines() if b"csrf" not in line and b"/threads/" not in line]


@pytest.mark.parametrize("who", ["zoe", "finn"])
def test_no_side_door_tells_of_it(secret: Story, cast: Cast, sign_in: SignIn, who: str) -> None:
    """Lists, search, suggestions, pages of people, counts."""
    client = sign_in(getattr(cast, who))
    pages = ["/", "/spaces/", "/spaces/lobby/", "/archive/", "/inbox/", "/people/ada/", "/people/ben/"]
    searches = ["/search/?q=mail+loops", "/search/?q=R7", "/archive/?q=loops", "/spaces/lobby/?q=mail"]
    for address in [*pages, *searches]:
        text = client.get(address).content.decode()
        assert secret.thread.title not in text, address
        assert secret.thread.get_absolute_url() not in text, address
        assert secret.practice.get_absolute_url() not in text, address
    similar = client.get("/api/v1/similar", {"text": "Mail loops between gateways"})
    assert json.loads(similar.content)["items"] == []
    assert client.get("/people/suggest/", {"q": "a", "thread": str(secret.thread.pk)}).status_code == 404
    assert client.post("/deflections/", {"text": "x", "chosen": f"thread:{secret.thread.pk}"}).status_code == 404


@pytest.mark.parametrize("space", ["workshop", "backroom"])
def test_a_closed_space_is_not_there(cast: Cast, sign_in: SignIn, space: str) -> None:
    client = sign_in(cast.zoe)
    assert client.get(f"/spaces/{space}/").status_code == 404
    assert client.get(f"/spaces/{space}/ask/").status_code == 404
    assert client.post(f"/spaces/{space}/ask/", {"title": "x", "body": "y"}).status_code == 404
    assert f"/spaces/{space}/" not in client.get("/spaces/").content.decode()


def test_only_administrators_invite(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.ada).get("/organization/coaches/").status_code == 403
    assert sign_in(cast.olga).get("/organization/coaches/").status_code == 200
    assert sign_in(cast.ada).get("/invitations/").status_code == 403
    assert sign_in(cast.olga).get("/invitations/").status_code == 200


def test_only_those_write_playbooks_who_may(cast: Cast, sign_in: SignIn, client: Client) -> None:
    assert client.get("/playbooks/new/")["Location"].startswith("/accounts/login/")
    for who in ("ada", "ben", "zoe", "finn"):
        assert sign_in(getattr(cast, who)).get("/playbooks/new/").status_code == 403, who
    for who in ("mo", "cleo", "olga", "nia"):
        assert sign_in(getattr(cast, who)).get("/playbooks/new/").status_code == 200, who


@pytest.mark.parametrize("name", sorted(OF_THE_DESK))
def test_the_desk_is_for_curators(cast: Cast, sign_in: SignIn, client: Client, name: str) -> None:
    address = reverse(name)
    assert client.get(address)["Location"].startswith("/accounts/login/")
    for who in ("ada", "ben", "mo", "zoe", "olga"):
        assert sign_in(getattr(cast, who)).get(address).status_code == 403, who
    for who in ("cleo", "nia"):
        assert sign_in(getattr(cast, who)).get(address).status_code == 200, who


def test_a_suspended_member_is_signed_out_at_once(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ada)
    assert client.get("/").status_code == 200
    cast.ada.is_active = False
    cast.ada.save()
    assert client.get("/").status_code == 302


def test_the_admin_is_for_network_administrators(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.nia).get("/admin/").status_code == 200
    assert sign_in(cast.olga).get("/admin/").status_code == 302
