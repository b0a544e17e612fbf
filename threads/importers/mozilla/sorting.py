"""Which staged rows are taken, and in which order. Every other row gets a reason.

Posts are put into one order: threads by their question's date, and within a thread by date, the question first.
Taking them in that order, any number at a time, numbers each thread without gaps wherever an import is interrupted.
"""

from collections.abc import Collection

from django.utils.translation import gettext as _

from threads.importers.mozilla.links import ArticleLinks
from threads.importers.report import Report
from threads.importers.staging import Staging

DEFAULT_LOCALE = "en-US"
MOST_HELPFUL = 100

JUDGED = """
UPDATE Questions SET reason = 'locale' WHERE wanted(COALESCE(locale, '')) = '';
UPDATE Answers SET reason = (
    SELECT CASE WHEN q.Id IS NULL THEN 'no_question' WHEN q.reason IS NOT NULL THEN 'question_skipped' END
    FROM Answers a LEFT JOIN Questions q ON q.Id = a.question_id WHERE a.Id = Answers.Id
);
UPDATE Articles SET slug = trim(slug), locale = COALESCE(NULLIF(trim(COALESCE(locale, '')), ''), 'en-US');
CREATE INDEX article_named ON Articles (slug, locale, Id);
UPDATE Articles SET reason = CASE
    WHEN slug = '' OR trim(title, char(9, 10, 13, 32)) = '' THEN 'empty'
    WHEN wanted(locale) = '' THEN 'locale'
    WHEN EXISTS (SELECT 1 FROM Articles e WHERE e.slug = Articles.slug AND e.locale = Articles.locale
        AND e.Id < Articles.Id) THEN 'again'
END;

CREATE TABLE item (key INTEGER PRIMARY KEY, is_answer INTEGER, Id INTEGER);
INSERT INTO item (is_answer, Id) SELECT is_answer, Id FROM (
    SELECT 0 AS is_answer, Id, created AS asked, Id AS question, created AS at FROM Questions WHERE reason IS NULL
    UNION ALL
    SELECT 1, a.Id, q.created, q.Id, max(a.created, q.created)
        FROM Answers a JOIN Questions q ON q.Id = a.question_id WHERE a.reason IS NULL
) ORDER BY asked, question, at, is_answer, Id;

CREATE TABLE People (Id INTEGER PRIMARY KEY, creator TEXT, at INTEGER, reason TEXT);
INSERT INTO People (creator, at) SELECT creator, min(at) FROM (
    SELECT trim(COALESCE(creator, '')) AS creator, created AS at FROM Questions WHERE reason IS NULL
    UNION ALL SELECT trim(COALESCE(creator, '')), created FROM Answers WHERE reason IS NULL
) GROUP BY creator ORDER BY min(at), creator;

CREATE TABLE Helpful (Id INTEGER PRIMARY KEY, answer INTEGER, number INTEGER, at INTEGER, reason TEXT);
INSERT INTO Helpful (answer, number, at)
    WITH RECURSIVE vote (answer, number, most, at) AS (
        SELECT Id, 1, min(num_helpful, $most), created FROM Answers WHERE reason IS NULL AND num_helpful > 0
        UNION ALL SELECT answer, number + 1, most, at FROM vote WHERE number < most
    )
    SELECT answer, number, at FROM vote ORDER BY answer, number;
""".replace("$most", str(MOST_HELPFUL))

LINKED = """
CREATE TABLE Links (
    Id INTEGER PRIMARY KEY, answer INTEGER, locale TEXT, slug TEXT, question INTEGER, article INTEGER, reason TEXT
);
"""

LINKS_JUDGED = """
UPDATE Links SET question = (SELECT question_id FROM Answers WHERE Answers.Id = answer), article = COALESCE(
    (SELECT a.Id FROM Articles a WHERE a.slug = Links.slug AND a.locale = Links.locale AND a.reason IS NULL),
    (SELECT a.Id FROM Articles a WHERE a.slug = Links.slug AND a.locale = 'en-US' AND a.reason IS NULL),
    (SELECT min(a.Id) FROM Articles a WHERE a.slug = Links.slug AND a.reason IS NULL)
);
CREATE TABLE first_link (question INTEGER, article INTEGER, Id INTEGER, PRIMARY KEY (question, article));
INSERT OR IGNORE INTO first_link SELECT l.question, l.article, l.Id
    FROM Links l JOIN Answers a ON a.Id = l.answer WHERE l.article IS NOT NULL ORDER BY a.created, a.Id, l.Id;
UPDATE Links SET reason = CASE
    WHEN article IS NULL THEN 'no_article'
    WHEN Id NOT IN (SELECT Id FROM first_link) THEN 'again'
END;
"""
_ANSWERS = """
SELECT Id AS key, content FROM Answers
WHERE reason IS NULL AND content LIKE '%/kb/%' AND Id > ? ORDER BY Id LIMIT ?
"""
_DERIVED = ("People", "Helpful", "Links")
_AT_ONCE = 500


def sort(staging: Staging, report: Report, *, site: str, locales: Collection[str]) -> None:
    """Judge the staged rows, put those that are taken into order, and find the links between them."""
    staging.function("wanted", lambda locale: locale if not locales or locale in locales else "")
    staging.run(JUDGED)
    staging.run(LINKED)
    links = ArticleLinks(site)
    for answers in staging.slices(_ANSWERS, _AT_ONCE):
        found = [
            (None, answer["key"], locale, slug, None, None)
            for answer in answers
            for locale, slug in links.found_in(answer["content"])
        ]
        staging.add("Links", found)
    staging.run(LINKS_JUDGED)
    for name in _DERIVED:
        report.of(name).read = staging.count(name)
    cut = staging.rows("SELECT count(*) FROM Answers WHERE reason IS NULL AND num_helpful > ?", MOST_HELPFUL)
    report.remarks[_("more than %(most)d found an answer helpful") % {"most": MOST_HELPFUL}] += cut[0][0]


def reason_in_words(_name: str, reason: str) -> str:
    """Why rows were left out, as the summary says it."""
    return {
        "again": _("says the same as an earlier row"),
        "empty": _("has no title or no address"),
        "locale": _("is in a language that was not asked for"),
        "no_article": _("the article is not in the export"),
        "no_question": _("its question is not in the export"),
        "question_skipped": _("its question was skipped"),
    }[reason]
