"""What a member is told once, on the next page (MESSAGE_STORAGE)."""

from typing import Any

from django.contrib.messages.storage.base import BaseStorage
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpRequest
from django.utils.functional import cached_property


class Messages(FallbackStorage):
    """Django's, in a cookie or else in the session; what makes and checks cookies is made only for who has messages."""

    def __init__(self, request: HttpRequest) -> None:
        BaseStorage.__init__(self, request)
        self._used_storages: set[BaseStorage] = set()

    @cached_property
    def storages(self) -> list[BaseStorage]:
        """Where messages may be."""
        return [storage(self.request) for storage in self.storage_classes]

    def _get(self, *args: Any, **kwargs: Any) -> Any:
        if CookieStorage.cookie_name in self.request.COOKIES or SessionStorage.session_key in self.request.session:
            return super()._get(*args, **kwargs)  # type: ignore[misc]  # not in the stubs
        return [], True

    def _store(self, messages: list[Any], response: Any, *args: Any, **kwargs: Any) -> Any:
        if not messages and not self._used_storages:
            return []
        return super()._store(messages, response, *args, **kwargs)  # type: ignore[misc]
