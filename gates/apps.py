from django.apps import AppConfig


class GatesConfig(AppConfig):
    name = "gates"
    verbose_name = "Gates and decisions"

    def ready(self) -> None:
        # The vocabulary must be known before the first verb runs, and the pilot page asks for this room's panels.
        from gates import clinic_panel, events, evidence_panel, flag_panel, panels  # noqa: F401, PLC0415
