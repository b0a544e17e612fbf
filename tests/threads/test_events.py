"""State plus events equals fresh state: whoever applies what a stream tells to what they had, has what is there now.

`seen` is what a client shows of a thread; `apply` is all a client has to know of each kind of event.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from community.actions.inbox import mark_read
from community.events import member_stream, thread_stream
from community.events.reading import event_data, missed, newest_number
from community.facts.kinds import declared_kinds
from community.models import Member
from community.queries.inbox import unread_count
from community.rules import clock
from reputation.models import Standing
from tests.cast import Cast
from tests.threads.asking import everybody_works
from tests.threads.practicing import practice_after, practice_seen
from threads.actions.guests import end_guest, let_in, widen
from threads.actions.helpers import join, leave_swarm, remove_helper
from threads.actions.ownership import answer_hand_over, hand_over, leave, take
from threads.actions.posts import delete_post, edit_post, post_reply, restore_post
from threads.actions.practices import edit_practice, record_practice
from threads.actions.records import save_record
from threads.actions.relations import relate
from threads.actions.requests import answer, ask_for_help, inform, pass_on, withdraw_request
from threads.actions.resolution import reopen, resolve
from threads.actions.threads import edit_thread, open_thread, plan
from threads.actions.verdicts import say_verdict
from threads.actions.votes import vote
from threads.actions.wip import start_practice
from threads.models import (
    Guest,
    HandOver,
    Helper,
    HelpRequest,
    Post,
    Practice,
    Product,
    ProductVersion,
    Relation,
    Resolution,
    Thread,
    WorkingRecord,
)
from threads.queries.guests import preview_for, preview_of_widening
from threads.rendering.fragments import post_fragment

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

State = dict[str, Any]
# Told by acts with tests of their own; no page keeps a state of them.
TOLD_ELSEWHERE = {"meeting.logged", "meeting.deleted", "practice.applied"}


def seen(thread: Thread) -> State:
    """What a client shows of a thread, freshly read."""
    thread = Thread.objects.select_related("product", "product_version", "owner", "next_action_by").get(pk=thread.pk)
    resolution = Resolution.objects.filter(thread=thread, reopened_at__isnull=True).first()
    solutions = set(resolution.posts.values_list("pk", flat=True)) if resolution else set()
    posts = Post.objects.filter(thread=thread).select_related("author", "organization")
    record = WorkingRecord.objects.get(thread=thread)
    practice = Practice.objects.filter(thread=thread).first()
    owner, who, due = thread.owner, thread.next_action_by, thread.next_action_due
    return {
        "posts": {post.pk: str(post_fragment(post, is_solution=post.pk in solutions)) for post in posts},
        "reply_count": thread.reply_count,
        "facts": {
            "title": thread.title,
            "status": thread.status,
            "severity": thread.severity,
            "product": thread.product.name if thread.product else None,
            "product_version": thread.product_version.name if thread.product_version else None,
            "environment": thread.environment,
            "tags": sorted(thread.tags.values_list("slug", flat=True)),
            "relations": Relation.objects.filter(thread=thread).count(),
        },
        "owner": {"handle": owner.handle, "name": owner.name} if owner else None,
        **swarm_seen(thread),
        "next_action": {
            "what": thread.next_action,
            "who": {"handle": who.handle, "name": who.name} if who else None,
            "due": due.isoformat() if due else None,
        },
        "record": {"version": record.version, "fields": record.fields},
        "practice": practice_seen(practice) if practice else None,
    }


def swarm_seen(thread: Thread) -> State:
    """What a client shows of the swarm."""
    helpers = Helper.objects.filter(thread=thread, until=None).order_by("since", "pk").select_related("member")
    requests = HelpRequest.objects.filter(thread=thread)
    # What nobody was asked by is told when somebody is.
    asked = {
        row.pk: {each.member.handle: each.answer for each in row.asked.select_related("member")}
        for row in requests
        if row.asked.exists()
    }
    offered = HandOver.objects.filter(thread=thread, state="offered").first()
    named = thread.audience_organizations.order_by("name").values_list("name", flat=True)
    return {
        "helpers": [{"handle": row.member.handle, "name": row.member.name} for row in helpers],
        "requests": {row.pk: row.state for row in requests if row.pk in asked},
        "asked": asked,
        "hand_over": offered.pk if offered else None,
        "audience": thread.audience,
        "organizations": list(named) if thread.audience == "organizations" else [],
        "guests": Guest.objects.filter(thread=thread, until=None).count(),
    }


def apply(state: State, event: State) -> State:
    """The state after an event."""
    new = {**state, "posts": dict(state["posts"]), "facts": dict(state["facts"])}
    kind, data = event["kind"], event["data"]
    if kind.startswith("post."):
        apply_to_post(new, kind, data, event.get("html", ""))
    elif kind in {"thread.resolved", "thread.reopened"}:
        new["facts"]["status"] = data["status"]
        for pk in data["posts"]:
            new["posts"][pk] = marked(new["posts"][pk], solves=kind == "thread.resolved")
    elif kind == "thread.changed":
        new["facts"] |= data["changes"]
    elif kind == "swarm.changed":
        new |= {name: data[name] for name in ("owner", "next_action", "helpers")}
    elif kind.startswith(("help.", "hand_over.", "audience.")):
        apply_to_swarm(new, kind, data)
    elif kind == "record.saved":
        new["record"] = {"version": data["version"], "fields": data["fields"]}
    elif kind.startswith("practice."):
        new["practice"] = practice_after(new["practice"], kind, data)
    return new


def apply_to_swarm(new: State, kind: str, data: State) -> None:
    request = data.get("request")
    asked = new["asked"] = {pk: dict(answers) for pk, answers in new["asked"].items()}
    requests = new["requests"] = dict(new["requests"])
    if kind == "help.asked":
        requests[request] = "open"
        asked.setdefault(request, {}).update({each["handle"]: "" for each in data["members"]})
    elif kind == "help.answered":
        asked[request][data["member"]["handle"]] = data["answer"]
    elif kind == "help.ended" and request in asked:
        requests[request] = data["state"]
        undecided = {"", "more_information"}
        asked[request] = {who: "withdrawn" if said in undecided else said for who, said in asked[request].items()}
    elif kind.startswith("hand_over."):
        new["hand_over"] = data["hand_over"] if kind == "hand_over.offered" else None
    elif kind == "audience.widened":
        new |= {name: data[name] for name in ("audience", "organizations", "guests")}


def apply_to_post(new: State, kind: str, data: State, html: str) -> None:
    pk = data["post"]
    if kind == "post.voted":
        new["posts"][pk] = counted(new["posts"][pk], data["helped"])
        return
    was_solution = "is-solution" in new["posts"].get(pk, "")
    new["posts"][pk] = marked(html, solves=was_solution and "is-deleted" not in html)
    new["reply_count"] = data["reply_count"]
    new["facts"] |= {name: data[name] for name in ("status", "title") if name in data}


def marked(html: str, *, solves: bool) -> str:
    bare = re.sub(r'(<article class="[^"]*?) is-solution', r"\1", html, count=1)
    return re.sub(r'(<article class="post(?: note)?)', r"\1 is-solution", bare, count=1) if solves else bare


def counted(html: str, helped: int) -> str:
    html = re.sub(r'data-votes="\d+"', f'data-votes="{helped}"', html)
    return re.sub(r"(data-votes-count>)\d+", rf"\g<1>{helped}", html)


class Story:
    """Everything that can happen in a thread, step by step, and what a client had seen before each step."""

    def __init__(self, cast: Cast, audience: str = "space") -> None:
        self.cast = cast
        lobby = cast.spaces["lobby"]
        self.thread = open_thread(
            by=cast.ada, space=lobby, title="Mail is slow", body="Since Sunday.", tags=["mail"], audience=audience
        )
        self.other = open_thread(by=cast.ada, space=lobby, title="Mail is lost", body="Since Monday.")
        self.snapshots: list[tuple[int, State]] = []
        self.followed: list[tuple[State, State]] = []

    def do(self, step: Callable[..., Any], **arguments: Any) -> Any:
        """One step, after remembering what was seen until then; `followed` is what who heard it has, and what is."""
        number, state = newest_number(thread_stream(self.thread.pk)), seen(self.thread)
        self.snapshots.append((number, state))
        made = step(**arguments)
        self.followed.append((self.catch_up(number, state), seen(self.thread)))
        return made

    def catch_up(self, number: int, state: State) -> State:
        """What a client that had `state` at `number` has after hearing all that followed."""
        for event in missed(thread_stream(self.thread.pk), number).events:
            state = apply(state, event_data(event))
        return state

    def kinds(self) -> set[str]:
        """Every kind that the story tells."""
        return {event.kind for event in missed(thread_stream(self.thread.pk), 0).events}


def swarm_story(story: Story) -> None:
    """Ben owns the thread, and does again in the end."""
    cast, thread, do = story.cast, story.thread, story.do
    everybody_works(cast)
    do(join, by=cast.zoe, thread=thread)
    do(leave_swarm, by=cast.zoe, thread=thread)
    due = clock.now() + timedelta(hours=8)
    given: dict[str, Any] = {"by": cast.ada, "thread": thread, "what": "A look, please.", "due_at": due}
    named = [cast.zoe, cast.finn, cast.olga]
    request = do(ask_for_help, **given, target="members", members=named, wanted=2, at_once=2)
    asked = {row.member.handle: row for row in request.asked.select_related("member")}
    do(answer, by=cast.zoe, asked=asked["zoe"], answer="more_information", note="Which log?")
    do(inform, by=cast.ada, asked=asked["zoe"], text="The mail log.")
    do(answer, by=cast.zoe, asked=asked["zoe"], answer="accepted")
    do(answer, by=cast.finn, asked=asked["finn"], answer="declined", note="No time.")
    do(remove_helper, by=cast.ben, thread=thread, member=cast.zoe)
    with clock.at(due):
        do(pass_on, asked_id=request.asked.get(member=cast.olga).pk)
    request = do(ask_for_help, **given, target="members", members=[cast.cleo])
    do(withdraw_request, by=cast.ada, request=request)
    offered = do(hand_over, by=cast.ben, thread=thread, summary="Everything is in the first two replies.", to=cast.cleo)
    do(answer_hand_over, by=cast.cleo, hand_over=offered, accepts=False)
    do(hand_over, by=cast.ben, thread=thread, summary="Everything is in the first two replies.")
    do(take, by=cast.cleo, thread=thread)
    do(leave, by=cast.cleo, thread=thread)
    do(take, by=cast.ben, thread=thread)
    do(leave_swarm, by=cast.ben, thread=thread)


def opening_story(cast: Cast) -> Story:
    """A thread of one organization that is opened: to a guest, who helps and is asked, and to everybody."""
    story = Story(cast, audience="organization")
    thread, do = story.thread, story.do
    everybody_works(cast)
    do(let_in, by=cast.ada, thread=thread, member=cast.zoe, preview=preview_for(thread, cast.zoe).digest)
    do(join, by=cast.zoe, thread=thread)
    do(take, by=cast.zoe, thread=thread)
    do(let_in, by=cast.ada, thread=thread, member=cast.finn, preview=preview_for(thread, cast.finn).digest)
    due = clock.now() + timedelta(hours=8)
    do(ask_for_help, by=cast.ada, thread=thread, what="A look.", due_at=due, target="members", members=[cast.finn])
    do(end_guest, by=cast.ada, thread=thread, member=cast.finn)
    do(end_guest, by=cast.zoe, thread=thread, member=cast.zoe)
    brightline = [cast.organizations["brightline"]]
    shown = preview_of_widening(thread, "organizations", brightline).digest
    do(widen, by=cast.ada, thread=thread, audience="organizations", organizations=brightline, preview=shown)
    thread.refresh_from_db()
    do(widen, by=cast.ada, thread=thread, audience="space", preview=preview_of_widening(thread, "space", []).digest)
    do(start_practice, by=cast.ada, thread=thread)
    return story


def whole_story(cast: Cast) -> Story:
    """A thread from the problem to the archive and back, with every turn on the way."""
    story = Story(cast)
    thread, do = story.thread, story.do
    version = ProductVersion.objects.create(product=cast.products["mail-gateway"], name="7.3.0")
    do(take, by=cast.ben, thread=thread)
    reply = do(post_reply, by=cast.ben, thread=thread, body="Look at the *log*, @ada.")
    note = do(post_reply, by=cast.ada, thread=thread, body="Which one?", parent=reply)
    due = clock.now() + timedelta(hours=4)
    swarm_story(story)
    do(plan, by=cast.ben, thread=thread, what="Send the log", who=cast.ada, due=due)
    do(edit_thread, by=cast.ben, thread=thread, status="waiting", severity=2, environment="Two nodes.")
    do(vote, by=cast.zoe, post=reply, value=True)
    do(vote, by=cast.ada, post=reply, value=True)
    do(vote, by=cast.zoe, post=reply, value=False)
    do(post_reply, by=cast.ada, thread=thread, body="Here it is.")
    do(edit_post, by=cast.ben, post=reply, body="Look at the **DNS** log, @ada.", reason="said more exactly")
    problem = thread.posts.get(number=1)
    do(edit_post, by=cast.ada, post=problem, body="Since the upgrade.", title="Mail is slow since 7.3")
    do(delete_post, by=cast.ada, post=note)
    do(restore_post, by=cast.ada, post=note)
    stray = do(post_reply, by=cast.cleo, thread=thread, body="Wrong thread.")
    do(delete_post, by=cast.mo, post=stray)
    do(edit_thread, by=cast.ada, thread=thread, product=cast.products["mail-gateway"], tags=["dns", "mail"])
    do(edit_thread, by=cast.ada, thread=thread, product_version=version, title="Mail is slow since 7.3.0")
    do(relate, by=cast.ada, thread=thread, other=story.other, kind="related")
    do(save_record, by=cast.cleo, thread=thread, fields={"problem": "Slow mail."})
    do(resolve, by=cast.ada, thread=thread, posts=[reply, note], record={"resolution": "Forward the lookups."})
    do(edit_post, by=cast.ben, post=reply, body="Forward the lookups, @ada @zoe.")
    do(reopen, by=cast.ada, thread=thread, reason="Back again.")
    do(leave, by=cast.ben, thread=thread)
    do(resolve, by=cast.ada, thread=thread, summary="Forwarded, and the cache emptied.")
    practice = do(record_practice, by=cast.cleo, thread=thread)
    do(say_verdict, by=cast.zoe, practice=practice, kind="worked")
    do(say_verdict, by=cast.finn, practice=practice, kind="changes", note="With one node only.")
    do(say_verdict, by=cast.mo, practice=practice, kind="dangerous", note="It made things worse here.")
    do(edit_practice, by=cast.cleo, practice=practice, fields={"resolution": "Wait for the fix."}, version=1)
    do(edit_thread, by=cast.mo, thread=thread, status="closed")
    do(edit_thread, by=cast.mo, thread=thread, status="open")
    return story


@pytest.mark.parametrize("told", [whole_story, opening_story])
def test_state_plus_events_equals_fresh_state_from_every_moment_on(cast: Cast, told: Callable[[Cast], Story]) -> None:
    story = told(cast)
    fresh = seen(story.thread)
    for number, state in story.snapshots:
        assert story.catch_up(number, state) == fresh, f"from event {number} on"


@pytest.mark.parametrize("told", [whole_story, opening_story])
def test_every_single_step_can_be_followed(cast: Cast, told: Callable[[Cast], Story]) -> None:
    for step, (followed, after) in enumerate(told(cast).followed):
        assert followed == after, f"step {step}"


def test_a_deleted_text_is_not_replayed(cast: Cast) -> None:
    story = Story(cast)
    reply = post_reply(by=cast.ben, thread=story.thread, body="The password is xyzzy.")
    edit_post(by=cast.ben, post=reply, body="It is xyzzy, as I said.")
    delete_post(by=cast.mo, post=reply)
    assert "xyzzy" not in "".join(event.html for event in missed(thread_stream(story.thread.pk), 0).events)
    restore_post(by=cast.mo, post=reply)
    assert "xyzzy" in missed(thread_stream(story.thread.pk), 0).events[-1].html


def test_the_story_tells_every_kind_that_a_thread_can_tell(cast: Cast) -> None:
    elsewhere = ("inbox.", "standing.", "badges.", "mentoring.", "thanks.", "doors.", "playbook.")
    of_threads = {kind.name for kind in declared_kinds() if not kind.name.startswith(elsewhere)}
    assert whole_story(cast).kinds() | opening_story(cast).kinds() == of_threads - TOLD_ELSEWHERE


def test_what_is_told_has_its_declared_fields_and_nothing_of_the_viewer(cast: Cast) -> None:
    declared = {kind.name: set(kind.fields) for kind in declared_kinds()}
    story = whole_story(cast)
    for event in missed(thread_stream(story.thread.pk), 0).events:
        assert declared[event.kind] <= event.data.keys()
        assert not {"can", "voted", "unread"} & event.data.keys()


def own(member: Member) -> State:
    """What the frame of every page shows of a member's own affairs."""
    points = Standing.objects.filter(member=member, scope="").values_list("points", flat=True)
    return {"unread": unread_count(member), "points": sum(points)}


def apply_own(state: State, event: State) -> State:
    """A member's own affairs after an event."""
    kind, data = event["kind"], event["data"]
    if kind == "inbox.added":
        return {**state, "unread": state["unread"] + 1}
    if kind == "inbox.read":
        return {**state, "unread": data["unread"]}
    return {**state, "points": data["points"]} if kind == "standing.changed" else state


def test_a_members_own_affairs_can_be_followed_too(cast: Cast) -> None:
    people = [cast.ada, cast.ben, cast.cleo]
    before = {member: own(member) for member in people}
    whole_story(cast)
    mark_read(by=cast.ben)
    kinds = set()
    for member in people:
        state = before[member]
        for event in missed(member_stream(member.pk), 0).events:
            state = apply_own(state, event_data(event))
            kinds.add(event.kind)
        assert state == own(member)
    assert kinds == {"inbox.added", "inbox.read", "standing.changed"}


def test_the_same_text_again_is_no_event(cast: Cast) -> None:
    story = Story(cast)
    reply = post_reply(by=cast.ben, thread=story.thread, body="Same.")
    vote(by=cast.zoe, post=reply, value=True)
    number = newest_number(thread_stream(story.thread.pk))
    edit_post(by=cast.ben, post=reply, body="Same.")
    edit_thread(by=cast.ada, thread=story.thread, title="Mail is slow", tags=["mail"])
    vote(by=cast.zoe, post=reply, value=True)
    save_record(by=cast.ben, thread=story.thread, fields={"problem": ""})
    assert newest_number(thread_stream(story.thread.pk)) == number


def test_a_product_named_by_an_event_is_the_one_that_is_there(cast: Cast) -> None:
    story = Story(cast)
    edit_thread(by=cast.ada, thread=story.thread, product=Product.objects.get())
    event = missed(thread_stream(story.thread.pk), 0).events[-1]
    assert event.data["changes"]["product"] == "Mail Gateway"


def test_opening_a_closed_thread_brings_its_resolution_back_with_it(cast: Cast) -> None:
    story = Story(cast)
    resolve(by=cast.ada, thread=story.thread, summary="It was the cache.")
    edit_thread(by=cast.mo, thread=story.thread, status="closed")
    assert edit_thread(by=cast.mo, thread=story.thread, status="open").status == Thread.Status.RESOLVED
    assert reopen(by=cast.ada, thread=story.thread).status == Thread.Status.OPEN
    assert resolve(by=cast.ada, thread=story.thread, summary="It was the disk.").pk
