"""A cache in Redis that forgets when Redis is away, so that nothing fails for want of it.

What is cached can be found out again (how frequent words are) or is a limit that may be passed for once (attempts to
sign in): signing in and searching must not end with Redis.
"""

import logging
from collections.abc import Iterable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class ForgetfulClient(RedisCacheClient):
    """Answers as an empty cache while Redis cannot be asked; says so in the log once an outage."""

    _away = False

    def get(self, key: Any, default: Any) -> Any:
        """The value, or the default."""
        return self._ask("get", default, key, default)

    def get_many(self, keys: Iterable[Any]) -> dict[Any, Any]:
        """The values that are there."""
        found: dict[Any, Any] = self._ask("get_many", {}, keys)
        return found

    def has_key(self, key: Any) -> bool:
        """Whether there is a value."""
        return bool(self._ask("has_key", False, key))

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        """Keep a value where there was none."""
        return bool(self._ask("add", True, key, value, timeout))

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        """Keep a value."""
        self._ask("set", None, key, value, timeout)

    def set_many(self, data: Any, timeout: Any) -> None:
        """Keep values."""
        self._ask("set_many", None, data, timeout)

    def touch(self, key: Any, timeout: Any) -> bool:
        """Keep a value for longer."""
        return bool(self._ask("touch", False, key, timeout))

    def incr(self, key: Any, delta: Any) -> int:
        """Count up from what is there."""
        return int(self._ask("incr", delta, key, delta))

    def delete(self, key: Any) -> bool:
        """Forget a value."""
        return bool(self._ask("delete", False, key))

    def delete_many(self, keys: Iterable[Any]) -> None:
        """Forget values."""
        self._ask("delete_many", None, keys)

    def clear(self) -> bool:
        """Forget everything."""
        return bool(self._ask("clear", False))

    def _ask(self, name: str, otherwise: Any, *args: Any) -> Any:
        try:
            answer = getattr(super(), name)(*args)
        except RedisError as error:
            if not self._away:
                log.warning("the cache is away (%s); nothing is remembered meanwhile", error)
            self._away = True
            return otherwise
        self._away = False
        return answer


class ForgetfulRedisCache(RedisCache):
    """Django's Redis cache with that client."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgetfulClient
