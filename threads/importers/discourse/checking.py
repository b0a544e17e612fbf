"""The first pass: every file read and checked, its topic and posts put into staging. Nothing else is written."""

from collections.abc import Callable, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from threads.importers.broken import Broken
from threads.importers.checking import stage
from threads.importers.columns import Column, Kind, number, text, when
from threads.importers.discourse.reading import TopicFile
from threads.importers.report import Report
from threads.importers.staging import Staging

MOST_LIKES = 1_000

TOPICS = (
    number("Id", needed=True), text("title", needed=True), text("slug"), text("category_id"), number("closed"),
    text("tags"), number("stream"),
)  # fmt: skip
POSTS = (
    number("Id", needed=True), number("topic_id", needed=True), Column("post_number", Kind.COUNT, needed=True),
    number("post_type"), when("created_at", needed=True), when("updated_at"), number("user_id"), text("username"),
    text("name"), text("cooked"), text("raw"), number("likes"), number("hidden"), text("deleted_at"),
    number("user_deleted"), number("accepted_answer"), number("version"),
)  # fmt: skip
CATEGORIES = (number("Id", needed=True), text("name"))
ACCESS = (number("Id"), number("category"), number("parent"), number("restricted"))
SIGNS = (number("Id"), number("topic"), text("against"), number("category"))
KEPT_BACK = (number("Id"), number("post"), text("against"))
NAMED = (number("Id"), number("topic"), number("post_number"))
LINKS = (number("Id"), number("topic"), number("other"))


def check(files: Sequence[Path], staging: Staging, report: Report, told: Callable[[int], object]) -> list[str]:
    """Read all files into staging; every broken place, up to a limit for each file."""
    tables = {
        "Topics": TOPICS, "Posts": POSTS, "Categories": CATEGORIES, "Access": ACCESS, "Signs": SIGNS,
        "KeptBack": KEPT_BACK, "Named": NAMED, "Links": LINKS,
    }  # fmt: skip
    for name, columns in tables.items():
        staging.table(name, columns)
    report.of("Topics")
    report.of("Posts")
    broken: list[str] = []
    for path in files:
        told(path.stat().st_size)
        try:
            file = TopicFile.read(path)
        except (Broken, OSError) as error:
            tally = report.of("Topics")
            tally.read += 1
            tally.skip(_("is broken"), 1)
            broken.append(str(error))
            continue
        broken += _stage(file, staging, report)
        report.remarks[_("control character removed")] += file.removed
    return broken


def _stage(file: TopicFile, staging: Staging, report: Report) -> list[str]:
    categories = list(file.categories())
    staging.add("Categories", [(each.key, each.name) for each in categories if each.name is not None])
    staging.add("Access", [(None, each.key, each.parent, each.restricted) for each in categories])
    if not file.is_topic:
        report.remarks[_("file that is no topic")] += not categories
        return []
    staging.add("Signs", [(None, *sign) for sign in file.signs()])
    staging.add("KeptBack", [(None, *post) for post in file.kept_back()])
    broken = []
    if file.has_heading:
        tally = report.of("Topics")
        broken += stage([("topic", file.topic())], path=file.path, columns=TOPICS, staging=staging, tally=tally)
    tally = report.of("Posts")
    broken += stage(file.posts(), path=file.path, columns=POSTS, staging=staging, tally=tally)
    staging.add("Named", [(None, topic, post) for topic, post in file.accepted() if abs(post) < 1 << 31])
    staging.add("Links", [(None, topic, other) for topic, other in file.links()])
    return broken
