"""The demo content: it loads into an empty database once, shows every feature, and keeps to its audiences."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from community.models import Assignment, Center, Event, Grant, InboxItem, Member, Organization, Reach, Space
from community.queries.inbox import inbox_of, unread_count
from community.queries.spaces import spaces_visible_to
from community.rules import clock
from reputation.facts.patterns import PATTERNS
from reputation.models import Award, CareerRecord, Certificate, Flag, Kudos, Mentoring, Skill, Vote
from reputation.policies.patterns import may_review_patterns
from reputation.queries.badges import earned_badges_of
from reputation.queries.flags import flags_listed
from reputation.queries.privileges import held_by
from reputation.rules.privileges import Privilege
from tests.cast import make_cast
from threads.importers.demo.loader import KNOWN, PASSWORD
from threads.models import (
    Attachment,
    Deflection,
    Following,
    Guest,
    HandOver,
    Helper,
    HelpRequest,
    Meeting,
    Post,
    PostRevision,
    Practice,
    PracticeVersion,
    ReadPosition,
    Relation,
    Resolution,
    Run,
    RunStep,
    Thread,
    TimelineEntry,
    WorkingRecord,
)
from threads.queries.archive import practices_visible_to
from threads.queries.bulletins import bulletins_visible_to
from threads.queries.rows import waiting_on
from threads.queries.since import since
from threads.queries.threads import threads_visible_to

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The demo, loaded once for the tests that only look at it; what the command said."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield said()
        transaction.set_rollback(True)


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("load_demo", *arguments, stdout=out)
    return out.getvalue()


def member(handle: str) -> Member:
    return Member.objects.select_related("organization").get(handle=handle)


def thread(start: str) -> Thread:
    return Thread.objects.get(title__startswith=start)


def counts() -> dict[str, int]:
    models = (Member, Organization, Space, Thread, Post, Vote, Award, Event, InboxItem, Practice, Attachment, Grant)
    return {model.__name__: model._default_manager.count() for model in models}


def test_a_database_with_members_of_its_own_is_refused_and_left_alone() -> None:
    make_cast()
    before = counts()
    with pytest.raises(CommandError, match="members of its own"):
        said()
    assert counts() == before
    assert said("--show") == ""


def test_an_empty_database_gets_it_and_a_second_run_changes_nothing(demo: str) -> None:
    assert "18 threads" in demo
    before = counts()
    assert "nothing was changed" in said()
    assert counts() == before


@pytest.mark.usefixtures("demo")
class TestPeople:
    def test_the_sign_ins_shown_are_real(self) -> None:
        shown = said("--show")
        for handle in KNOWN:
            person = member(handle)
            assert f"{person.email}" in shown
            assert person.check_password(PASSWORD)
            assert person.is_active
        assert PASSWORD in shown

    def test_the_network_has_several_organizations_of_different_kinds_in_many_zones(self) -> None:
        assert set(Organization.objects.values_list("kind", flat=True)) == {"member", "vendor"}
        assert Organization.objects.count() >= 5
        assert len(set(Center.objects.values_list("time_zone", flat=True))) >= 8
        assert Member.objects.count() >= 20
        assert Assignment.objects.filter(ends_on__isnull=False).exists()
        assert member("ada").organization == member("olga").organization != member("zoe").organization
        assert member("nia").is_superuser

    def test_everybody_known_finds_something_to_do_or_to_read(self) -> None:
        assert [one.title for one in waiting_on(member("ada")).things()]
        assert unread_count(member("ada")) >= 3
        kinds = {notice.kind.name for group in inbox_of(member("ada")).groups for notice in group.notices}
        assert {"mention", "reply", "standing-earned", "solution"} <= kinds
        for handle in set(KNOWN) - {"nia"}:
            assert inbox_of(member(handle)).groups, handle
        assert earned_badges_of(member("ben"))


@pytest.mark.usefixtures("demo")
class TestContent:
    def test_threads_are_in_every_state(self) -> None:
        assert set(Thread.objects.values_list("status", flat=True)) == set(Thread.Status.values)
        assert set(Thread.objects.values_list("severity", flat=True)) == {1, 2, 3, 4}
        assert set(Thread.objects.values_list("audience", flat=True)) == {"space", "organization", "organizations"}
        assert set(Space.objects.values_list("audience", flat=True)) == set(Space.Audience.values)
        assert Thread.objects.filter(owner__isnull=False, next_action_due__gt=clock.now()).exists()
        assert Thread.objects.filter(owner=None, status="open").exists()
        assert Thread.objects.filter(product_version__isnull=False).exists()

    def test_a_playbook_was_gone_through_and_one_is_being(self) -> None:
        assert set(Run.objects.values_list("state", flat=True)) == {"running", "finished"}
        assert RunStep.objects.filter(state="failed").exclude(note="").exists()

    def test_people_thank_each_other_in_words(self) -> None:
        assert Kudos.objects.filter(receiver__handle="ben").count() == 2
        assert Kudos.objects.exclude(about="").count() == 5

    def test_threads_are_short_and_long_and_busy_until_minutes_ago(self) -> None:
        lengths = sorted(Thread.objects.values_list("last_number", flat=True))
        assert (lengths[0], lengths[-1]) == (1, 34)
        newest = Thread.objects.latest("last_activity_at").last_activity_at
        assert timedelta(0) < clock.now() - newest < timedelta(minutes=30)

    def test_nothing_happens_in_the_future_or_out_of_order(self) -> None:
        assert not Post.objects.filter(created_at__gt=clock.now()).exists()
        for one in Thread.objects.all():
            times = list(one.posts.order_by("number").values_list("created_at", flat=True))
            assert times == sorted(times)

    def test_resolutions_have_one_post_several_posts_or_a_summary_and_one_was_reopened_and_resolved_again(self) -> None:
        sizes = {resolution.posts.count() for resolution in Resolution.objects.all()}
        assert sizes == {0, 1, 2}
        again = thread("Tetherline 4.9.0")
        assert [bool(one.reopened_at) for one in again.resolutions.order_by("id")] == [True, False]
        assert again.status == Thread.Status.RESOLVED

    def test_posts_show_what_posts_can_do(self) -> None:
        html = "\n".join(Post.objects.values_list("html", flat=True))
        for part in ("<table>", "<blockquote>", 'class="mention"', 'class="highlight"', "<img ", "<ol>", "/threads/"):
            assert part in html, part
        assert Post.objects.filter(parent__isnull=False).count() >= 10
        assert Post.objects.filter(deleted_at__isnull=False, deleted_by=member("mo")).exists()
        assert PostRevision.objects.filter(number=2).exclude(reason="").exists()
        assert {"image/png", "text/plain"} <= set(Attachment.objects.values_list("content_type", flat=True))
        assert not Attachment.objects.filter(thread=None).exists()

    def test_no_markdown_is_left_over_in_the_text(self) -> None:
        for post in Post.objects.all():
            words = _Words()
            words.feed(post.html)
            assert not re.search(r"\*\*|```|\]\(|^#+ |^\|", words.text), (post.thread.title, post.number)

    def test_the_archive_has_every_confidence_and_versions(self) -> None:
        assert set(Practice.objects.values_list("confidence", flat=True)) == set(Practice.Confidence.values)
        assert Practice.objects.count() >= 7
        assert PracticeVersion.objects.filter(number__gt=1).exclude(reason="").exists()
        assert all(practice.problem and practice.resolution for practice in Practice.objects.all())
        assert Deflection.objects.filter(chosen__startswith="practice:").exists()

    def test_the_rest_is_shown_too(self) -> None:
        assert set(Relation.objects.values_list("kind", flat=True)) == {"duplicate", "related"}
        assert WorkingRecord.objects.filter(version__gt=0).count() >= 5
        assert Vote.objects.count() >= 80
        assert Following.objects.count() >= 50
        assert TimelineEntry.objects.count() >= 30
        assert Award.objects.filter(reverses__isnull=False).exists()


@pytest.mark.usefixtures("demo")
class TestAudiences:
    def test_an_organizations_own_thread_is_seen_by_it_and_its_guest_alone(self) -> None:
        labels = thread("Specimen labels")
        seers = {one.handle for one in Member.objects.all() if labels in threads_visible_to(one)}
        assert seers == {"ada", "olga", "tomas", "imre", "noor", "nia", "sione"}

    def test_a_thread_for_named_organizations_is_seen_by_those(self) -> None:
        lag = thread("Replication Oslo")
        seers = {one.organization.slug for one in Member.objects.all() if lag in threads_visible_to(one)}
        assert seers == {"fjellbro", "lumenhof", "network"}

    def test_a_competitor_sees_neither_the_clinical_space_nor_its_practices(self) -> None:
        zoe = member("zoe")
        assert not spaces_visible_to(zoe).filter(slug__in=["clinical-systems", "major-incidents"]).exists()
        assert not threads_visible_to(zoe).filter(space__slug="clinical-systems").exists()
        assert not practices_visible_to(zoe).filter(title__startswith="Claimward").exists()
        assert practices_visible_to(member("ada")).filter(title__startswith="Claimward").exists()

    def test_nobody_was_told_of_what_they_may_not_see(self) -> None:
        for item in InboxItem.objects.select_related("member"):
            if item.kind in {"kudos", "standing-earned", "standing-lost", "badge"}:
                assert item.subject in {f"{noun}:{item.member_id}" for noun in ("thanks", "standing", "badges")}
                continue
            if item.kind == PATTERNS.name:
                assert may_review_patterns(item.member)
                continue
            noun, _colon, pk = item.subject.partition(":")
            if noun == "mentoring":
                row = Mentoring.objects.get(pk=int(pk))
                assert item.member in (row.learner, row.mentor)
                continue
            things = {"thread": threads_visible_to, "practice": practices_visible_to, "bulletin": bulletins_visible_to}[
                noun
            ](item.member)
            assert things.filter(pk=int(pk)).exists(), (item.member, item.kind)


class _Words(HTMLParser):
    """The text of HTML outside code."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._code = 0

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        self._code += tag in {"code", "pre"}

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in {"code", "pre"}

    def handle_data(self, data: str) -> None:
        self.text += "" if self._code else data


@pytest.mark.usefixtures("demo")
class TestSwarm:
    def test_people_say_what_they_know_and_when_they_can_be_asked(self) -> None:
        assert set(Reach.objects.values_list("state", flat=True)) >= {"hours", "busy", "away"}
        assert set(Reach.objects.values_list("outside", flat=True)) == set(Reach.Outside.values)
        assert set(Skill.objects.values_list("level", flat=True)) == set(Skill.Level.values)
        assert Skill.objects.filter(wants_to_learn=True).exists()
        assert {row.confirmed_at is None for row in Certificate.objects.all()} == {True, False}
        assert Certificate.objects.filter(expires_on__lt=clock.now().date()).exists()

    def test_a_request_was_answered_and_another_is_open(self) -> None:
        assert set(HelpRequest.objects.values_list("state", flat=True)) == {"answered", "open"}
        assert Helper.objects.filter(member__handle="kofi", invited_by__handle="mei").exists()

    def test_a_call_is_written_down_and_a_note_waits_for_the_next_shift(self) -> None:
        assert Meeting.objects.get().attendees.count() == 3
        assert HandOver.objects.get().state == HandOver.State.OFFERED

    def test_a_guest_helps_in_a_thread_that_is_closed_to_everybody_else_of_their_organization(self) -> None:
        guest = Guest.objects.get()
        assert guest.member.organization != guest.thread.organization
        assert guest.thread in threads_visible_to(guest.member)
        colleagues = Member.objects.filter(organization=guest.member.organization).exclude(pk=guest.member.pk)
        assert not any(threads_visible_to(each).filter(pk=guest.thread_id).exists() for each in colleagues)
        assert Helper.objects.filter(thread=guest.thread, member=guest.member, until=None).exists()

    def test_somebody_comes_back_to_something_new(self) -> None:
        zoe = member("zoe")
        news = [since(zoe, place.thread) for place in ReadPosition.objects.filter(member=zoe).select_related("thread")]
        assert any(found.posts for found in news)
        assert any(found.entries for found in news)


def test_some_took_a_record_of_their_contributions(demo: str) -> None:
    takers = CareerRecord.objects.filter(withdrawn_at=None).values_list("member__handle", flat=True)
    assert sorted(map(str, takers)) == ["ada", "ben"]


@pytest.mark.usefixtures("demo")
class TestStanding:
    def test_somebody_earned_privileges_and_lacks_one(self) -> None:
        held = {row.privilege for row in held_by(member("ben")) if "tag:mail-flow" in row.scopes}
        assert held == set(Privilege) - {Privilege.VALIDATE}

    def test_somebody_learns_and_somebody_else_asks_to(self) -> None:
        found = Mentoring.objects.filter(mentor__handle="ben").values_list("learner__handle", "state")
        assert set(found) == {("tomas", "running"), ("ada", "asked")}
        assert Award.objects.filter(member__handle="ben", rule=Award.Rule.MENTORING).count() == 1

    def test_moderators_are_shown_one_pattern(self) -> None:
        (flag,) = flags_listed(member("mo"), state=Flag.State.OPEN, before=0, limit=9)
        assert set(flag.members.values_list("handle", flat=True)) == {"ben", "devika"}
