"""Articles of a knowledge base: practices of one space that are trusted because they were where they come from."""

from collections.abc import Sequence

from community.actions.importing import Archive, lock_archive
from community.events import action
from community.rules import clock
from threads.actions.importing.lookups import known_practices, tag_keys
from threads.actions.importing.members import import_people
from threads.actions.importing.products import products_named
from threads.actions.importing.restoring import said_by
from threads.actions.importing.tags import import_tags
from threads.actions.indexing import index_practices
from threads.models import RECORD_FIELDS, Practice, PracticeVersion, Product
from threads.rules.imported import ImportedArticle


@action
def import_articles(*, archive: Archive, articles: Sequence[ImportedArticle]) -> int:
    """Store those of the articles that are not there, for everybody who sees the space; how many.

    What is there stays as it is, also when somebody here has changed it or merged it into another practice.
    """
    lock_archive(archive)
    known = known_practices(archive.site, (article.origin.id for article in articles))
    new = [article for article in articles if article.origin.id not in known]
    authors, _people = import_people(archive=archive, people=[article.author for article in new])
    products = products_named(article.product for article in new)
    rows = [_practice(archive, each, authors[each.author.id], products.get(each.product)) for each in new]
    Practice.objects.bulk_create(rows)
    _tag(rows, new)
    PracticeVersion.objects.bulk_create(_version(row, each) for row, each in zip(rows, new, strict=True))
    index_practices(rows)
    return len(rows)


def _practice(archive: Archive, article: ImportedArticle, by: int, product: Product | None) -> Practice:
    now = clock.now()
    practice = Practice(
        title=article.title, product=product, space=archive.space, organization=archive.organization, recorded_by_id=by,
        recorded_at=now, updated_at=now, confidence=Practice.Confidence.VALIDATED, basis=Practice.Basis.IMPORTED,
        source_site=archive.site, source_id=article.origin.id, source_url=article.origin.url,
        source_license=article.origin.license,
    )  # fmt: skip
    texts = dict.fromkeys(RECORD_FIELDS, "") | {"problem": article.problem, "resolution": article.resolution}
    said_by(practice, texts)
    practice.place = practice.place_now()
    return practice


def _tag(rows: Sequence[Practice], articles: Sequence[ImportedArticle]) -> None:
    slugs = {slug for article in articles for slug in article.tags}
    import_tags(slugs=sorted(slugs))
    keys = tag_keys(slugs)
    through = Practice.tags.through
    through.objects.bulk_create(
        through(practice_id=row.pk, tag_id=keys[slug])
        for row, article in zip(rows, articles, strict=True)
        for slug in article.tags
    )


def _version(practice: Practice, article: ImportedArticle) -> PracticeVersion:
    return PracticeVersion(
        practice=practice, number=1, title=practice.title, fields=practice.fields, product=practice.product,
        tags=sorted(article.tags), kind=PracticeVersion.Kind.IMPORTED, author_id=practice.recorded_by_id,
        at=practice.updated_at,
    )  # fmt: skip
