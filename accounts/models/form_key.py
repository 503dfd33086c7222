"""Keys of forms that were sent, so that a form posted twice has one effect."""

from django.db import models
from django.db.models.functions import Now

from accounts.models.user import User


class FormKey(models.Model):
    """A key made when a form was rendered, kept once the form took effect, with where that led."""

    key = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    #: Address that the first post answered with; the second gets the same.
    location = models.CharField(max_length=500, blank=True)
    used_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (models.Index(fields=["used_at"], name="accounts_formkey_age"),)
