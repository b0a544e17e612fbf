"""Managing products in Django's admin, for network administrators. Threads are changed on their pages, by actions."""

from django.contrib import admin

from threads.models import Product, ProductVersion


class ProductVersionInline(admin.TabularInline):
    """A product's versions."""

    model = ProductVersion
    extra = 1


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    """Products that threads are about."""

    list_display = ("name", "slug", "vendor")
    list_select_related = ("vendor",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (ProductVersionInline,)
