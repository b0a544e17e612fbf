"""The one rendering of a post: for the page, the live frame and the cache alike (DESIGN rule 3).

It depends on no viewer, holds no words of the interface, and gives times in UTC. What differs by viewer is data
beside it, applied in the browser. Elements with `data-word` and `aria-labelledby="w-..."` take their words from the
page.
"""

from datetime import UTC, datetime
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from community.rendering.people import initials_of, tint_of
from threads.models import Post

_ICON = '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">{}</svg>'
_PEN = _ICON.format('<path d="m3 10.5-.5 3 3-.5 7.75-7.75-2.5-2.5zM9 4.5 11.5 7"/>')
_CHECK = _ICON.format('<circle cx="8" cy="8" r="5.25"/><path d="m5.5 8.25 1.75 1.75 3.25-3.75"/>')
_OUT = _ICON.format('<path d="M6.5 3.5h-3v9h9v-3M9 2.5h4.5V7M13.25 2.75 7.5 8.5"/>')
_THUMB = _ICON.format(
    '<path d="M5 7.25 7.5 2a1.6 1.6 0 0 1 1.75 1.9L8.9 6.25h3.6a1.25 1.25 0 0 1 1.25 1.5l-.9 4.25a1.25 1.25 0 0 1-1.2 '
    '1H5M2.25 7.25H5V13H2.25z"/>'
)
_BIN = _ICON.format('<path d="M2.75 4.25h10.5M6 4V2.5h4V4M4 4.25l.5 9.25h7l.5-9.25M6.75 7v3.75M9.25 7v3.75"/>')

_ARTICLE = (
    '<article class="{classes}" id="post-{number}" data-post="{pk}" data-number="{number}" data-author="{author_id}" '
    'data-version="{version}"{parent}>'
    '<a class="post-face avatar tint-{tint}" href="/people/{handle}/" tabindex="-1" aria-hidden="true">{initials}</a>'
    '<header class="post-head"><a class="post-author" href="/people/{handle}/">{name}</a>'
    '<span class="post-org">{organization}</span>{when}'
    '<a class="post-number" href="/posts/{pk}/">#{number}</a></header>'
    '{body}<footer class="post-foot">{votes}<span class="post-tools"></span></footer></article>'
)
_WHEN = '<a class="post-when" href="/posts/{pk}/permalink/">{time}</a>'
_EDITED = '<a class="post-edited" href="/posts/{pk}/history/" aria-labelledby="w-edited e-{pk}">' + _PEN + " {time}</a>"
_MARK = (
    '<span class="post-mark" role="img" aria-labelledby="w-solution">'
    + _CHECK
    + '<span data-word="solution"></span></span>'
)
_GONE = (
    '<span class="post-gone" role="img" aria-labelledby="w-deleted d-{pk}">' + _BIN
    + ' <span data-word="deleted"></span> {time}</span>'
)  # fmt: skip
_VOTES = (
    '<span class="post-votes" data-votes="{helped}" role="img" aria-labelledby="v-{pk} w-helped">' + _THUMB
    + '<span id="v-{pk}" data-votes-count>{helped}</span></span>'
)  # fmt: skip
_SOURCE = (
    '<p class="post-source source"><a href="{url}" rel="noopener nofollow">'
    + _OUT
    + "{site}</a> <span>{license}</span></p>"
)


class PostFacts(NamedTuple):
    """All that a fragment shows of a post. `organization` is the name of the author's when they wrote it."""

    pk: int
    number: int
    version: int
    parent_id: int | None
    author_id: int
    handle: str
    name: str
    organization: str
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    html: str
    votes: int
    imported_votes: int
    source_site: str
    source_url: str
    source_license: str


def facts_of(post: Post) -> PostFacts:
    """The facts of a post with `author` and `organization` loaded."""
    author = post.author
    return PostFacts(
        post.pk, post.number, post.version, post.parent_id, author.pk, author.handle, author.name,
        post.organization.name, post.created_at, post.edited_at, post.deleted_at, post.html, post.votes,
        post.imported_votes, post.source_site, post.source_url, post.source_license,
    )  # fmt: skip


def post_fragment(post: Post, *, is_solution: bool = False) -> SafeString:
    """The HTML of a post or note; of a deleted one only that it was there. Needs `author` and `organization` loaded."""
    return fragment(facts_of(post), is_solution=is_solution)


def fragment(post: PostFacts, *, is_solution: bool = False) -> SafeString:
    """The HTML of a post or note, from its facts. Texts are escaped here, as they are put in."""
    gone = post.deleted_at is not None
    states = {"note": post.parent_id is not None, "is-solution": is_solution and not gone, "is-deleted": gone}
    article = _ARTICLE.format(
        classes=" ".join(["post", *(name for name, holds in states.items() if holds)]),
        pk=post.pk,
        number=post.number,
        version=post.version,
        author_id=post.author_id,
        parent=f' data-parent="{post.parent_id}"' if post.parent_id else "",
        tint=tint_of(post.author_id),
        initials=escape(initials_of(post.name, post.handle)),
        handle=escape(post.handle),
        name=escape(post.name),
        organization=escape(post.organization),
        when=_gone(post) if gone else _when(post),
        body="" if gone else _body(post),
        votes="" if gone else _VOTES.format(pk=post.pk, helped=post.votes + post.imported_votes),
    )
    return mark_safe(article)  # noqa: S308  (escaped above; `html` is sanitized when written)


def _when(post: PostFacts) -> str:
    when = _WHEN.format(pk=post.pk, time=_time(post.created_at))
    if post.edited_at:
        when += _EDITED.format(pk=post.pk, time=_time(post.edited_at, f"e-{post.pk}"))
    return when + _MARK


def _gone(post: PostFacts) -> str:
    return _GONE.format(pk=post.pk, time=_time(post.deleted_at or post.created_at, f"d-{post.pk}"))


def _body(post: PostFacts) -> str:
    body = f'<div class="prose">{post.html}</div>'
    if post.source_site:
        body += _SOURCE.format(
            url=escape(post.source_url), site=escape(post.source_site), license=escape(post.source_license)
        )
    return body


def _time(moment: datetime, identifier: str = "") -> str:
    text = moment.astimezone(UTC).isoformat(timespec="seconds")
    named = f' id="{identifier}"' if identifier else ""
    return f'<time{named} datetime="{text[:19]}Z">{text[:10]} {text[11:16]} UTC</time>'
