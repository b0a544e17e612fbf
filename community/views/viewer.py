"""Who is asking."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from community.models import Member
from community.queries import arrivals
from community.queries.arrivals import Arrival, Ask
from community.queries.prepared import Answer
from community.queries.sessions import SessionStore

V = TypeVar("V", bound=Callable[..., Any])


def viewer(request: HttpRequest) -> Member:
    """The signed-in member; every page but those marked otherwise requires one."""
    member: Any = request.user
    if isinstance(member, SimpleLazyObject):
        # The member behind it: looking through it costs with every attribute.
        bool(member)
        member = member._wrapped
    return cast(Member, member)


def asking_along(ask: Callable[..., Answer[Any]] = arrivals.ask) -> Callable[[V], V]:
    """For a page that only reads: who its viewer is, is asked along with what the page asks first.

    `ask` takes the viewer's id and their session's key, and the view's arguments by name.
    """

    def told(view: V) -> V:
        view.asks_along = ask  # type: ignore[attr-defined]
        return view

    return told


def arrival_of(request: HttpRequest) -> Arrival | None:
    """What was asked along with who the viewer is, if it was."""
    found: Arrival | None = getattr(request, "_arrival", None)
    return found


class MemberMiddleware(AuthenticationMiddleware):
    """Django's own, with the member read in one query, organization and center along."""

    def process_request(self, request: HttpRequest) -> None:
        """Give the request its `user`, read when somebody looks."""
        super().process_request(request)
        request.user = cast(Any, SimpleLazyObject(partial(_user_of, request)))


class SignedInMiddleware(LoginRequiredMiddleware):
    """Django's, which asks who it is only where that matters, and then hands on the member without a proxy."""

    def process_view(
        self, request: HttpRequest, view_func: Any, _view_args: Any, view_kwargs: Any
    ) -> HttpResponseRedirect | None:
        """Send whoever has not signed in to do so, unless the view is for everybody."""
        if not getattr(view_func, "login_required", True):
            return None
        if hasattr(view_func, "asks_along") and request.method == "GET":
            _arrive(request, partial(view_func.asks_along, **view_kwargs))
        member: Any = viewer(request)
        if not member.is_authenticated:
            return self.handle_no_permission(request, view_func)
        request.user = member
        return None


def _arrive(request: HttpRequest, ask: Ask) -> None:
    """Has the request's viewer found out along with what its page asks, where that can be."""
    session = cast(SessionStore, request.session)
    arrival = session.arrive(ask)
    if arrival is not None and _is_signed_for(session, arrival.member):
        request._arrival = arrival  # type: ignore[attr-defined]
        request._cached_user = arrival.member  # type: ignore[attr-defined]
        request.user = arrival.member


def _user_of(request: HttpRequest) -> Any:
    """Whom the session names, when its password is still theirs; whatever is not so plain is left to Django."""
    if not hasattr(request, "_cached_user"):
        request._cached_user = _plainly_named(request) or get_user(request)  # type: ignore[attr-defined]
    return request._cached_user  # type: ignore[attr-defined]


def _plainly_named(request: HttpRequest) -> Member | None:
    session = cast(SessionStore, request.session)
    member = session.member()
    return member if member is not None and _is_signed_for(session, member) else None


def _is_signed_for(session: SessionStore, member: Member) -> bool:
    """Whether the session is of one of our ways to sign in, and of the password that the member has now."""
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    return constant_time_compare(session.get(HASH_SESSION_KEY) or "", _session_hash(member.password))


@lru_cache(maxsize=10_000)
def _session_hash(password: str) -> str:
    """What the sessions of whoever has this password, as it is kept, are signed with."""
    return Member(password=password).get_session_auth_hash()
