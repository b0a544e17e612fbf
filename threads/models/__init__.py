"""What is, of problems, posts, resolutions and the archive."""

from threads.models.applying import Application
from threads.models.audience import Audience
from threads.models.catalog import Product, ProductVersion, Tag
from threads.models.drafts import Deflection, Draft
from threads.models.posts import Attachment, Post, PostRevision
from threads.models.practices import Practice, PracticeVersion
from threads.models.reading import ReadPosition
from threads.models.records import (
    RECORD_FIELDS,
    RecordAuthor,
    RecordState,
    RecordUpdate,
    RecordVersion,
    WorkingRecord,
)
from threads.models.requests import ANSWERABLE, Asked, HelpRequest, Named
from threads.models.resolutions import Resolution
from threads.models.search import SearchEntry
from threads.models.swarm import Guest, HandOver, Helper, Meeting
from threads.models.threads import UNRESOLVED, Following, Relation, Severity, Thread, TimelineEntry

__all__ = [
    "ANSWERABLE",
    "RECORD_FIELDS",
    "UNRESOLVED",
    "Application",
    "Asked",
    "Attachment",
    "Audience",
    "Deflection",
    "Draft",
    "Following",
    "Guest",
    "HandOver",
    "HelpRequest",
    "Helper",
    "Meeting",
    "Named",
    "Post",
    "PostRevision",
    "Practice",
    "PracticeVersion",
    "Product",
    "ProductVersion",
    "ReadPosition",
    "RecordAuthor",
    "RecordState",
    "RecordUpdate",
    "RecordVersion",
    "Relation",
    "Resolution",
    "SearchEntry",
    "Severity",
    "Tag",
    "Thread",
    "TimelineEntry",
    "WorkingRecord",
]
