"""Products with their versions, and tags: what threads and practices are about."""

from django.db import models

from community.models import Organization


class Product(models.Model):
    """Something that is supported; `vendor` is the organization that makes it, when it is in the network."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    vendor = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="products")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class ProductVersion(models.Model):
    """One released version of a product."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="versions")
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["product", "name"], name="product_version_once"),)

    def __str__(self) -> str:
        return f"{self.product} {self.name}"


class Tag(models.Model):
    """A word for what a thread is about."""

    slug = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug
