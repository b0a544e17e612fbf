"""The HTTP API, put together from the routers of the rooms."""

from functools import cache

from django.conf import settings

from community.api import me, spaces
from community.api.application import Application
from threads.api import members, posts, practices, records, search, threads


@cache
def build_api() -> Application:
    """The API, for `path("api/v1/", build_api().urls)`; one for the process."""
    return Application(
        [
            me.router,
            spaces.router,
            threads.router,
            records.router,
            posts.router,
            practices.router,
            search.router,
            members.router,
        ],
        title="Guildhall",
        version="1",
        description="Problems, posts, practices and people, as the token's member may see them. See docs/api.md.",
        urls_namespace="api",
        servers=[{"url": settings.SITE_URL}],
    )
