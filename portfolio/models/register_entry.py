"""What a register said of a pilot when it was last imported."""

from django.db import models

from portfolio.models.pilot import Pilot


class RegisterEntry(models.Model):
    """The facts of a pilot as its register had them.

    An import compares three things: what the register said last time, what it says now, and what stands in the
    file. So it follows the register where the register changed, and leaves alone what was changed in Pilotage.
    """

    pilot = models.OneToOneField(Pilot, on_delete=models.CASCADE, primary_key=True, related_name="register_entry")
    #: `portfolio.registers.facts.Facts.plain()` of the last import that changed anything.
    facts = models.JSONField()
    #: Line of the register's file on which the row began.
    line = models.PositiveIntegerField()
    imported_at = models.DateTimeField()
