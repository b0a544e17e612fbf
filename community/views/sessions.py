"""The sessions of browsers (SESSION_ENGINE)."""

from asgiref.sync import sync_to_async

from community.actions.access import end_session
from community.queries import sessions


class SessionStore(sessions.SessionStore):
    """Django's in the database; when a session ends, by signing out or otherwise, its live connections end."""

    def delete(self, session_key: str | None = None) -> None:
        """Ends a session, this one unless another is named."""
        key = session_key or self.session_key
        if key is not None:
            end_session(key=key)

    async def adelete(self, session_key: str | None = None) -> None:
        """The same for asynchronous callers."""
        await sync_to_async(self.delete)(session_key)
