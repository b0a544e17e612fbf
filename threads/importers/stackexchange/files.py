"""The files of a dump: what each is called, what its rows must have, and what the numbers of its types mean."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a column holds. A count fits 32 bits, a number 18 digits; moments are kept as microseconds since 1970."""

    NUMBER = "number"
    COUNT = "count"
    MOMENT = "moment"
    TEXT = "text"


@dataclass(frozen=True)
class Column:
    """An attribute that is used. The others of a row are not looked at."""

    name: str
    kind: Kind
    needed: bool = False


@dataclass(frozen=True)
class DumpFile:
    """One file of a dump; every one but Posts and Users may be missing."""

    name: str
    columns: tuple[Column, ...]
    needed: bool = False

    @property
    def root(self) -> str:
        """The file's outermost element."""
        return self.name.lower()


def _number(name: str, *, needed: bool = False) -> Column:
    return Column(name, Kind.NUMBER, needed)


def _moment(name: str, *, needed: bool = False) -> Column:
    return Column(name, Kind.MOMENT, needed)


def _text(name: str, *, needed: bool = False) -> Column:
    return Column(name, Kind.TEXT, needed)


_ID = _number("Id", needed=True)
_POST = _number("PostId", needed=True)
_CREATED = _moment("CreationDate", needed=True)

USERS = DumpFile("Users", (_ID, _CREATED, _text("DisplayName"), _text("AboutMe")), needed=True)
POSTS = DumpFile(
    "Posts",
    (
        _ID, _number("PostTypeId", needed=True), _CREATED, _number("ParentId"), _number("AcceptedAnswerId"),
        Column("Score", Kind.COUNT), _number("OwnerUserId"), _text("OwnerDisplayName"), _moment("LastEditDate"),
        _moment("ClosedDate"), _text("Title"), _text("Tags"), _text("Body"), _text("ContentLicense"),
    ),
    needed=True,
)  # fmt: skip
COMMENTS = DumpFile(
    "Comments",
    (
        _ID, _POST, _CREATED, Column("Score", Kind.COUNT), _number("UserId"), _text("UserDisplayName"), _text("Text"),
        _text("ContentLicense"),
    ),
)  # fmt: skip
VOTES = DumpFile("Votes", (_ID, _POST, _number("VoteTypeId", needed=True), _CREATED))
LINKS = DumpFile(
    "PostLinks", (_ID, _POST, _number("RelatedPostId", needed=True), _number("LinkTypeId", needed=True), _CREATED)
)
TAGS = DumpFile("Tags", (_ID, _text("TagName", needed=True)))
BADGES = DumpFile(
    "Badges", (_ID, _number("UserId", needed=True), _text("Name", needed=True), _moment("Date", needed=True))
)
HISTORY = DumpFile(
    "PostHistory",
    (
        _ID, _POST, _number("PostHistoryTypeId", needed=True), _CREATED, _text("RevisionGUID"), _number("UserId"),
        _text("UserDisplayName"), _text("Comment"), _text("Text"), _text("ContentLicense"),
    ),
)  # fmt: skip

FILES = (USERS, TAGS, POSTS, COMMENTS, VOTES, HISTORY, LINKS, BADGES)

QUESTION, ANSWER = 1, 2
ACCEPTED, UP = 1, 2
LINKED, DUPLICATE = 1, 3

TYPE_NAMES = {
    "Posts": {
        1: "Question", 2: "Answer", 3: "Orphaned tag wiki", 4: "Tag wiki excerpt", 5: "Tag wiki",
        6: "Moderator nomination", 7: "Wiki placeholder", 8: "Privilege wiki", 9: "Article", 10: "Help article",
        12: "Collection", 13: "Moderator questionnaire response", 14: "Announcement", 15: "Collective discussion",
        17: "Collective collection",
    },
    "Votes": {
        1: "AcceptedByOriginator", 2: "UpMod", 3: "DownMod", 4: "Offensive", 5: "Favorite", 6: "Close", 7: "Reopen",
        8: "BountyStart", 9: "BountyClose", 10: "Deletion", 11: "Undeletion", 12: "Spam", 13: "InformModerator",
        15: "ModeratorReview", 16: "ApproveEditSuggestion", 17: "Reaction1", 18: "Helpful", 19: "ThankYou",
        20: "WellWritten", 21: "Follow", 22: "Reaction2", 23: "Reaction3", 24: "Reaction4", 25: "Reaction5",
        26: "Reaction6", 27: "Reaction7", 28: "Reaction8", 29: "Outdated", 30: "NotOutdated", 31: "PreVote",
        32: "CollectiveDiscussionUpvote", 33: "CollectiveDiscussionDownvote", 35: "privateAiAnswerCodeFix",
        36: "privateAiAnswerImprove",
    },
    "PostLinks": {1: "Linked", 3: "Duplicate"},
    "PostHistory": {
        1: "Initial title", 2: "Initial body", 3: "Initial tags", 4: "Edit title", 5: "Edit body", 6: "Edit tags",
        7: "Rollback title", 8: "Rollback body", 9: "Rollback tags", 10: "Post closed", 11: "Post reopened",
        12: "Post deleted", 13: "Post undeleted", 14: "Post locked", 15: "Post unlocked", 16: "Community owned",
        17: "Post migrated", 18: "Question merged", 19: "Question protected", 20: "Question unprotected",
        21: "Post disassociated", 22: "Question unmerged", 24: "Suggested edit applied", 25: "Post tweeted",
        31: "Comment discussion moved to chat", 33: "Post notice added", 34: "Post notice removed",
        35: "Post migrated away", 36: "Post migrated here", 37: "Post merge source", 38: "Post merge destination",
        50: "Bumped by Community user", 52: "Question became hot", 53: "Question removed from hot list",
        66: "Created from Ask Wizard",
    },
}  # fmt: skip
