from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "portfolio"
    verbose_name = "Portfolio"

    def ready(self) -> None:
        # The vocabulary of events must be known before the first verb runs, and the pilot page asks for its panels.
        from portfolio import events, panels  # noqa: F401, PLC0415
