from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        # The vocabulary of events must be known before the first verb runs, and models before what listens to them.
        from accounts import events, watching  # noqa: F401, PLC0415

        watching.watch()
