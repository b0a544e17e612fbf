"""What is, of problems, posts, resolutions and the archive."""

from threads.models.applying import Application
from threads.models.audience import Audience
from threads.models.catalog import Product, ProductVersion, Tag
from threads.models.curation import CuratorTerm, DuplicatePair, Sample, SamplingRound
from threads.models.drafts import Deflection, Draft
from threads.models.posts import Attachment, Post, PostRevision
from threads.models.practices import (
    BEYOND_THE_SPACE,
    AudienceChange,
    KeptFinding,
    Practice,
    PracticeAudience,
    PracticeVersion,
    WatchedName,
)
from threads.models.reading import ReadPosition
from threads.models.records import (
    RECORD_FIELDS,
    RecordAuthor,
    RecordClient,
    RecordState,
    RecordUpdate,
    RecordVersion,
    WorkingRecord,
)
from threads.models.requests import ANSWERABLE, Asked, HelpRequest, Named
from threads.models.resolutions import Resolution
from threads.models.reviews import Review, ReviewComment, Suggestion
from threads.models.search import SearchEntry
from threads.models.swarm import Guest, HandOver, Helper, Meeting
from threads.models.threads import UNRESOLVED, Following, Relation, Severity, Thread, TimelineEntry
from threads.models.verdicts import AGAINST, WORKING, Governance, Keeper, Verdict

__all__ = [
    "AGAINST",
    "ANSWERABLE",
    "BEYOND_THE_SPACE",
    "RECORD_FIELDS",
    "UNRESOLVED",
    "WORKING",
    "Application",
    "Asked",
    "Attachment",
    "Audience",
    "AudienceChange",
    "CuratorTerm",
    "Deflection",
    "Draft",
    "DuplicatePair",
    "Following",
    "Governance",
    "Guest",
    "HandOver",
    "HelpRequest",
    "Helper",
    "Keeper",
    "KeptFinding",
    "Meeting",
    "Named",
    "Post",
    "PostRevision",
    "Practice",
    "PracticeAudience",
    "PracticeVersion",
    "Product",
    "ProductVersion",
    "ReadPosition",
    "RecordAuthor",
    "RecordClient",
    "RecordState",
    "RecordUpdate",
    "RecordVersion",
    "Relation",
    "Resolution",
    "Review",
    "ReviewComment",
    "Sample",
    "SamplingRound",
    "SearchEntry",
    "Severity",
    "Suggestion",
    "Tag",
    "Thread",
    "TimelineEntry",
    "Verdict",
    "WatchedName",
    "WorkingRecord",
]
