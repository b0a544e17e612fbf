"""One's own page: hours, state, skills, certificates; what others see of it, without JavaScript."""

from datetime import UTC, datetime, time, timedelta

import pytest

from community.actions.reach import set_reach, set_state
from community.models import Reach
from community.queries.reach import reach_of
from community.rules import clock
from reputation.actions.skills import declare_skills
from reputation.models import Certificate, Skill
from reputation.rules.skills import Declared
from tests.cast import Cast
from tests.pages.stories import SignIn, Story

pytestmark = pytest.mark.both_databases

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PAGE = {"name": "Ben Okafor", "about": "", "time_zone": "Africa/Lagos", "outside": "never"}
LINES = {"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0"}


def test_hours_and_languages_are_said_on_ones_own_page(cast: Cast, sign_in: SignIn) -> None:
    said = {"working_days": ["1", "2"], "opens_at": "16:00", "closes_at": "04:00", "most_a_day": "3",
            "language_1": "pt", "language_3": "en", "contact": "Call the desk"}  # fmt: skip
    answer = sign_in(cast.ben).post("/people/me/edit/", PAGE | said)
    assert answer.status_code == 302
    row = reach_of([cast.ben.pk])[cast.ben.pk]
    assert (row.hours.opens, row.hours.days, row.hours.zone) == (time(16), (1, 2), "Africa/Lagos")
    assert (row.languages, row.most_a_day) == (("pt", "en"), 3)
    again = sign_in(cast.ben).get("/people/me/edit/").content.decode()
    assert 'value="16:00"' in again
    seen = {who: sign_in(cast.people[who]).get("/people/ben/").content.decode() for who in ("ada", "zoe")}
    assert all("Mon, Tue, 16:00–04:00, Africa/Lagos" in page and "Português, English" in page for page in seen.values())
    assert {who: "Call the desk" in page for who, page in seen.items()} == {"ada": True, "zoe": False}


def test_half_of_the_hours_is_refused_and_nothing_is_saved(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.ben).post("/people/me/edit/", PAGE | {"name": "B.", "opens_at": "08:00"})
    assert answer.status_code == 200
    assert "Give opening, closing and days" in answer.content.decode()
    cast.ben.refresh_from_db()
    assert cast.ben.name == "Ben Okafor"
    assert not Reach.objects.exists()


@pytest.mark.parametrize(
    ("form", "until"),
    [
        ({"state": "away", "until": "4h"}, datetime(2026, 11, 23, 16, tzinfo=UTC)),
        ({"state": "available", "until": "day"}, datetime(2026, 11, 23, 16, tzinfo=UTC)),
        ({"state": "busy", "until": "tomorrow"}, datetime(2026, 11, 24, 7, tzinfo=UTC)),
        ({"state": "away", "until": "at", "at": "2026-11-24T09:30"}, datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),
        ({"state": "hours", "until": "day"}, None),
    ],
)
def test_a_state_from_the_menu_holds_until_then(
    cast: Cast, sign_in: SignIn, form: dict[str, str], until: datetime | None
) -> None:
    with clock.at(NOON):
        answer = sign_in(cast.ben).post("/people/me/state/", form | {"next": "/archive/"})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/archive/")
        page = sign_in(cast.ben).get("/archive/").content.decode()
    assert Reach.objects.get(member=cast.ben).until == until
    assert f'data-state="{form["state"]}"' in page


def test_a_state_that_ended_is_shown_no_more(cast: Cast, sign_in: SignIn, story: Story) -> None:
    path = f"/threads/{story.thread.pk}/"
    with clock.at(NOON):
        set_state(by=cast.ben, state="away", until=NOON + timedelta(hours=1))
        assert 'data-state="away"' in sign_in(cast.ben).get(path).content.decode()
    with clock.at(NOON + timedelta(hours=1)):
        assert 'data-state="hours"' in sign_in(cast.ben).get(path).content.decode()
    assert 'data-state="away"' not in sign_in(cast.ada).get(path).content.decode()


def test_away_without_an_end_is_refused(cast: Cast, sign_in: SignIn) -> None:
    for form in ({"state": "away"}, {"state": "away", "until": "at", "at": "2020-01-01T00:00"}, {"state": "lost"}, {}):
        answer = sign_in(cast.ben).post("/people/me/state/", form | {"next": "//elsewhere.example/"})
        assert answer.status_code == 200
    assert not Reach.objects.exists()
    left = sign_in(cast.ben).post("/people/me/state/", {"state": "busy", "next": "//elsewhere.example/"})
    assert left.headers["Location"] == "/people/me/state/"


def test_skills_line_by_line(cast: Cast, sign_in: SignIn) -> None:
    lines = LINES | {
        "form-0-topic": "#dns", "form-0-level": "3", "form-1-topic": "mail GATEWAY", "form-1-level": "1",
        "form-1-wants_to_learn": "on", "form-2-topic": "",
    }  # fmt: skip
    assert sign_in(cast.ben).post("/people/me/skills/", lines).status_code == 302
    found = Skill.objects.filter(member=cast.ben).order_by("scope")
    assert list(found.values_list("scope", "level", "wants_to_learn")) == [
        ("product:mail-gateway", 1, True), ("tag:dns", 3, False),
    ]  # fmt: skip
    page = sign_in(cast.zoe).get("/people/ben/").content.decode()
    assert "#dns" in page
    assert "Expert" in page
    assert "wants to learn more" in page


@pytest.mark.parametrize(
    "lines",
    [
        LINES | {"form-0-topic": "a b < c"},
        LINES | {"form-0-topic": "dns", "form-0-level": "9"},
        {"form-TOTAL_FORMS": "x", "form-INITIAL_FORMS": "0"},
        {},
    ],
)
def test_broken_lines_are_shown_again(cast: Cast, sign_in: SignIn, lines: dict[str, str]) -> None:
    declare_skills(by=cast.ben, skills=[Declared("tag:smtp", 2)])
    assert sign_in(cast.ben).post("/people/me/skills/", lines).status_code == 422
    assert list(Skill.objects.values_list("scope", flat=True)) == ["tag:smtp"]


def test_a_certificate_is_added_confirmed_and_removed(cast: Cast, sign_in: SignIn) -> None:
    given = {"name": "Mail master", "issuer": "Postal Guild", "scope": "smtp", "issued_on": "2025-01-01"}
    assert sign_in(cast.ben).post("/people/me/certificates/", given | {"scope": ""}).status_code == 422
    assert sign_in(cast.ben).post("/people/me/certificates/", given).status_code == 302
    certificate = Certificate.objects.get(member=cast.ben)
    path, confirm = f"/certificates/{certificate.pk}/", 'value="confirm"'
    pages = {who: sign_in(cast.people[who]).get("/people/ben/").content.decode() for who in ("ben", "ada", "olga")}
    assert all("Mail master" in page for page in pages.values())
    assert [who for who, page in pages.items() if confirm in page] == ["olga"]
    sign_in(cast.ada).post(path, {"act": "confirm"})
    sign_in(cast.olga).post(path, {"act": "remove"})
    certificate.refresh_from_db()
    assert certificate.confirmed_at is None
    sign_in(cast.olga).post(path, {"act": "confirm"})
    assert "confirmed by Olga Petrova for Acme" in sign_in(cast.zoe).get("/people/ben/").content.decode()
    assert sign_in(cast.ben).post(path, {"act": "anything"}).status_code == 404
    sign_in(cast.ben).post(path, {"act": "remove"})
    assert sign_in(cast.ben).post(path, {"act": "remove"}).status_code == 404


def test_a_certificate_that_ended_is_told_and_makes_no_topic(cast: Cast, sign_in: SignIn) -> None:
    given = {"name": "Mail master", "issuer": "Postal Guild", "scope": "smtp", "issued_on": "2020-01-01"}
    sign_in(cast.ben).post("/people/me/certificates/", given | {"expires_on": "2021-01-01"})
    page = sign_in(cast.zoe).get("/people/ben/").content.decode()
    assert "Mail master" in page
    assert "ended Jan 1, 2021" in page
    assert "tag:smtp" not in page


def test_what_is_said_stands_beside_what_answers_show(cast: Cast, sign_in: SignIn, secret: Story) -> None:
    declare_skills(by=cast.ben, skills=[Declared("tag:loop", 3)])
    inside, outside = (sign_in(who).get("/people/ben/").content.decode() for who in (cast.ada, cast.zoe))
    assert "1 solution" in inside
    assert "Mail loops between gateways" in inside
    assert "Expert" in outside
    assert "#smtp" not in outside
    assert "Mail loops between gateways" not in outside


def test_whoever_left_or_was_imported_cannot_be_asked(cast: Cast, sign_in: SignIn) -> None:
    set_reach(by=cast.sam, contact="Nobody reads this")
    page = sign_in(cast.ada).get("/people/sam/").content.decode()
    assert "Can be asked" not in page
    assert "Nobody reads this" not in page
