from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = "Audit trail"

    def ready(self) -> None:
        # Checks register themselves when their module is read; the registry must be filled at start-up.
        from audit import checks, triggers  # noqa: F401, PLC0415

        post_migrate.connect(triggers.enable_always, sender=self)
