"""What an editor starts from."""

from markdownify import markdownify

from threads.models import Post, PostRevision


def source_text(post: Post) -> str:
    """The Markdown of a post. What was imported as HTML is turned into Markdown the first time it is edited."""
    if post.markup == Post.Markup.MARKDOWN:
        return post.body
    return markdownify(post.html, heading_style="ATX", bullets="-").strip()


def first_revision(post: Post) -> PostRevision:
    """The first text of a post that has not been changed yet; kept from its first change on."""
    return PostRevision(
        post=post,
        number=1,
        body=source_text(post),
        title=post.thread.title if post.is_problem else "",
        editor=post.author,
        at=post.created_at,
    )
