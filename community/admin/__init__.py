"""Managing organizations, people and spaces in Django's admin, for network administrators."""

from community.admin import organizations, people, spaces

__all__ = ["organizations", "people", "spaces"]
