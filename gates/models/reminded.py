"""What digests told, thing by thing, so that the thing itself can say who was reminded of it, and when."""

from django.db import models

from accounts.models import Mail, User
from portfolio.models import Pilot


class Reminded(models.Model):
    """That a digest told `person` of a thing. Written while it is composed; `gates.reminders` reads it."""

    #: The lasting name of the thing: "gates.flag:7", "gates.condition:3"; of a decision that waits, the pilot's.
    about = models.CharField(max_length=80)
    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    #: The day it was for the person.
    on = models.DateField()
    mail = models.ForeignKey(Mail, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["about", "on"], name="gates_reminded_of"),)
