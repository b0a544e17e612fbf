"""Resolving a thread with what fixed it, and reopening it."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid
from community.events import action
from community.models import Member
from community.rules import clock
from threads.actions.curation import follow_resolution
from threads.actions.ending import end_asking
from threads.actions.index_work import put_moved
from threads.actions.indexing import index_thread
from threads.actions.locking import lock_record, lock_thread
from threads.actions.records import write_record
from threads.actions.telling import note_in_timeline, tell, tell_author, tell_followers
from threads.actions.thread_rewards import reward, take_rewards_back
from threads.actions.uses import loosen_solved
from threads.actions.wip import finish_practice
from threads.facts.threads import REOPENED, SOLVED, THREAD_REOPENED, THREAD_RESOLVED, YOUR_SOLUTION
from threads.models import Post, Resolution, Thread
from threads.policies.rights import is_removed
from threads.policies.threads import may_reopen, may_reply, may_resolve
from threads.rules.limits import FIELD_LENGTH, SUMMARY_LENGTH
from threads.rules.texts import cleaned


@action
def resolve(
    *,
    by: Member,
    thread: Thread,
    posts: Sequence[Post] = (),
    summary: str = "",
    record: Mapping[str, str] | None = None,
    record_version: int | None = None,
) -> Resolution:
    """Say that a thread is resolved: by the posts that solved it, a summary of what fixed it, or its record's
    resolution.

    The authors of the posts earn standing, and those who answered a request for help in time. Raises Invalid when none
    of the three says what fixed it, Conflict when `record_version` is given and somebody wrote since in a field of the
    record that this changes as well.
    """
    thread = lock_thread(thread)
    if not may_resolve(by, thread):
        raise Forbidden("may_not_resolve", _("The asker, the owner, moderators and curators resolve a thread."))
    if not thread.is_unresolved:
        raise Conflict("not_open", _("This thread is not open."))
    solutions = _solutions(thread, posts)
    if record:
        _write(thread, record, by=by, version=record_version)
    summary = cleaned("summary", summary, most=SUMMARY_LENGTH)
    fix = summary or cleaned("resolution", (record or {}).get("resolution", ""), most=FIELD_LENGTH)[:SUMMARY_LENGTH]
    if not solutions and not fix:
        raise Invalid({"summary": _("Mark the post that solved it, or write what fixed it.")})
    resolution = Resolution.objects.create(
        thread=thread, has_solution=bool(solutions), summary=summary or ("" if solutions else fix),
        resolved_by=by, resolved_at=clock.now(),
    )  # fmt: skip
    resolution.posts.set(solutions)
    _set_status(thread, Thread.Status.RESOLVED)
    finish_practice(thread, by=by)
    follow_resolution(thread, by=by)
    index_thread(thread)
    put_moved("thread", thread.pk, ["status"])
    _tell_resolved(thread, resolution, solutions, by=by)
    end_asking(thread, by=by)
    reward(thread, solutions, by=by)
    return resolution


def _write(thread: Thread, record: Mapping[str, str], *, by: Member, version: int | None) -> None:
    """Write the record with the resolution; who lost the pen may resolve, and give back what the record says."""
    before = lock_record(thread).version
    after = write_record(thread, record, by=by, version=version, together=True)
    if after.version != before and not (may_reply(by, thread) and not is_removed(by, thread)):
        raise Forbidden("may_not_write_record")


def _solutions(thread: Thread, posts: Sequence[Post]) -> list[Post]:
    wanted = {post.pk for post in posts}
    found = list(
        Post.objects.filter(pk__in=wanted, thread=thread, deleted_at__isnull=True, number__gt=1).order_by("number")
    )
    if len(found) != len(wanted):
        raise Invalid({"posts": _("Choose replies of this thread that are not deleted.")})
    return found


def _set_status(thread: Thread, status: str) -> None:
    thread.status = status
    thread.last_activity_at = clock.now()
    thread.version += 1
    thread.save(update_fields=["status", "last_activity_at", "version"])


def _tell_resolved(thread: Thread, resolution: Resolution, solutions: list[Post], *, by: Member) -> None:
    data = {
        "status": thread.status,
        "posts": [post.pk for post in solutions],
        "summary": resolution.summary,
        "version": thread.version,
    }
    shown = {"posts": [post.number for post in solutions], "summary": resolution.summary}
    note_in_timeline(thread, THREAD_RESOLVED, by=by, data=shown)
    tell(thread, THREAD_RESOLVED, by=by, data=data)
    authors = {post.author_id for post in solutions}
    for post in solutions:
        tell_author(post, YOUR_SOLUTION, by=by)
    tell_followers(thread, SOLVED, by=by, target=f"resolution:{resolution.pk}", besides=authors)


@action
def reopen(*, by: Member, thread: Thread, reason: str = "") -> Thread:
    """Open a resolved thread again. Its resolution stays in the history; what it earned is taken back."""
    thread = lock_thread(thread)
    if not may_reopen(by, thread):
        raise Forbidden("may_not_reopen", _("The asker, the owner, moderators and curators reopen a thread."))
    if thread.status != Thread.Status.RESOLVED:
        raise Conflict("not_resolved", _("This thread is not resolved."))
    resolution = Resolution.objects.select_for_update().get(thread=thread, reopened_at__isnull=True)
    resolution.reopened_by, resolution.reopened_at = by, clock.now()
    resolution.reopen_reason = cleaned("reason", reason, most=SUMMARY_LENGTH)
    resolution.save(update_fields=["reopened_by", "reopened_at", "reopen_reason"])
    solutions = list(resolution.posts.order_by("author_id", "number"))
    take_rewards_back(thread, solutions)
    _set_status(thread, Thread.Status.OPEN)
    loosen_solved(thread, by=by)
    follow_resolution(thread, by=by)
    index_thread(thread)
    put_moved("thread", thread.pk, ["status"])
    data = {"status": thread.status, "posts": [post.pk for post in solutions], "version": thread.version}
    note_in_timeline(thread, THREAD_REOPENED, by=by, data={"reason": resolution.reopen_reason})
    tell(thread, THREAD_REOPENED, by=by, data={**data, "reason": resolution.reopen_reason})
    tell_followers(thread, REOPENED, by=by, target=f"reopening:{resolution.pk}")
    return thread
