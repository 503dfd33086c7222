from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "portfolio"
    verbose_name = "Portfolio"

    def ready(self) -> None:
        # The vocabulary of events must be known before the first verb runs.
        from portfolio import events  # noqa: F401, PLC0415
