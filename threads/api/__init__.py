"""The HTTP API, put together from the routers of the rooms."""

from functools import cache

from django.conf import settings

from community.api import me, reach, spaces
from community.api.application import Application
from threads.api import (
    adoption,
    bulletins,
    career,
    coming_back,
    coverage,
    curation,
    duplicates,
    governance,
    matches,
    members,
    names_watched,
    playbooks,
    posts,
    practice_audience,
    practices,
    publishing,
    records,
    reports,
    requests,
    reuse,
    sampling,
    saved,
    scrubbing,
    search,
    skills,
    subscriptions,
    suggestions,
    swarm,
    terms,
    threads,
    timeline,
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
            reuse.router,
            adoption.router,
            bulletins.router,
            subscriptions.router,
            requests.router,
            posts.router,
            practices.router,
            curation.router,
            duplicates.router,
            governance.router,
            scrubbing.router,
            reports.router,
            sampling.router,
            terms.router,
            suggestions.router,
            names_watched.router,
            verdicts.router,
            playbooks.router,
            practice_audience.router,
            publishing.router,
            coverage.router,
            search.router,
            saved.router,
            members.router,
            skills.router,
            career.router,
            coming_back.router,
            timeline.router,
            reach.router,
        ],
        title="Guildhall",
        version="1",
        description="Problems, posts, practices and people, as the token's member may see them. See docs/api.md.",
        urls_namespace="api",
        servers=[{"url": settings.SITE_URL}],
    )
