"""Who is asking."""

from typing import cast

from django.http import HttpRequest

from community.models import Member


def viewer(request: HttpRequest) -> Member:
    """The signed-in member; every page but those marked otherwise requires one (LoginRequiredMiddleware)."""
    return cast(Member, request.user)
