"""Managing organizations, people and spaces in Django's admin, for network administrators."""

from community.admin import deleting, organizations, people, spaces

__all__ = ["deleting", "organizations", "people", "spaces"]
