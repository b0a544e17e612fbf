"""What is, of problems, posts, resolutions and the archive."""

from threads.models.audience import Audience
from threads.models.catalog import Product, ProductVersion, Tag
from threads.models.drafts import Deflection, Draft
from threads.models.posts import Attachment, Post, PostRevision
from threads.models.practices import Practice, PracticeVersion
from threads.models.records import (
    RECORD_FIELDS,
    RecordAuthor,
    RecordState,
    RecordUpdate,
    RecordVersion,
    WorkingRecord,
)
from threads.models.resolutions import Resolution
from threads.models.search import SearchEntry
from threads.models.threads import UNRESOLVED, Following, Relation, Severity, Thread, TimelineEntry

__all__ = [
    "RECORD_FIELDS",
    "UNRESOLVED",
    "Attachment",
    "Audience",
    "Deflection",
    "Draft",
    "Following",
    "Post",
    "PostRevision",
    "Practice",
    "PracticeVersion",
    "Product",
    "ProductVersion",
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
