"""Who is asking."""

from functools import lru_cache, partial
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from community.models import Member
from community.queries.sessions import SessionStore


def viewer(request: HttpRequest) -> Member:
    """The signed-in member; every page but those marked otherwise requires one."""
    member: Any = request.user
    if isinstance(member, SimpleLazyObject):
        # The member behind it: looking through it costs with every attribute.
        bool(member)
        member = member._wrapped
    return cast(Member, member)


class MemberMiddleware(AuthenticationMiddleware):
    """Django's own, with the member read in one query, organization and center along."""

    def process_request(self, request: HttpRequest) -> None:
        """Give the request its `user`, read when somebody looks."""
        super().process_request(request)
        request.user = cast(Any, SimpleLazyObject(partial(_user_of, request)))


class SignedInMiddleware(LoginRequiredMiddleware):
    """Django's, which asks who it is only where that matters, and then hands on the member without a proxy."""

    def process_view(
        self, request: HttpRequest, view_func: Any, _view_args: Any, _view_kwargs: Any
    ) -> HttpResponseRedirect | None:
        """Send whoever has not signed in to do so, unless the view is for everybody."""
        if not getattr(view_func, "login_required", True):
            return None
        member: Any = viewer(request)
        if not member.is_authenticated:
            return self.handle_no_permission(request, view_func)
        request.user = member
        return None


def _user_of(request: HttpRequest) -> Any:
    """Whom the session names, when its password is still theirs; whatever is not so plain is left to Django."""
    if not hasattr(request, "_cached_user"):
        request._cached_user = _plainly_named(request) or get_user(request)  # type: ignore[attr-defined]
    return request._cached_user  # type: ignore[attr-defined]


def _plainly_named(request: HttpRequest) -> Member | None:
    session = cast(SessionStore, request.session)
    member = session.member()
    if member is None or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    same = constant_time_compare(session.get(HASH_SESSION_KEY) or "", _session_hash(member.password))
    return member if same else None


@lru_cache(maxsize=10_000)
def _session_hash(password: str) -> str:
    """What the sessions of whoever has this password, as it is kept, are signed with."""
    return Member(password=password).get_session_auth_hash()
