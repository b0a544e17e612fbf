"""From staged rows of an export of Mozilla Support to what the actions store."""

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from threads.importers.columns import moment
from threads.importers.mozilla.articles import markdown_of
from threads.importers.mozilla.sorting import DEFAULT_LOCALE
from threads.importers.report import Report
from threads.importers.texts import one_line, short_id, tags_from, title_of, with_whole_links
from threads.rules.imported import (
    ImportedArticle,
    ImportedReply,
    ImportedThread,
    ImportedUse,
    ImportedVote,
    Origin,
    Person,
    Writing,
)
from threads.rules.limits import BODY_LENGTH, TITLE_LENGTH

LICENSE = "CC BY-SA"
# No creator's name begins with a space.
NOBODY = " nobody"
EDITORS = " knowledge-base"
_NAME_LENGTH = 120


@dataclass
class Mapping:
    """Knows the site; remarks what had to be mended."""

    site: str
    report: Report

    @property
    def web(self) -> str:
        """Where the site is on the web."""
        return f"https://{self.site}"

    def person(self, row: Row) -> Person:
        """A row of People."""
        return self._author(row["creator"], moment(row["at"]))

    def _author(self, creator: str | None, at: datetime) -> Person:
        name = one_line(creator)
        return Person(short_id(name), name[:_NAME_LENGTH], at) if name else Person(NOBODY, _("Former member"), at)

    def post(self, row: Row) -> ImportedThread | ImportedReply:
        """A row of `item`: a question or an answer."""
        question = str(row["question"])
        page, key = f"{self.web}/questions/{question}", self.key_of(row)
        if not row["is_answer"]:
            names = [row["topic"] or "", *(row["tags"] or "").split(";"), self._language(row["locale"])]
            title = title_of(row["title"], row["content"], self.report)
            writing = self._writing(row, key, page, page)
            return ImportedThread(writing, title, tags_from(names, self.report), product=one_line(row["product"]))
        writing = self._writing(row, key, f"{page}#answer-{row['Id']}", page)
        return ImportedReply(writing, question)

    def key_of(self, row: Row) -> str:
        """The id that a row of `item` is known by."""
        return reply_id(row["Id"]) if row["is_answer"] else str(row["Id"])

    def _language(self, locale: str | None) -> str:
        return "" if locale == DEFAULT_LOCALE else locale or ""

    def _writing(self, row: Row, key: str, address: str, page: str) -> Writing:
        created = moment(row["created"])
        body = with_whole_links(row["content"], web=self.web, page=page)
        edited = None
        if row["updated"] is not None and row["updated"] > row["created"]:
            edited = moment(row["updated"])
        author = self._author(row["creator"], created)
        return Writing(Origin(key, address, LICENSE), author, body, created, edited, row["score"])

    def article(self, row: Row) -> ImportedArticle:
        """A row of Articles."""
        title = title_of(row["title"], "", self.report)[:TITLE_LENGTH]
        problem = one_line(row["summary"]) or title
        said = markdown_of(row["html"] or "", web=self.web) or (row["text"] or "").strip() or problem
        if len(said) > BODY_LENGTH:
            self.report.remarks[_("article shortened")] += 1
        address = f"{self.web}/{row['locale']}/kb/{row['slug']}"
        return ImportedArticle(
            Origin(article_id(row), address[:500], LICENSE), self.editors(), title, problem,
            Truncator(said).chars(BODY_LENGTH), tags=tags_from([self._language(row["locale"])], self.report),
        )  # fmt: skip

    def editors(self) -> Person:
        """Who stands for all who wrote the articles."""
        return Person(EDITORS, _("Knowledge base of %(site)s") % {"site": self.site}, moment(0))

    def vote(self, row: Row) -> ImportedVote:
        """A row of Helpful."""
        return ImportedVote(f"{row['answer']}#{row['number']}", reply_id(row["answer"]), False, moment(row["at"]))

    def use(self, row: Row) -> ImportedUse:
        """A row of Links, with the answer's author and date and the article's address."""
        at = moment(row["created"])
        return ImportedUse(str(row["question"]), article_id(row), self._author(row["creator"], at), at)


def reply_id(answer: int) -> str:
    """Answers have ids of their own there, which may be those of questions."""
    return f"answer-{answer}"


def article_id(row: Row) -> str:
    """The name in an article's address; with its language before it where that is not the usual one."""
    slug, locale = row["slug"], row["locale"]
    return short_id(slug if locale == DEFAULT_LOCALE else f"{locale}/{slug}")
