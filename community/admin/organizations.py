"""Organizations, centers and working roles."""

from django.contrib import admin

from community.models import Assignment, Center, Organization, WorkRole


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    """Member organizations."""

    list_display = ("name", "slug", "kind", "created_at")
    list_filter = ("kind",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Center)
class CenterAdmin(admin.ModelAdmin):
    """Support centers."""

    list_display = ("name", "organization", "region", "time_zone", "opens_at", "closes_at")
    list_select_related = ("organization",)
    search_fields = ("name", "organization__name")
    autocomplete_fields = ("organization",)


@admin.register(WorkRole)
class WorkRoleAdmin(admin.ModelAdmin):
    """Working roles and their tiers."""

    list_display = ("name", "tier")


@admin.register(Assignment)
class AssignmentAdmin(admin.ModelAdmin):
    """Who works as what, from when to when."""

    list_display = ("member", "role", "center", "starts_on", "ends_on")
    list_select_related = ("member", "role", "center")
    autocomplete_fields = ("member",)
