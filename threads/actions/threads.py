"""Posting a problem, and changing what its thread says of itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member, Organization, Space
from community.policies.spaces import may_see_space
from community.rules import clock
from threads.actions.audiences import check_chosen
from threads.actions.curation import follow_resolution
from threads.actions.deflecting import end_sitting
from threads.actions.ending import end_asking, end_closing
from threads.actions.index_work import put_moved
from threads.actions.indexing import index_thread
from threads.actions.locking import lock_record, lock_thread
from threads.actions.posts import add_post, text_of
from threads.actions.sending import sent_once
from threads.actions.telling import follow_unless_declined, note_in_timeline, tell, tell_swarm
from threads.facts.threads import THREAD_CHANGED, THREAD_OPENED
from threads.models import (
    Attachment,
    Audience,
    Product,
    ProductVersion,
    Resolution,
    Severity,
    Tag,
    Thread,
    WorkingRecord,
)  # fmt: skip
from threads.policies.threads import may_close, may_edit, may_post, may_see
from threads.rules.limits import ENVIRONMENT_LENGTH, NEXT_ACTION_LENGTH, TITLE_LENGTH
from threads.rules.texts import cleaned, one_line, tag_slugs

_FILTERS = {"status": "status", "product": "product", "tags": "tag"}  # what of a thread searches are narrowed by


@sent_once(lambda post: post.thread)
@action
def open_thread(  # noqa: PLR0913  (a problem has many parts, each with its own name)
    *,
    by: Member,
    space: Space,
    title: str,
    body: str,
    product: Product | None = None,
    product_version: ProductVersion | None = None,
    tags: Iterable[str] = (),
    severity: int = Severity.NORMAL,
    environment: str = "",
    audience: str = Audience.SPACE,
    organizations: Sequence[Organization] = (),
    attachments: Sequence[Attachment] = (),
    client_id: str | None = None,
    sitting: str = "",
) -> Thread:
    """Post a problem into a space, for the audience chosen. The same `client_id` again returns the same thread.

    `sitting` is that of the form in which it was typed (see actions.deflecting), which ends with it.

    Raises NotThere for a space the asker may not see, Invalid with what to do for unusable input.
    """
    if not may_see_space(by, space):
        raise NotThere("no_space")
    if not may_post(by, space):
        raise Forbidden("may_not_post")
    check_chosen(by, space, audience, organizations)
    _check_choices(severity, product, product_version)
    now = clock.now()
    thread = Thread.objects.create(
        space=space, title=one_line("title", title, most=TITLE_LENGTH, needed=True), author=by,
        organization_id=by.organization_id, center_id=by.center_id, audience=audience, severity=severity,
        product=product, product_version=product_version,
        environment=cleaned("environment", environment, most=ENVIRONMENT_LENGTH),
        created_at=now, last_activity_at=now,
    )  # fmt: skip
    thread.audience_organizations.set(organizations if audience == Audience.ORGANIZATIONS else ())
    thread.tags.set(tags_named(tags))
    WorkingRecord.objects.create(thread=thread)
    follow_unless_declined(thread, [by.pk])
    data = {"thread": thread.pk, "title": thread.title, "status": thread.status, "version": thread.version}
    tell(thread, THREAD_OPENED, by=by, data=data)
    add_post(thread, by=by, text=text_of(body), client_id=client_id, attachments=attachments)
    end_sitting(by, sitting, thread)
    return thread


def _check_choices(severity: int, product: Product | None, version: ProductVersion | None) -> None:
    if severity not in Severity.values:
        raise Invalid({"severity": _("Choose a severity from 1 (critical) to 4 (low).")})
    if version is not None and (product is None or version.product_id != product.pk):
        raise Invalid(
            {"product_version": _("This version belongs to another product. Choose one of the product's own.")}
        )


def tags_named(tags: Iterable[str]) -> list[Tag]:
    """The tags with these names, made when they are new."""
    slugs = sorted(tag_slugs(tags))  # in one order, so that two who make the same new tags cannot block each other
    Tag.objects.bulk_create([Tag(slug=slug) for slug in slugs], ignore_conflicts=True)
    return list(Tag.objects.filter(slug__in=slugs))


@action
def edit_thread(  # noqa: PLR0913  (as above)
    *,
    by: Member,
    thread: Thread,
    title: str | None = None,
    product: Product | str | None = "",
    product_version: ProductVersion | str | None = "",
    tags: Iterable[str] | None = None,
    severity: int | None = None,
    environment: str | None = None,
    status: str | None = None,
) -> Thread:
    """Change what a thread says of itself; what is not given stays (for product and version that is the empty string).

    `status` goes between open and waiting; moderators also close and open again. Resolving has its own action.
    """
    thread = lock_thread(thread)
    if not may_edit(by, thread):
        raise Forbidden("only_asker_owner_or_moderator")
    changes: dict[str, Any] = {}
    if title is not None:
        changes["title"] = one_line("title", title, most=TITLE_LENGTH, needed=True)
    if not isinstance(product, str):
        changes["product"] = product
        changes["product_version"] = None
    if not isinstance(product_version, str):
        changes["product_version"] = product_version
    if severity is not None:
        changes["severity"] = severity
    if environment is not None:
        changes["environment"] = cleaned("environment", environment, most=ENVIRONMENT_LENGTH)
    if status is not None and status != thread.status:
        changes["status"] = _new_status(by, thread, status)
    changes = {name: value for name, value in changes.items() if getattr(thread, name) != value}
    _check_choices(
        changes.get("severity", thread.severity),
        changes.get("product", thread.product),
        changes.get("product_version", thread.product_version),
    )
    if tags is not None:
        changes |= change_tags(thread, tags)
    return apply_changes(thread, changes, by=by) if changes else thread


def _new_status(by: Member, thread: Thread, status: str) -> str:
    closing = Thread.Status.CLOSED in (status, thread.status)
    if closing and not may_close(by, thread):
        raise Forbidden("only_moderators_close")
    if closing:
        lock_record(thread)  # so that nothing is written there once it is closed
    if status == Thread.Status.RESOLVED or (thread.status == Thread.Status.RESOLVED and not closing):
        raise Conflict("resolve_or_reopen", _("Resolve the thread with what fixed it, or reopen it."))
    if status not in Thread.Status.values:
        raise Invalid({"status": _("Choose open, waiting or closed.")})
    if thread.status == Thread.Status.CLOSED and Resolution.objects.filter(thread=thread, reopened_at=None).exists():
        # It was resolved before it was closed, and is so again; only reopening ends a resolution.
        return Thread.Status.RESOLVED
    return status


def change_tags(thread: Thread, tags: Iterable[str]) -> dict[str, Any]:
    """Put a locked thread under these tags; what of it changes by that, for `apply_changes`."""
    wanted = tags_named(tags)
    slugs = sorted(tag.slug for tag in wanted)
    if slugs == sorted(thread.tags.values_list("slug", flat=True)):
        return {}
    thread.tags.set(wanted)
    return {"tags": slugs}


def apply_changes(thread: Thread, changes: dict[str, Any], *, by: Member) -> Thread:
    """Have a locked thread say this of itself, with all that follows from it. The caller has judged."""
    was_unresolved, was_closed = thread.is_unresolved, thread.status == Thread.Status.CLOSED
    for name, value in changes.items():
        if name != "tags":
            setattr(thread, name, value)
    thread.version += 1
    thread.save()
    if changes.get("status") == Thread.Status.CLOSED:
        end_asking(thread, by=by)
    elif was_closed and "status" in changes:
        end_closing(thread, by=by)
    if thread.is_unresolved != was_unresolved:
        follow_resolution(thread, by=by)
    told = {
        name: value.name if isinstance(value, Product | ProductVersion) else value for name, value in changes.items()
    }
    if {"title", "tags", "product", "product_version", "environment"} & changes.keys():
        index_thread(thread)
    put_moved("thread", thread.pk, [filter_ for name, filter_ in _FILTERS.items() if name in changes])
    note_in_timeline(thread, THREAD_CHANGED, by=by, data=told)
    tell(thread, THREAD_CHANGED, by=by, data={"changes": told, "version": thread.version})
    return thread


@action
def plan(*, by: Member, thread: Thread, what: str, who: Member | None = None, due: datetime | None = None) -> Thread:
    """Say what happens next in a thread, who does it, by when; nothing clears it. For those who may edit the thread."""
    thread = lock_thread(thread)
    if not may_edit(by, thread):
        raise Forbidden("only_asker_owner_or_moderator")
    what = one_line("next_action", what, most=NEXT_ACTION_LENGTH)
    if who is not None and not may_see(who, thread):
        raise Invalid({"next_action_by": _("They cannot see this thread. Choose somebody who can.")})
    if (what, who, due) == (thread.next_action, thread.next_action_by, thread.next_action_due):
        return thread
    thread.next_action, thread.next_action_by, thread.next_action_due = what, who, due
    thread.version += 1
    thread.save(update_fields=["next_action", "next_action_by", "next_action_due", "version"])
    tell_swarm(thread, by=by, changed="next_action")
    return thread
