"""What is, of problems, posts, resolutions and the archive."""

from threads.models.adoption import Adoption
from threads.models.audience import Audience
from threads.models.bulletins import Bulletin, Receipt
from threads.models.catalog import Product, ProductVersion, Tag
from threads.models.closings import DuplicateClosing
from threads.models.curation import CuratorTerm, DuplicatePair, Sample, SamplingRound
from threads.models.drafts import Deflection, Draft, LikelyAnswer
from threads.models.finding import SHELF_OF, SHELVES, Posting, SearchSpelling, SearchWord, Shelf
from threads.models.playbooks import Playbook, PlaybookVersion, Run, RunStep
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
from threads.models.public import PublicKnock, PublicReport, PublicVote, PublicWord
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
from threads.models.reuse import Reuse
from threads.models.reviews import Review, ReviewComment, Suggestion
from threads.models.saved import IndexWork, SavedHit, SavedSearch
from threads.models.search import SearchEntry
from threads.models.subscriptions import PracticeNews, Subscription
from threads.models.swarm import Guest, HandOver, Helper, Meeting
from threads.models.threads import UNRESOLVED, Following, Relation, Severity, Thread, TimelineEntry
from threads.models.vectors import EmbeddingModel, Vector, VectorWork
from threads.models.verdicts import AGAINST, WORKING, Governance, Keeper, Verdict

__all__ = [
    "AGAINST",
    "ANSWERABLE",
    "BEYOND_THE_SPACE",
    "RECORD_FIELDS",
    "SHELF_OF",
    "SHELVES",
    "UNRESOLVED",
    "WORKING",
    "Adoption",
    "Asked",
    "Attachment",
    "Audience",
    "AudienceChange",
    "Bulletin",
    "CuratorTerm",
    "Deflection",
    "Draft",
    "DuplicateClosing",
    "DuplicatePair",
    "EmbeddingModel",
    "Following",
    "Governance",
    "Guest",
    "HandOver",
    "HelpRequest",
    "Helper",
    "IndexWork",
    "Keeper",
    "KeptFinding",
    "LikelyAnswer",
    "Meeting",
    "Named",
    "Playbook",
    "PlaybookVersion",
    "Post",
    "PostRevision",
    "Posting",
    "Practice",
    "PracticeAudience",
    "PracticeNews",
    "PracticeVersion",
    "Product",
    "ProductVersion",
    "PublicKnock",
    "PublicReport",
    "PublicVote",
    "PublicWord",
    "ReadPosition",
    "Receipt",
    "RecordAuthor",
    "RecordClient",
    "RecordState",
    "RecordUpdate",
    "RecordVersion",
    "Relation",
    "Resolution",
    "Reuse",
    "Review",
    "ReviewComment",
    "Run",
    "RunStep",
    "Sample",
    "SamplingRound",
    "SavedHit",
    "SavedSearch",
    "SearchEntry",
    "SearchSpelling",
    "SearchWord",
    "Severity",
    "Shelf",
    "Subscription",
    "Suggestion",
    "Tag",
    "Thread",
    "TimelineEntry",
    "Vector",
    "VectorWork",
    "Verdict",
    "WatchedName",
    "WorkingRecord",
]
