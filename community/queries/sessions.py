"""The sessions' store: Django's in the database, read with one prepared query, because every request asks."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from community.queries.prepared import Prepared
from community.rules import clock

_kept = Prepared(lambda key: Session.objects.filter(session_key=key))


class SessionStore(db.SessionStore):
    """Asks the database every time, so that who signed out anywhere is out everywhere at once."""

    def _get_session_from_db(self) -> Any:
        found = _kept(key=self.session_key or "").first()
        if found is not None and found.expire_date > clock.now():
            return found
        self._session_key = None
        return None
