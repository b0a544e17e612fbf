"""What is sent with a `client_id`, the name that its author's client gave it: sent again, it is the same thing."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from django.db import IntegrityError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from community.errors import Invalid, NotThere, Refused
from community.models import Member
from community.queries.prepared import Prepared
from threads.models import Post
from threads.policies.threads import may_see
from threads.rules.limits import CLIENT_ID_LENGTH

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T", bound=Model)

_sent = Prepared(lambda author, name: Post.objects.filter(author_id=author, client_id=name).values_list("pk"))


def sent_once(made: Callable[[Post], R]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """An action that makes something with a post: sent again with its `client_id`, `made` of the post sent before."""
    return made_once(made, _sent_before)


def made_once(
    made: Callable[[T], R], before: Callable[[Member, str], T | None]
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The same of whatever has a `client_id`: `before` finds what somebody sent under a name.

    The database takes each name once, even of two at once into different threads. Whoever is refused, by it or by the
    action, is asked whether they sent it before; so what is sent for the first time asks nothing more. Raises NotThere
    when the author may not see any more what they sent.
    """

    def once(action: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(action)
        def send(*args: P.args, **kwargs: P.kwargs) -> R:
            by, name = cast(Member, kwargs["by"]), cast("str | None", kwargs.get("client_id"))
            if not name:
                return action(*args, **kwargs)
            _check_length(name)
            try:
                return action(*args, **kwargs)
            except (IntegrityError, Refused):
                if sent := before(by, name):
                    return made(sent)
                raise

        return send

    return once


def sent_by(author: str, rows: "QuerySet[T]") -> Callable[[Member, str], T | None]:
    """Finds among things of threads what somebody, their `author`, sent under a name.

    Raises NotThere when they may not see the thread any more.
    """

    def before(by: Member, name: str) -> T | None:
        found = rows.select_related("thread__space").filter(**{author: by, "client_id": name}).first()
        if found is not None and not may_see(by, cast(Any, found).thread):
            raise NotThere("no_thread")
        return found

    return before


def _check_length(name: str) -> None:
    if len(name) > CLIENT_ID_LENGTH:
        raise Invalid(
            {"client_id": _("This is too long; at most %(most)d characters fit.") % {"most": CLIENT_ID_LENGTH}}
        )


def _sent_before(by: Member, name: str) -> Post | None:
    found = _sent(author=by.pk, name=name).first()
    if found is None:
        return None
    posts = Post.objects.select_related("author__organization", "organization", "thread__space", "thread__product")
    post = posts.get(pk=found[0])
    if not may_see(by, post.thread):
        raise NotThere("no_thread")
    return post
