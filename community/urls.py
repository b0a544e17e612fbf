"""Every address of the site. Part of the composition root."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path

from community.views import accounts, inbox, people, reach
from community.views import frame as frame_views
from threads.api import build_api
from threads.views import (
    archive,
    asking,
    attachments,
    home,
    matches,
    meetings,
    members,
    posts,
    records,
    requests,
    resolution,
    search,
    since,
    skills,
    spaces,
    swarm,
    threads,
    timeline,
    writing,
)

api = build_api()

# Tried in turn, so those that are asked for most come first.
page_urls = [
    path("threads/<int:pk>/", threads.thread, name="thread"),
    path("", home.home, name="home"),
    path("help/", frame_views.help_page, name="help"),
    path("theme/", frame_views.theme, name="theme"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read, name="inbox-read"),
    path("inbox/settings/", inbox.settings, name="inbox-settings"),
    path("people/", people.people, name="people"),
    path("people/suggest/", members.suggest, name="people-suggest"),
    path("people/me/edit/", people.edit, name="profile-edit"),
    path("people/me/state/", reach.state, name="profile-state"),
    path("people/me/skills/", skills.skills, name="profile-skills"),
    path("people/me/certificates/", skills.certificates, name="profile-certificates"),
    path("certificates/<int:pk>/", skills.certificate, name="certificate"),
    path("people/<str:handle>/", members.member, name="member"),
    path("invitations/", people.invite, name="invitations"),
    path("invitations/<str:token>/", accounts.invitation, name="invitation"),
    path("spaces/", spaces.spaces, name="spaces"),
    path("spaces/<slug:slug>/", spaces.space, name="space"),
    path("spaces/<slug:slug>/ask/", asking.ask, name="ask"),
    path("threads/<int:pk>/edit/", threads.edit, name="thread-edit"),
    path("threads/<int:pk>/posts/", posts.create, name="thread-posts"),
    path("threads/<int:pk>/following/", threads.following, name="thread-following"),
    path("threads/<int:pk>/owner/", threads.owner, name="thread-owner"),
    path("threads/<int:pk>/related/", threads.related, name="thread-related"),
    path("threads/<int:pk>/matches/", matches.matches, name="thread-matches"),
    path("threads/<int:pk>/meetings/", meetings.meetings, name="thread-meetings"),
    path("meetings/<int:pk>/deletion/", meetings.deletion, name="meeting-deletion"),
    path("threads/<int:pk>/since/", since.since, name="thread-since"),
    path("threads/<int:pk>/seen/", since.seen, name="thread-seen"),
    path("threads/<int:pk>/timeline/", timeline.timeline, name="thread-timeline"),
    path("threads/<int:pk>/resolution/", resolution.resolution, name="thread-resolution"),
    path("threads/<int:pk>/reopening/", resolution.reopening, name="thread-reopening"),
    path("threads/<int:pk>/record/", records.record, name="thread-record"),
    path("threads/<int:pk>/record/history/", records.history, name="thread-record-history"),
    path("threads/<int:pk>/record/restoration/", records.restoration, name="thread-record-restoration"),
    path("records/room/", records.room, name="record-room"),
    path("threads/<int:pk>/practice/", archive.record, name="thread-practice"),
    path("threads/<int:pk>/helpers/", swarm.helpers, name="thread-helpers"),
    path("threads/<int:pk>/help/", requests.ask, name="thread-help"),
    path("threads/<int:pk>/hand-over/", swarm.handing_over, name="thread-hand-over"),
    path("threads/<int:pk>/guests/", swarm.guests, name="thread-guests"),
    path("threads/<int:pk>/audience/", swarm.audience, name="thread-audience"),
    path("hand-overs/<int:pk>/answer/", swarm.hand_over_answer, name="hand-over-answer"),
    path("requests/<int:pk>/", requests.request_page, name="request"),
    path("requests/<int:pk>/answer/", requests.answer, name="request-answer"),
    path("requests/<int:pk>/information/", requests.information, name="request-information"),
    path("requests/<int:pk>/withdrawal/", requests.withdrawal, name="request-withdrawal"),
    path("posts/<int:pk>/", posts.post, name="post"),
    path("posts/<int:pk>/permalink/", posts.permalink, name="post-permalink"),
    path("posts/<int:pk>/edit/", posts.edit, name="post-edit"),
    path("posts/<int:pk>/history/", posts.history, name="post-history"),
    path("posts/<int:pk>/deletion/", posts.delete, name="post-deletion"),
    path("posts/<int:pk>/restoration/", posts.restore, name="post-restoration"),
    path("posts/<int:pk>/vote/", posts.vote, name="post-vote"),
    path("archive/", archive.archive, name="archive"),
    path("practices/<int:pk>/", archive.practice, name="practice"),
    path("practices/<int:pk>/edit/", archive.edit, name="practice-edit"),
    path("practices/<int:pk>/history/", archive.history, name="practice-history"),
    path("search/", search.search_page, name="search"),
    path("attachments/", attachments.create, name="attachments"),
    path("attachments/<uuid:pk>/", attachments.attachment, name="attachment"),
    path("preview/", writing.preview, name="preview"),
    path("drafts/", writing.draft, name="draft"),
    path("deflections/", writing.deflections, name="deflections"),
]

urlpatterns = [
    path("api/v1/", api.urls),
    *page_urls,
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    re_path(r"^favicon\.ico$", login_not_required(frame_views.favicon), name="favicon"),
]

handler400 = "community.views.refusals.bad_request"
handler403 = "community.views.refusals.forbidden"
handler404 = "community.views.refusals.not_found"
handler500 = "community.views.refusals.server_error"
