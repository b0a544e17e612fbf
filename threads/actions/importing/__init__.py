"""Writing what an importer read: in bulk, each call one transaction that leaves everything consistent.

All of these can be called again with the same things: what is there already, by its origin, is left alone.
"""

from threads.actions.importing.articles import import_articles
from threads.actions.importing.badges import import_badges
from threads.actions.importing.members import import_people
from threads.actions.importing.posts import Made, import_posts
from threads.actions.importing.relations import import_relations
from threads.actions.importing.resolutions import import_solutions
from threads.actions.importing.revisions import import_revisions
from threads.actions.importing.tags import import_tags
from threads.actions.importing.uses import import_uses
from threads.actions.importing.votes import import_votes

__all__ = [
    "Made",
    "import_articles",
    "import_badges",
    "import_people",
    "import_posts",
    "import_relations",
    "import_revisions",
    "import_solutions",
    "import_tags",
    "import_uses",
    "import_votes",
]
