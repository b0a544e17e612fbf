"""From what the queries found to what the API shows, as one viewer sees it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings

from community.api.people import Source, Stream, address, organization_name, person, source
from community.events import thread_stream
from community.models import Member
from reputation.queries.votes import voted_among
from threads.actions.suggestions import joined
from threads.api import practice_schemas, schemas
from threads.models import Post, Practice, PracticeVersion, Product, Suggestion, Thread
from threads.models.audience import Audienced
from threads.offers import offers_by_post, practice_offers, thread_offers, tidying_offers
from threads.policies.posts import may_restore
from threads.policies.rights import rights_in
from threads.queries.details import ThreadDetails, details_of, solutions_among, threads_seen_among
from threads.queries.resolutions import record_of
from threads.queries.search import Hit


def thread_summaries(viewer: Member, threads: Iterable[Thread]) -> list[schemas.ThreadSummary]:
    """Threads as a list shows them."""
    return [schemas.ThreadSummary(**_thread_facts(details)) for details in details_of(viewer, threads)]


def thread_out(viewer: Member, thread: Thread) -> schemas.ThreadOut:
    """One thread in full."""
    details = details_of(viewer, [thread])[0]
    record = record_of(thread)
    saved = schemas.RecordOut(**record.fields, version=record.version)
    can = [*thread_offers(viewer, thread), *tidying_offers(viewer, thread)]
    return schemas.ThreadOut(**_thread_facts(details), record=saved, can=can)


def _thread_facts(details: ThreadDetails) -> dict[str, Any]:
    thread, practice = details.thread, details.practice
    return {
        "id": thread.pk,
        "url": address(thread),
        "title": thread.title,
        "space": schemas.SpaceName(slug=thread.space.slug, name=thread.space.name),
        "status": thread.status,
        "severity": thread.severity,
        "product": _product(thread.product),
        "version": thread.product_version.name if thread.product_version else None,
        "tags": [tag.slug for tag in thread.tags.all()],
        "environment": thread.environment,
        "audience": audience_out(thread),
        "author": person(thread.author, thread.organization),
        "owner": thread.owner.handle if thread.owner else None,
        "next_action": next_action_out(thread),
        "swarm": schemas.SwarmOut(
            owner=person(thread.owner) if thread.owner else None,
            next_action=next_action_out(thread),
            helpers=[person(helper) for helper in details.helpers],
        ),
        "reply_count": thread.reply_count,
        "last_number": thread.last_number,
        "created_at": thread.created_at,
        "last_activity_at": thread.last_activity_at,
        "resolution": _resolution(details),
        "practice": schemas.PracticeName(id=practice.pk, url=address(practice)) if practice else None,
        "following": details.following,
        "stream": Stream(name=str(thread_stream(thread.pk)), seq=details.seq),
        "source": source(thread),
    }


def _product(product: Product | None) -> schemas.ProductOut | None:
    return schemas.ProductOut(slug=product.slug, name=product.name) if product else None


def audience_out(thing: Audienced) -> schemas.AudienceOut:
    """Who may see it."""
    named = [organization_name(organization) for organization in thing.audience_organizations.all()]
    return schemas.AudienceOut.model_validate({"rung": thing.audience, "organizations": named})


def next_action_out(thread: Thread) -> schemas.NextAction | None:
    """What happens next, if somebody said so."""
    if not thread.next_action:
        return None
    who = thread.next_action_by
    return schemas.NextAction(what=thread.next_action, who=who.handle if who else None, due=thread.next_action_due)


def _resolution(details: ThreadDetails) -> schemas.ResolutionOut | None:
    resolution = details.resolution
    if resolution is None:
        return None
    by = resolution.resolved_by
    posts = [post.pk for post in resolution.posts.all()]
    return schemas.ResolutionOut(
        posts=posts, summary=resolution.summary, by=by.handle if by else None, at=resolution.resolved_at
    )


def post_outs(viewer: Member, thread: Thread, posts: Sequence[Post]) -> list[schemas.PostOut]:
    """Posts of one thread, which has been loaded through the viewer, with what the viewer may do with each."""
    for post in posts:
        post.thread = thread
    rights = rights_in(viewer, thread)
    can = offers_by_post(viewer, posts, rights)
    voted = voted_among(viewer, [post.pk for post in posts if post.author_id != viewer.pk])
    solutions = set() if thread.is_unresolved else solutions_among([post.pk for post in posts])
    shown = {post.pk for post in posts if post.deleted_at is None or may_restore(viewer, post, rights)}
    return [
        schemas.PostOut(
            **_post_facts(post, shown=post.pk in shown),
            voted=post.pk in voted,
            solution=post.pk in solutions,
            can=can[post.pk],
        )
        for post in posts
    ]


def post_out(viewer: Member, post: Post) -> schemas.PostOut:
    """One post, its thread loaded."""
    return post_outs(viewer, post.thread, [post])[0]


def _post_facts(post: Post, *, shown: bool) -> dict[str, Any]:
    return {
        "id": post.pk,
        "thread": post.thread_id,
        "number": post.number,
        "parent": post.parent_id,
        "author": person(post.author, post.organization),
        "organization": organization_name(post.organization),
        "body": post.body if shown else None,
        "markup": post.markup,
        "html": post.html if shown else None,
        "created_at": post.created_at,
        "edited_at": post.edited_at,
        "deleted": post.deleted_at is not None,
        "version": post.version,
        "votes": post.helped,
        "score": post.imported_score,
        "url": address(post),
        "source": source(post),
    }


def practice_summaries(viewer: Member, practices: Sequence[Practice]) -> list[schemas.PracticeSummary]:
    """Practices as a list shows them."""
    seen = threads_seen_among(viewer, [practice.thread_id for practice in practices if practice.thread_id])
    return [schemas.PracticeSummary(**_practice_facts(practice, seen)) for practice in practices]


def practice_out(viewer: Member, practice: Practice) -> schemas.PracticeOut:
    """One practice in full."""
    seen = threads_seen_among(viewer, [practice.thread_id] if practice.thread_id else [])
    facts = {**_practice_facts(practice, seen), "follows_record": practice.follows_record}
    return schemas.PracticeOut(**facts, can=practice_offers(viewer, practice))


def version_out(version: PracticeVersion) -> practice_schemas.PracticeVersionOut:
    """What a practice said in one version."""
    return practice_schemas.PracticeVersionOut(
        number=version.number, kind=version.kind, title=version.title, **version.fields,
        product=version.product.slug if version.product else None, tags=version.tags, moved=version.moved,
        author=person(version.author), reason=version.reason, restores=version.restores, at=version.at,
    )  # fmt: skip


def suggestion_out(suggestion: Suggestion) -> practice_schemas.SuggestionOut:
    """A suggested edit, its practice loaded."""
    is_open = suggestion.state == Suggestion.State.OPEN
    return practice_schemas.SuggestionOut.model_validate({
        "id": suggestion.pk, "practice": suggestion.practice_id, "number": suggestion.number,
        "version": suggestion.base_version,
        "title": suggestion.title or None, "fields": suggestion.fields, "reason": suggestion.reason,
        "author": person(suggestion.author, suggestion.organization), "at": suggestion.at,
        "state": suggestion.state, "reply": suggestion.reply, "accepted_version": suggestion.accepted_version,
        "clashes": is_open and joined(suggestion.practice, suggestion) is None,
    })  # fmt: skip


def _practice_facts(practice: Practice, seen_threads: set[int]) -> dict[str, Any]:
    return {
        "id": practice.pk,
        "url": address(practice),
        "title": practice.title,
        "space": schemas.SpaceName(slug=practice.space.slug, name=practice.space.name),
        "product": _product(practice.product),
        "tags": [tag.slug for tag in practice.tags.all()],
        "confidence": practice.confidence,
        **practice.fields,
        "thread": practice.thread_id if practice.thread_id in seen_threads else None,
        "audience": audience_out(practice),
        "recorded_by": person(practice.recorded_by),
        "recorded_at": practice.recorded_at,
        "updated_at": practice.updated_at,
        "version": practice.version,
        "source": source(practice),
    }


def hit_out(hit: Hit) -> schemas.HitOut:
    """Something found."""
    return schemas.HitOut.model_validate(
        {
            "kind": hit.kind,
            "id": hit.id,
            "title": hit.title,
            "url": f"{settings.SITE_URL}{hit.url}",
            "score": hit.score,
            "highlight": str(hit.highlight),
            "because": hit.because,
            "source": Source(**hit.source) if hit.source else None,
        }
    )
