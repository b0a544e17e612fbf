"""The HTTP API, put together from the routers of the rooms."""

from functools import cache

from django.conf import settings

from community.api import me, reach, spaces
from community.api.application import Application
from threads.api import (
    coming_back,
    curation,
    matches,
    members,
    names_watched,
    posts,
    practice_audience,
    practices,
    records,
    requests,
    search,
    skills,
    suggestions,
    swarm,
    threads,
    verdicts,
)


@cache
def build_api() -> Application:
    """The API, for `path("api/v1/", build_api().urls)`; one for the process."""
    return Application(
        [
            me.router,
            spaces.router,
            threads.router,
            records.router,
            swarm.router,
            matches.router,
            requests.router,
            posts.router,
            practices.router,
            curation.router,
            suggestions.router,
            names_watched.router,
            verdicts.router,
            practice_audience.router,
            search.router,
            members.router,
            skills.router,
            coming_back.router,
            reach.router,
        ],
        title="Guildhall",
        version="1",
        description="Problems, posts, practices and people, as the token's member may see them. See docs/api.md.",
        urls_namespace="api",
        servers=[{"url": settings.SITE_URL}],
    )
