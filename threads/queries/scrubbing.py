"""All that a practice ever said, and was said of it: where a detail may still stand."""

from threads.models import Practice, PracticeVersion, ReviewComment, Suggestion


def texts_ever(practice: Practice) -> dict[str, str]:
    """Every text of a practice by its place: what it says now, its versions, what was suggested and said in reviews,
    and what strangers read."""
    texts = {"now:title": practice.title} | {f"now:{name}": text for name, text in practice.fields.items()}
    texts |= {f"public:{name}": text for name, text in practice.public_text.items()}
    rows: list[PracticeVersion | Suggestion] = [*PracticeVersion.objects.filter(practice=practice).order_by("number")]
    rows += Suggestion.objects.filter(practice=practice).order_by("pk")
    for row in rows:
        place = f"{'version' if isinstance(row, PracticeVersion) else 'suggestion'}:{row.pk}"
        texts |= {f"{place}:title": row.title, f"{place}:reason": row.reason}
        texts |= {f"{place}:{name}": text for name, text in row.fields.items()}
    for comment in ReviewComment.objects.filter(review__practice=practice).order_by("pk"):
        texts |= {f"comment:{comment.pk}:quote": comment.quote, f"comment:{comment.pk}:body": comment.body}
    return texts
