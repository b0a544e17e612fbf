"""Which staged rows are taken, and in which order. Every other row gets a reason.

Topics come by their date, and within a topic posts by their number. Taking them in that order, any number at a time,
numbers each thread without gaps wherever an import is interrupted.
"""

from django.utils.translation import gettext as _

from threads.importers.discourse.checking import MOST_LIKES
from threads.importers.report import Report
from threads.importers.staging import Staging

JUDGED = """
CREATE INDEX post_numbered ON Posts (topic_id, post_number, Id);
UPDATE Posts SET cooked = raw WHERE trim(COALESCE(cooked, ''), char(9, 10, 13, 32)) = '';
UPDATE Posts SET reason = CASE
    WHEN post_type = 4 THEN 'whisper'
    WHEN post_type NOT IN (1, 2) THEN 'system'
    WHEN deleted_at IS NOT NULL OR user_deleted THEN 'deleted'
    WHEN hidden THEN 'hidden'
    WHEN trim(COALESCE(cooked, ''), char(9, 10, 13, 32)) = '' THEN 'empty'
    WHEN EXISTS (SELECT 1 FROM Posts e WHERE e.topic_id = Posts.topic_id AND e.post_number = Posts.post_number
        AND e.Id < Posts.Id) THEN 'again'
END;
CREATE INDEX kept_back ON KeptBack (post, against);
UPDATE Posts SET reason = (SELECT min(k.against) FROM KeptBack k WHERE k.post = Posts.Id) WHERE reason IS NULL;
CREATE INDEX place_of ON Access (parent, category);
CREATE INDEX access_to ON Access (category, restricted);
CREATE TABLE restricted (Id INTEGER PRIMARY KEY);
INSERT INTO restricted
    WITH RECURSIVE shut (Id) AS (
        SELECT category FROM Access WHERE restricted
        UNION SELECT a.category FROM Access a JOIN shut ON a.parent = shut.Id
    )
    SELECT Id FROM shut;
CREATE INDEX sign_of ON Signs (topic, against, category);
UPDATE Topics SET reason = CASE
    WHEN EXISTS (SELECT 1 FROM Signs s WHERE s.topic = Topics.Id AND s.against = 'private') THEN 'private'
    WHEN EXISTS (SELECT 1 FROM Signs s JOIN restricted r ON r.Id = s.category WHERE s.topic = Topics.Id)
        THEN 'restricted'
    WHEN EXISTS (SELECT 1 FROM Signs s WHERE s.topic = Topics.Id AND s.against = 'deleted') THEN 'deleted'
    WHEN EXISTS (SELECT 1 FROM Signs s WHERE s.topic = Topics.Id AND s.against = 'unlisted') THEN 'unlisted'
    WHEN NOT EXISTS (SELECT 1 FROM Posts p WHERE p.topic_id = Topics.Id AND p.post_number = 1 AND p.reason IS NULL)
        THEN 'no_first'
END;
UPDATE Posts SET reason = (
    SELECT CASE WHEN t.Id IS NULL THEN 'no_topic' WHEN t.reason IS NOT NULL THEN 'topic_skipped' END
    FROM Posts p LEFT JOIN Topics t ON t.Id = p.topic_id WHERE p.Id = Posts.Id
) WHERE reason IS NULL;

CREATE TABLE item (key INTEGER PRIMARY KEY, Id INTEGER, first INTEGER);
INSERT INTO item (Id, first)
    SELECT p.Id, f.Id FROM Posts p JOIN Posts f ON f.topic_id = p.topic_id AND f.post_number = 1 AND f.reason IS NULL
    WHERE p.reason IS NULL ORDER BY f.created_at, p.topic_id, p.post_number <> 1, p.post_number, p.Id;

CREATE TABLE People (
    Id INTEGER PRIMARY KEY, user_id INTEGER, username TEXT, name TEXT, created_at INTEGER, reason TEXT
);
INSERT INTO People (user_id, username, name, created_at)
    SELECT user_id, username, name, min(created_at) FROM Posts WHERE reason IS NULL
    GROUP BY COALESCE('' || user_id, 'name:' || trim(COALESCE(username, ''))) ORDER BY min(created_at), min(Id);

CREATE TABLE Likes (Id INTEGER PRIMARY KEY, post INTEGER, number INTEGER, reason TEXT);
INSERT INTO Likes (post, number)
    WITH RECURSIVE one (post, number, most) AS (
        SELECT Id, 1, min(likes, $most) FROM Posts WHERE reason IS NULL AND likes > 0
        UNION ALL SELECT post, number + 1, most FROM one WHERE number < most
    )
    SELECT post, number FROM one ORDER BY post, number;

CREATE TABLE answer (post INTEGER PRIMARY KEY, topic INTEGER);
INSERT INTO answer SELECT p.Id, p.topic_id FROM Posts p WHERE p.reason IS NULL AND p.post_number <> 1 AND (
    p.accepted_answer = 1 OR EXISTS (SELECT 1 FROM Named n WHERE n.topic = p.topic_id AND n.post_number = p.post_number)
);
CREATE INDEX answer_of ON answer (topic, post);
CREATE TABLE Solutions (Id INTEGER PRIMARY KEY, at INTEGER, reason TEXT);
INSERT INTO Solutions (Id, at) SELECT a.topic, max(p.created_at) FROM answer a JOIN Posts p ON p.Id = a.post GROUP BY 1;

CREATE INDEX linked ON Links (topic, other, Id);
UPDATE Links SET reason = CASE
    WHEN topic = other THEN 'itself'
    WHEN NOT EXISTS (SELECT 1 FROM Topics t WHERE t.Id = Links.topic AND t.reason IS NULL)
        OR NOT EXISTS (SELECT 1 FROM Topics t WHERE t.Id = Links.other AND t.reason IS NULL) THEN 'no_topic'
    WHEN EXISTS (SELECT 1 FROM Links e WHERE e.topic = Links.topic AND e.other = Links.other AND e.Id < Links.Id)
        THEN 'again'
END;
""".replace("$most", str(MOST_LIKES))

_MISSING = """
SELECT count(*) FROM Topics t
WHERE t.reason IS NULL AND t.stream > (SELECT count(*) FROM Posts p WHERE p.topic_id = t.Id)
"""
_UNSOLVED = """
SELECT count(*) FROM (SELECT DISTINCT topic, post_number FROM Named) n JOIN Topics t ON t.Id = n.topic
WHERE t.reason IS NULL AND NOT EXISTS (
    SELECT 1 FROM answer a JOIN Posts p ON p.Id = a.post WHERE a.topic = n.topic AND p.post_number = n.post_number
)
"""
_UNTOLD = """
SELECT count(*) FROM Topics t WHERE t.reason IS NULL AND NOT EXISTS (
    SELECT 1 FROM Signs s JOIN Access a ON a.category = s.category WHERE s.topic = t.Id AND a.restricted IS NOT NULL
)
"""
_DERIVED = ("People", "Likes", "Solutions", "Links")


def sort(staging: Staging, report: Report) -> None:
    """Judge the staged rows and put those that are taken into order."""
    staging.run(JUDGED)
    for name in _DERIVED:
        report.of(name).read = staging.count(name)
    cut = staging.rows("SELECT count(*) FROM Posts WHERE reason IS NULL AND likes > ?", MOST_LIKES)[0][0]
    report.remarks[_("more than %(most)d liked a post") % {"most": MOST_LIKES}] += cut
    report.remarks[_("topic of which some posts are not in the folder")] += staging.rows(_MISSING)[0][0]
    untold = _("topic of a category of which no file says who may read it")
    report.remarks[untold] += staging.rows(_UNTOLD)[0][0]
    report.remarks[_("accepted answer that is not taken")] += staging.rows(_UNSOLVED)[0][0]


def reason_in_words(_name: str, reason: str) -> str:
    """Why rows were left out, as the summary says it."""
    return {
        "again": _("says the same as an earlier row"),
        "deleted": _("was deleted"),
        "empty": _("is empty"),
        "hidden": _("is hidden there"),
        "itself": _("links a thread to itself"),
        "no_first": _("its first post is not there"),
        "no_topic": _("its topic is not in the folder, or was skipped"),
        "private": _("is a private message"),
        "restricted": _("is in a category that not everybody there may read"),
        "system": _("a note of the system"),
        "topic_skipped": _("its topic was skipped"),
        "unlisted": _("is not listed there"),
        "whisper": _("was said among the staff"),
    }[reason]
