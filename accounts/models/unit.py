"""Business units."""

from django.db import models


class Unit(models.Model):
    """A business unit; units form a tree."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=160)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
