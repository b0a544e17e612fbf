"""How practices are looked after: who sets that, what wins, and that a new rule has everything judged anew."""

import pytest
from django.test import Client

from community.errors import Forbidden, Invalid, NotThere
from community.models import Grant, Member
from tests.cast import PASSWORD, Cast
from tests.threads.practicing import fresh, validated
from threads.actions.deciding import decide_review
from threads.actions.governance import set_governance
from threads.actions.judging import rejudge_marked
from threads.actions.practices import edit_practice
from threads.actions.reviews import start_review
from threads.actions.verdicts import say_verdict
from threads.models import Governance, Practice, Tag
from threads.queries.governance import governance_of, practices_to_rejudge, rules_visible_to, would_wait

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

States = Practice.Confidence


def about_mail(cast: Cast) -> Practice:
    """Validated by three organizations, of the gateway, tagged smtp."""
    practice = validated(cast)
    Practice.objects.update(product=cast.products["mail-gateway"])
    practice.tags.add(Tag.objects.get_or_create(slug="smtp")[0])
    return fresh(practice)


def judge_marked() -> int:
    return sum(rejudge_marked(practice_id=pk) for pk in practices_to_rejudge())


def rule(cast: Cast, **given: object) -> Governance:
    defaults = {"by": cast.nia, "space": None, "product": cast.products["mail-gateway"], "mode": "compliance"}
    return set_governance(**{**defaults, "reason": "The auditors ask for it.", **given})  # type: ignore[arg-type]


def test_approval_takes_the_place_of_what_organizations_say(cast: Cast) -> None:
    practice = about_mail(cast)
    rule(cast, keepers=[cast.zoe])
    assert fresh(practice).rejudge
    assert judge_marked() == 1
    assert judge_marked() == 0
    assert fresh(practice).confidence == States.NOT_VALIDATED
    say_verdict(by=cast.mo, practice=practice, kind="worked")
    assert fresh(practice).confidence == States.NOT_VALIDATED
    with pytest.raises(Forbidden):
        edit_practice(by=cast.ben, practice=practice, fields={"cause": "x"}, version=1)
    review = start_review(by=cast.zoe, practice=practice)
    decide_review(by=cast.zoe, review=review, outcome="approved", version=fresh(practice).version)
    assert (fresh(practice).confidence, fresh(practice).basis) == (States.VALIDATED, "approved")
    say_verdict(by=cast.finn, practice=practice, kind="dangerous", note="It made things worse here.")
    assert fresh(practice).confidence == States.NOT_VALIDATED
    say_verdict(by=cast.finn, practice=practice, kind="worked")
    rule(cast, mode="experience")
    judge_marked()
    assert (fresh(practice).confidence, fresh(practice).basis) == (States.VALIDATED, "computed")
    assert not governance_of(fresh(practice)).keepers


def test_any_rule_that_wants_approval_wins_and_keepers_add_up(cast: Cast) -> None:
    practice = about_mail(cast)
    smtp = Tag.objects.get(slug="smtp")
    rule(cast, mode="experience")
    assert governance_of(practice).mode == "experience"
    rule(cast, space=cast.spaces["alliance"], keepers=[cast.zoe])
    assert governance_of(practice).mode == "experience", "another space"
    rule(cast, space=cast.spaces["lobby"], keepers=[cast.zoe], by=cast.cleo)
    rule(cast, product=None, tag=smtp, keepers=[cast.finn])
    assert governance_of(practice) == ("compliance", frozenset({cast.zoe.pk, cast.finn.pk}))
    practice.tags.clear()
    assert governance_of(practice).keepers == {cast.zoe.pk}
    rule(cast, space=cast.spaces["lobby"], keepers=[], by=cast.cleo)
    assert governance_of(practice) == ("compliance", frozenset())


def test_who_sets_rules(cast: Cast) -> None:
    gateway, smtp = cast.products["mail-gateway"], Tag.objects.create(slug="smtp")
    gateway.vendor = cast.organizations["acme"]
    gateway.save()
    for name in ("ada", "zoe", "cleo", "finn", "mo"):
        with pytest.raises(Forbidden):
            rule(cast, by=cast.people[name])
    rule(cast, by=cast.olga)
    with pytest.raises(Forbidden):
        rule(cast, by=cast.olga, product=None, tag=smtp)
    with pytest.raises(Forbidden):
        rule(cast, by=cast.olga, space=cast.spaces["lobby"])
    with pytest.raises(NotThere):
        rule(cast, by=cast.finn, space=cast.spaces["alliance"])
    rule(cast, by=cast.cleo, space=cast.spaces["alliance"])
    Grant.objects.filter(member=cast.cleo).delete()
    with pytest.raises(Forbidden):
        rule(cast, by=Member.objects.get(pk=cast.cleo.pk), space=cast.spaces["lobby"])


def test_rules_are_checked_and_said_once(cast: Cast) -> None:
    for wrong in (
        {"product": None}, {"tag": Tag.objects.create(slug="smtp")}, {"mode": "strict"}, {"reason": " "},
        {"keepers": [cast.sam]}, {"keepers": [cast.finn], "space": cast.spaces["alliance"]},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            rule(cast, **wrong)
    first = rule(cast, keepers=[cast.zoe])
    again = rule(cast, keepers=[cast.zoe], reason="Said again.")
    assert again == first
    assert Governance.objects.get().reason == "The auditors ask for it."


def test_the_page_counts_what_would_wait_for_approval(cast: Cast) -> None:
    about_mail(cast)
    would_be = Governance(space=None, product=cast.products["mail-gateway"], mode="compliance")
    assert would_wait(cast.zoe, would_be) == 1
    Practice.objects.update(audience="organization")
    assert would_wait(cast.zoe, would_be) == 0
    made = rule(cast, space=cast.spaces["alliance"])
    assert [each.row for each in rules_visible_to(cast.zoe)] == [made]
    assert rules_visible_to(cast.finn) == []
    assert [each.may_set for each in rules_visible_to(cast.cleo)] == [True]


def test_the_page_of_rules_is_for_all_and_its_form_for_those_who_set_some(cast: Cast) -> None:
    about_mail(cast)
    client = Client()
    assert client.login(username="cleo@example.org", password=PASSWORD)
    typed = {"product": cast.products["mail-gateway"].pk, "space": "lobby", "mode": "compliance", "reason": "Audited.",
             "keepers": "zoe", "tag": ""}  # fmt: skip
    page = client.post("/archive/governance/", typed)
    assert "1 practice that you see is validated now" in page.content.decode()
    assert not Governance.objects.exists()
    assert client.post("/archive/governance/", {**typed, "confirmed": "yes"}).status_code == 302
    assert client.post("/archive/governance/", {**typed, "space": ""}).status_code == 422
    assert client.post("/archive/governance/", {**typed, "tag": "nothing"}).status_code == 422
    shown = client.get(f"/archive/governance/?rule={Governance.objects.get().pk}").content.decode()
    assert "Zoe Nakamura" in shown
    assert 'value="zoe"' in shown
    assert client.login(username="finn@example.org", password=PASSWORD)
    seen = client.get("/archive/governance/").content.decode()
    assert "Mail Gateway" in seen
    assert "Set a rule" not in seen
    client.post("/archive/governance/", {**typed, "confirmed": "yes", "mode": "experience"})
    assert Governance.objects.get().mode == "compliance"
