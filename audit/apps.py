from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = "Audit trail"

    def ready(self) -> None:
        # Checks register themselves when their module is read; the registry must be filled at start-up.
        from audit import checks  # noqa: F401, PLC0415
