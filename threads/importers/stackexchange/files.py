"""The files of a dump: what each is called, what its rows must have, and what the numbers of its types mean."""

from dataclasses import dataclass

from threads.importers.columns import Column, Kind, number, text, when


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


_ID = number("Id", needed=True)
_POST = number("PostId", needed=True)
_CREATED = when("CreationDate", needed=True)

USERS = DumpFile("Users", (_ID, _CREATED, text("DisplayName"), text("AboutMe")), needed=True)
POSTS = DumpFile(
    "Posts",
    (
        _ID, number("PostTypeId", needed=True), _CREATED, number("ParentId"), number("AcceptedAnswerId"),
        Column("Score", Kind.COUNT), number("OwnerUserId"), text("OwnerDisplayName"), when("LastEditDate"),
        when("ClosedDate"), text("Title"), text("Tags"), text("Body"), text("ContentLicense"),
    ),
    needed=True,
)  # fmt: skip
COMMENTS = DumpFile(
    "Comments",
    (
        _ID, _POST, _CREATED, Column("Score", Kind.COUNT), number("UserId"), text("UserDisplayName"), text("Text"),
        text("ContentLicense"),
    ),
)  # fmt: skip
VOTES = DumpFile("Votes", (_ID, _POST, number("VoteTypeId", needed=True), _CREATED))
LINKS = DumpFile(
    "PostLinks", (_ID, _POST, number("RelatedPostId", needed=True), number("LinkTypeId", needed=True), _CREATED)
)
TAGS = DumpFile("Tags", (_ID, text("TagName", needed=True)))
BADGES = DumpFile("Badges", (_ID, number("UserId", needed=True), text("Name", needed=True), when("Date", needed=True)))
HISTORY = DumpFile(
    "PostHistory",
    (
        _ID, _POST, number("PostHistoryTypeId", needed=True), _CREATED, text("RevisionGUID"), number("UserId"),
        text("UserDisplayName"), text("Comment"), text("Text"), text("ContentLicense"),
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
