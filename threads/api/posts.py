"""Posts: read, reply, edit, delete, restore, vote."""

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import MOST, Page
from threads.actions.posts import delete_post, edit_post, post_reply, restore_post
from threads.actions.votes import vote
from threads.api import schemas
from threads.api.names import id_or_404, note_parent_named, post_or_404, thread_or_404
from threads.api.shapes import post_out, post_outs
from threads.queries.attachments import unposted_in
from threads.queries.posts import posts_after

router = Router(tags=["posts"])


class AfterNumber(BaseModel):
    """Where a page of posts starts."""

    after: int = Field(0, ge=0, lt=2**63, description="The number of a post: those behind it are given.")
    limit: int = Field(30, ge=1, le=MOST, description="How many items at most.")


@router.get(
    "/threads/{id}/posts", response=Page[schemas.PostOut], operation_id="posts", summary="List a thread's posts"
)
def posts(request: ApiRequest, id: int, paging: Query[AfterNumber]) -> Page[schemas.PostOut]:
    """The problem (number 1), replies and notes by number, deleted ones too."""
    thread = thread_or_404(request.auth, id)
    rows = posts_after(thread, after=paging.after, limit=paging.limit + 1)
    shown = rows[: paging.limit]
    following = str(shown[-1].number) if len(rows) > len(shown) else None
    return Page(items=post_outs(request.auth, thread, shown), next=following)


@router.post("/threads/{id}/posts", response={201: schemas.PostOut}, operation_id="post_post", summary="Reply")
def post_post(request: ApiRequest, id: int, data: schemas.NewPost, response: HttpResponse) -> schemas.PostOut:
    """Reply in a thread. The same `client_id` again gives the same post, so that it can be sent again."""
    parent = note_parent_named(request.auth, thread_or_404(request.auth, id), data.parent) if data.parent else None
    files = unposted_in(request.auth, data.body)
    post = post_reply(
        by=request.auth,
        thread=id_or_404(id),
        body=data.body,
        parent=parent,
        client_id=data.client_id,
        attachments=files,
    )
    response["Location"] = f"{request.path.partition('/threads/')[0]}/posts/{post.pk}"
    return post_out(request.auth, post)


@router.get("/posts/{id}", response=schemas.PostOut, operation_id="post", summary="Read a post")
def get_post(request: ApiRequest, id: int) -> schemas.PostOut:
    """One post."""
    return post_out(request.auth, post_or_404(request.auth, id))


@router.patch("/posts/{id}", response=schemas.PostOut, operation_id="edit_post", summary="Edit a post")
def patch_post(request: ApiRequest, id: int, data: schemas.PostChange) -> schemas.PostOut:
    """Give a post a new text."""
    post = post_or_404(request.auth, id)
    edited = edit_post(by=request.auth, post=post, body=data.body, reason=data.reason, version=data.version)
    return post_out(request.auth, edited)


@router.delete("/posts/{id}", response={204: None}, operation_id="delete_post", summary="Delete a post")
def remove_post(request: ApiRequest, id: int) -> None:
    """Take a post out of sight. Whoever deleted it and moderators can restore it."""
    delete_post(by=request.auth, post=post_or_404(request.auth, id))


@router.post("/posts/{id}/restore", response=schemas.PostOut, operation_id="restore_post", summary="Restore a post")
def post_restore(request: ApiRequest, id: int) -> schemas.PostOut:
    """Bring a deleted post back."""
    return post_out(request.auth, restore_post(by=request.auth, post=post_or_404(request.auth, id)))


@router.put("/posts/{id}/vote", response=schemas.PostOut, operation_id="vote", summary="Say that a post helped")
def put_vote(request: ApiRequest, id: int, data: schemas.VoteIn) -> schemas.PostOut:
    """Say that a post helped, or take it back; saying it twice changes nothing."""
    return post_out(request.auth, vote(by=request.auth, post=post_or_404(request.auth, id), value=bool(data.value)))
