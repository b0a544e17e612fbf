"""What an editor starts from."""

from markdownify import markdownify

from threads.models import Post


def source_text(post: Post) -> str:
    """The Markdown of a post. What was imported as HTML is turned into Markdown the first time it is edited."""
    if post.markup == Post.Markup.MARKDOWN:
        return post.body
    return markdownify(post.html, heading_style="ATX", bullets="-").strip()
