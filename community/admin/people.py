"""Members, their grants and invitations."""

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from community.events import action
from community.events.reactors import DOORS_CHANGED, MEMBER_CHANGED, MEMBER_MOVED, react
from community.models import Grant, Invitation, Member


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    """Members. They are never deleted; `active` off ends their access and closes their sockets.

    They are suspended then, unless it is said when they left.
    """

    list_display = ("handle", "name", "organization", "center", "email", "is_active", "is_superuser")
    list_select_related = ("organization", "center")
    list_filter = ("is_active", "is_superuser", "organization")
    search_fields = ("handle", "name", "email")
    autocomplete_fields = ("organization", "center")
    readonly_fields = ("last_login", "source_site", "source_id", "source_url", "source_license")
    exclude = ("password", "groups", "user_permissions")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People come in by invitation."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        """What they wrote stays theirs."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        """Who was erased is nobody any more."""
        return (obj is None or obj.erased_at is None) and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Member, form: ModelForm, change: bool) -> None:
        """Save, and let the other rooms follow."""
        moved = not {"is_active", "organization", "left_at"}.isdisjoint(form.changed_data)

        @action
        def save() -> None:
            if obj.is_active:
                obj.left_at = None
            obj.save()
            react(MEMBER_CHANGED, member=obj)
            if moved:
                react(MEMBER_MOVED, member=obj)
            react(DOORS_CHANGED, member_ids=[obj.pk])

        save()


@admin.register(Grant)
class GrantAdmin(admin.ModelAdmin):
    """Roles given to members."""

    list_display = ("member", "role", "space", "organization", "granted_by", "granted_at")
    list_select_related = ("member", "space", "organization", "granted_by")
    list_filter = ("role",)
    autocomplete_fields = ("member", "organization")
    exclude = ("granted_by",)

    def save_model(self, request: HttpRequest, obj: Grant, form: object, change: bool) -> None:
        """Remember who gave it."""
        obj.granted_by_id = obj.granted_by_id or request.user.pk
        obj.save()


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """Who was invited; inviting has its own page."""

    list_display = ("email", "organization", "invited_by", "invited_at", "expires_at", "accepted_by")
    list_select_related = ("organization", "invited_by", "accepted_by")
    exclude = ("token",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """On the page People, by its button."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        """An invitation can only be withdrawn."""
        return False
