"""Which staged rows are taken, and in which order. Every other row gets a reason.

Posts and comments are put into one order: threads by their question's date, and within a thread by date, the question
first and a comment never before its post. Taking them in that order, any number at a time, numbers each thread
without gaps wherever an import is interrupted.
"""

from django.utils.translation import gettext as _

from threads.importers.stackexchange.files import TYPE_NAMES
from threads.importers.staging import Staging
from threads.rules.imported import tag_slug

JUDGED = """
CREATE INDEX tag_named ON Tags (slug(TagName), Id);
UPDATE Tags SET reason = CASE
    WHEN slug(TagName) = '' THEN 'empty'
    WHEN EXISTS (SELECT 1 FROM Tags t WHERE slug(t.TagName) = slug(Tags.TagName) AND t.Id < Tags.Id) THEN 'again'
END;

UPDATE Posts SET reason = CASE
    WHEN PostTypeId NOT IN (1, 2) THEN 'type:' || PostTypeId
    WHEN PostTypeId = 2 AND NOT EXISTS (SELECT 1 FROM Posts q WHERE q.Id = Posts.ParentId AND q.PostTypeId = 1)
        THEN 'no_question'
END;

UPDATE Comments SET reason = (
    SELECT CASE WHEN p.Id IS NULL THEN 'no_post' WHEN p.reason IS NOT NULL THEN 'post_skipped'
        WHEN trim(COALESCE(c.Text, ''), char(9, 10, 13, 32)) = '' THEN 'empty' END
    FROM Comments c LEFT JOIN Posts p ON p.Id = c.PostId WHERE c.Id = Comments.Id
);

CREATE INDEX acceptance ON Votes (PostId, Id) WHERE VoteTypeId = 1;
UPDATE Votes SET reason = 'type:' || VoteTypeId WHERE VoteTypeId NOT IN (1, 2);
UPDATE Votes SET reason = (
    SELECT CASE WHEN p.Id IS NULL THEN 'no_post' WHEN p.reason IS NOT NULL THEN 'post_skipped' END
    FROM Votes v LEFT JOIN Posts p ON p.Id = v.PostId WHERE v.Id = Votes.Id
) WHERE reason IS NULL;
UPDATE Votes SET reason = (
    SELECT CASE
        WHEN q.Id IS NULL OR q.AcceptedAnswerId IS NOT a.Id THEN 'not_accepted'
        WHEN COALESCE(q.OwnerUserId, q.OwnerDisplayName, '') = COALESCE(a.OwnerUserId, a.OwnerDisplayName, '')
            THEN 'own_answer'
        WHEN EXISTS (SELECT 1 FROM Votes v WHERE v.PostId = a.Id AND v.VoteTypeId = 1 AND v.Id < Votes.Id) THEN 'again'
    END
    FROM Posts a LEFT JOIN Posts q ON q.Id = a.ParentId WHERE a.Id = Votes.PostId
) WHERE reason IS NULL AND VoteTypeId = 1;

CREATE TABLE relation (key INTEGER PRIMARY KEY, Id INTEGER, thread INTEGER, other INTEGER, LinkTypeId INTEGER);
UPDATE PostLinks SET reason = 'type:' || LinkTypeId WHERE LinkTypeId NOT IN (1, 3);
UPDATE PostLinks SET reason = (
    SELECT CASE WHEN a.Id IS NULL OR b.Id IS NULL THEN 'no_post'
        WHEN a.reason IS NOT NULL OR b.reason IS NOT NULL THEN 'post_skipped' END
    FROM PostLinks l LEFT JOIN Posts a ON a.Id = l.PostId LEFT JOIN Posts b ON b.Id = l.RelatedPostId
    WHERE l.Id = PostLinks.Id
) WHERE reason IS NULL;
INSERT INTO relation (Id, thread, other, LinkTypeId)
    SELECT l.Id, CASE a.PostTypeId WHEN 1 THEN a.Id ELSE a.ParentId END AS thread,
        CASE b.PostTypeId WHEN 1 THEN b.Id ELSE b.ParentId END AS other, l.LinkTypeId
    FROM PostLinks l JOIN Posts a ON a.Id = l.PostId JOIN Posts b ON b.Id = l.RelatedPostId
    WHERE l.reason IS NULL ORDER BY l.Id;
CREATE INDEX related ON relation (thread, other, LinkTypeId, Id);
UPDATE PostLinks SET reason = 'itself' WHERE Id IN (SELECT Id FROM relation WHERE thread = other);
UPDATE PostLinks SET reason = 'again' WHERE reason IS NULL AND Id IN (
    SELECT r.Id FROM relation r WHERE EXISTS (
        SELECT 1 FROM relation e
        WHERE e.thread = r.thread AND e.other = r.other AND e.LinkTypeId = r.LinkTypeId AND e.Id < r.Id
    )
);

UPDATE Badges SET reason = CASE
    WHEN trim(Name, char(9, 10, 13, 32)) = '' THEN 'empty'
    WHEN NOT EXISTS (SELECT 1 FROM Users u WHERE u.Id = Badges.UserId) THEN 'no_user'
END;

UPDATE PostHistory SET reason = 'type:' || PostHistoryTypeId WHERE PostHistoryTypeId NOT BETWEEN 1 AND 9;
UPDATE PostHistory SET reason = (
    SELECT CASE WHEN p.Id IS NULL THEN 'no_post' WHEN p.reason IS NOT NULL THEN 'post_skipped' END
    FROM PostHistory h LEFT JOIN Posts p ON p.Id = h.PostId WHERE h.Id = PostHistory.Id
) WHERE reason IS NULL;
"""

ORDERED = """
CREATE TABLE item (key INTEGER PRIMARY KEY, kind INTEGER, Id INTEGER);
INSERT INTO item (kind, Id) SELECT kind, Id FROM (
    SELECT 0 AS kind, q.Id AS Id, q.CreationDate AS asked, q.Id AS question, q.CreationDate AS at
        FROM Posts q WHERE q.reason IS NULL AND q.PostTypeId = 1
    UNION ALL
    SELECT 1, a.Id, q.CreationDate, q.Id, max(a.CreationDate, q.CreationDate)
        FROM Posts a JOIN Posts q ON q.Id = a.ParentId WHERE a.reason IS NULL AND a.PostTypeId = 2
    UNION ALL
    SELECT 2, c.Id, q.CreationDate, q.Id, max(c.CreationDate, p.CreationDate, q.CreationDate)
        FROM Comments c JOIN Posts p ON p.Id = c.PostId
        JOIN Posts q ON q.Id = CASE p.PostTypeId WHEN 1 THEN p.Id ELSE p.ParentId END
        WHERE c.reason IS NULL
) ORDER BY asked, question, at, kind, Id;

CREATE TABLE revision (
    key INTEGER PRIMARY KEY, Id INTEGER, PostId INTEGER, taken INTEGER, at INTEGER,
    body INTEGER, title INTEGER, tags INTEGER
);
INSERT INTO revision (Id, PostId, taken, at, body, title, tags)
    SELECT min(Id), PostId, count(*), min(CreationDate),
        max(CASE WHEN PostHistoryTypeId IN (2, 5, 8) THEN Id END),
        max(CASE WHEN PostHistoryTypeId IN (1, 4, 7) THEN Id END),
        max(CASE WHEN PostHistoryTypeId IN (6, 9) THEN Id END)
    FROM PostHistory WHERE reason IS NULL
    GROUP BY PostId, COALESCE(NULLIF(RevisionGUID, ''), Id)
    ORDER BY PostId, min(CreationDate), min(Id);
"""


def sort(staging: Staging) -> None:
    """Judge the staged rows and put those that are taken into order."""
    staging.function("slug", tag_slug)
    staging.run(JUDGED)
    staging.run(ORDERED)


def reason_in_words(file: str, reason: str) -> str:
    """Why rows were left out, as the summary says it."""
    kind, _colon, number = reason.partition(":")
    if kind == "type":
        name = TYPE_NAMES.get(file, {}).get(int(number), _("unknown"))
        return _("not imported: type %(number)s, %(name)s") % {"number": number, "name": name}
    return {
        "again": _("says the same as an earlier row"),
        "empty": _("is empty"),
        "itself": _("links a thread to itself"),
        "no_post": _("its post is not in the dump"),
        "no_question": _("its question is not in the dump"),
        "no_user": _("its user is not in the dump"),
        "not_accepted": _("the answer is no longer the accepted one"),
        "own_answer": _("the asker accepted their own answer"),
        "post_skipped": _("its post was skipped"),
    }[reason]
