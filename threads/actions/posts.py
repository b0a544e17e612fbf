"""Writing, changing, deleting and bringing back posts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from community.actions.inbox import notify
from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action, thread_stream, withdraw_html
from community.facts.kinds import Kind
from community.models import Member
from community.queries.members import members_by_handle
from community.rendering.markdown import mentioned_handles, render
from community.rendering.people import named
from community.rules import clock
from community.rules.rows import insert, save
from reputation.actions.votes import give_votes_again, take_back_votes
from reputation.models import Award
from threads.actions.indexing import index_post, index_reply, unindex_post
from threads.actions.locking import lock_post, lock_post_in, lock_thread
from threads.actions.sending import sent_once
from threads.actions.telling import about, follow_unless_declined, tell, tell_followers
from threads.actions.thread_rewards import settle_answering
from threads.audience import followings_of, mentioned_in
from threads.facts.threads import MENTIONED, POST_CREATED, POST_DELETED, POST_EDITED, POST_RESTORED, REPLIED
from threads.models import Attachment, Post, PostRevision, Thread
from threads.policies.posts import may_add_note, may_delete, may_edit, may_restore
from threads.policies.threads import may_reply, may_see
from threads.queries.attachments import unposted_in
from threads.rendering.fragments import post_fragment
from threads.rendering.source_text import first_revision
from threads.rules.limits import ATTACHMENTS_PER_POST, BODY_LENGTH, NOTE_LENGTH, REASON_LENGTH, TITLE_LENGTH
from threads.rules.texts import cleaned, one_line


@dataclass(frozen=True)
class Text:
    """What is to be posted, rendered: made before anything is locked. `mentioned` are handles of members."""

    body: str
    html: str
    mentioned: list[str]


def text_of(body: str, *, most: int = BODY_LENGTH) -> Text:
    """The text of a new post. Raises Invalid when there is none, or too much."""
    body = cleaned("body", body, most=most, needed=True)
    mentioned = [member.handle for member in members_by_handle(mentioned_handles(body))]
    return Text(body, render(body, handles=mentioned), mentioned)


@sent_once(lambda post: post)
def post_reply(
    *,
    by: Member,
    thread: Thread | int,
    body: str,
    parent: Post | None = None,
    client_id: str | None = None,
    attachments: Sequence[Attachment] = (),
) -> Post:
    """Reply in a thread, or with `parent` put a note under a post. The same `client_id` again returns the same post.

    The thread may be given by its id. Refused in a closed one. Raises NotThere for one that they may not see.
    """
    text = text_of(body, most=NOTE_LENGTH if parent else BODY_LENGTH)
    return _reply(by=by, thread=thread, text=text, parent=parent, client_id=client_id, attachments=attachments)


@action
def _reply(
    *,
    by: Member,
    thread: Thread | int,
    text: Text,
    parent: Post | None,
    client_id: str | None,
    attachments: Sequence[Attachment],
) -> Post:
    thread = lock_thread(thread)
    if not may_see(by, thread):
        raise NotThere("no_thread")
    if not may_reply(by, thread):
        raise Forbidden("may_not_reply", _("This thread takes no more replies."))
    if parent is not None:
        parent = lock_post_in(thread, parent)
        if parent is None or not may_add_note(by, parent):
            raise Conflict("no_note_here", _("A note can only be put under a reply that stands."))
    return add_post(thread, by=by, text=text, parent=parent, client_id=client_id, attachments=attachments)


def add_post(
    thread: Thread,
    *,
    by: Member,
    text: Text,
    parent: Post | None = None,
    client_id: str | None = None,
    attachments: Sequence[Attachment] = (),
) -> Post:
    """Write a post into a locked thread; the caller has judged. Also used for the problem itself, as number 1."""
    post = Post(
        thread=thread, number=thread.last_number + 1, parent=parent, author=by, organization=by.organization,
        body=text.body, html=text.html, created_at=clock.now(), client_id=client_id or None,
    )  # fmt: skip
    insert(post)
    _attach(post, by, attachments)
    _count(thread, post)
    if post.is_problem:
        insert(first_revision(post))
        index_post(post)
    else:
        index_reply(post)
    _tell_created(post, by=by)
    _notify(post, text.mentioned, by=by)
    return post


def _attach(post: Post, by: Member, attachments: Sequence[Attachment]) -> None:
    if not attachments:
        return
    if len(attachments) > ATTACHMENTS_PER_POST:
        raise Invalid({"attachments": _("Attach at most %(most)d files.") % {"most": ATTACHMENTS_PER_POST}})
    own = Attachment.objects.filter(uploader=by, thread__isnull=True)
    own.filter(pk__in=[attachment.pk for attachment in attachments]).update(thread=post.thread, post=post)


def _count(thread: Thread, post: Post) -> None:
    thread.last_number = post.number
    thread.last_activity_at = post.created_at
    thread.last_post_by = post.author
    thread.version += 1
    if post.parent_id is not None:
        Post.objects.filter(pk=post.parent_id).update(note_count=F("note_count") + 1)
    elif not post.is_problem:
        thread.reply_count += 1
    if thread.status == Thread.Status.WAITING and post.author_id == thread.author_id:
        thread.status = Thread.Status.OPEN
    save(thread, "last_number", "last_activity_at", "last_post_by", "version", "reply_count", "status")


def _tell_created(post: Post, *, by: Member) -> None:
    data = {
        "post": post.pk,
        "number": post.number,
        "parent": post.parent_id,
        "author": named(by),
        "reply_count": post.thread.reply_count,
        "status": post.thread.status,
        "client_id": post.client_id,
    }
    tell(post.thread, POST_CREATED, by=by, data=data, html=post_fragment(post))


def _notify(post: Post, handles: Sequence[str], *, by: Member) -> None:
    thread = post.thread
    mentioned = _notify_mentioned(post, handles, by=by)
    if post.is_problem:
        follow_unless_declined(thread, mentioned)
        return
    followings = followings_of(thread)
    follow_unless_declined(thread, {by.pk, *mentioned} - followings.keys())
    tell_followers(thread, REPLIED, by=by, target=f"post:{post.pk}", besides=mentioned, followings=followings)


def _notify_mentioned(post: Post, handles: Collection[str], *, by: Member) -> list[int]:
    recipients = [member.pk for member in mentioned_in(post.thread, handles)] if handles else []
    notify(
        recipients=recipients, kind=MENTIONED, subject=f"thread:{post.thread_id}", target=f"post:{post.pk}", actor=by
    )
    return recipients


@action
def edit_post(
    *, by: Member, post: Post, body: str, title: str | None = None, reason: str = "", version: int | None = None
) -> Post:
    """Change a post, keeping what it said before. `title` changes the thread's, for the problem only.

    Raises Conflict when `version` is given and somebody edited the post since.
    """
    post = lock_post(post)
    if not may_edit(by, post):
        raise Forbidden("only_author_or_moderator")
    if version is not None and version != post.version:
        raise Conflict("edited_meanwhile", _("Somebody edited this post meanwhile. Compare, then save again."))
    body = cleaned("body", body, most=NOTE_LENGTH if post.parent_id else BODY_LENGTH, needed=True)
    title = (
        one_line("title", title, most=TITLE_LENGTH, needed=True)
        if title is not None and post.is_problem
        else post.thread.title
    )
    if body == post.body and title == post.thread.title:
        return post
    _rewrite(post, body, by=by, reason=one_line("reason", reason, most=REASON_LENGTH), title=title)
    return post


def _rewrite(post: Post, body: str, *, by: Member, reason: str, title: str) -> None:
    handles = mentioned_handles(body)
    known = [member.handle for member in members_by_handle(handles)]
    number = _kept_revisions(post) + 1
    new_mentions = set(known) - mentioned_handles(post.body)
    post.body, post.markup, post.html = body, Post.Markup.MARKDOWN, render(body, handles=known)
    post.edited_at = clock.now()
    post.version += 1
    save(post, "body", "markup", "html", "edited_at", "version")
    _attach(post, by, unposted_in(by, body))
    if post.is_problem and title != post.thread.title:
        post.thread.title = title
    _touch(post.thread)
    PostRevision.objects.create(
        post=post,
        number=number,
        body=body,
        title=title if post.is_problem else "",
        editor=by,
        at=post.edited_at,
        reason=reason,
    )
    index_post(post)
    _tell_changed(post, POST_EDITED, by=by)
    _notify_mentioned(post, new_mentions, by=by)


def _kept_revisions(post: Post) -> int:
    """How many texts of the post are kept. Before it is changed for the first time, the present one is kept."""
    kept = post.revisions.count()
    if kept:
        return kept
    insert(first_revision(post))
    return 1


def _touch(thread: Thread) -> None:
    thread.version += 1
    save(thread, "title", "version", "reply_count")


def _tell_changed(post: Post, kind: Kind, *, by: Member) -> None:
    data = {
        "post": post.pk,
        "number": post.number,
        "parent": post.parent_id,
        "version": post.version,
        "reply_count": post.thread.reply_count,
        "title": post.thread.title,
    }
    tell(post.thread, kind, by=by, data=data, html=post_fragment(post, is_solution=_is_solution(post)))


def _is_solution(post: Post) -> bool:
    return post.resolutions.filter(reopened_at__isnull=True).exists()


@action
def delete_post(*, by: Member, post: Post) -> Post:
    """Take a post out of sight, and out of what the log replays; it stays in the database and can be brought back.

    A solution must be unmarked first.
    """
    post = lock_post(post)
    if post.deleted_at is not None:
        return post
    if not may_delete(by, post):
        raise Forbidden("only_author_or_moderator")
    if _is_solution(post):
        raise Conflict("is_solution", _("This post is the solution. Reopen the thread before deleting it."))
    post.deleted_at, post.deleted_by = clock.now(), by
    withdraw_html(thread_stream(post.thread_id), html=post_fragment(post), post=post.pk)
    _set_deleted(post, POST_DELETED, by=by, change=-1)
    take_back_votes(post_id=post.pk, why=Award.Why.DELETED)
    settle_answering(post)
    unindex_post(post)
    return post


@action
def restore_post(*, by: Member, post: Post) -> Post:
    """Bring a deleted post back."""
    post = lock_post(post)
    if post.deleted_at is None:
        return post
    if not may_restore(by, post):
        raise Forbidden("only_deleter_or_moderator")
    post.deleted_at = post.deleted_by = None
    _set_deleted(post, POST_RESTORED, by=by, change=1)
    give_votes_again(post_id=post.pk, receiver=post.author, about=about(post.thread))
    settle_answering(post)
    index_post(post)
    return post


def _set_deleted(post: Post, kind: Kind, *, by: Member, change: int) -> None:
    post.version += 1
    post.save(update_fields=["deleted_at", "deleted_by", "version"])
    if post.parent_id is not None:
        Post.objects.filter(pk=post.parent_id).update(note_count=F("note_count") + change)
    else:
        post.thread.reply_count += change
    _touch(post.thread)
    _tell_changed(post, kind, by=by)
