"""The pages under /settings/: each room registers its own at start-up, so that nothing here looks upwards."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SettingsEntry:
    """One entry of the settings index."""

    label: str
    #: One sentence: what the administrator does there.
    description: str
    url_name: str
    order: int = 100
    icon: str = "settings"


_entries: dict[str, SettingsEntry] = {}


def register_settings(entry: SettingsEntry) -> None:
    """Add an entry to the settings index."""
    _entries[entry.url_name] = entry


def settings_entries() -> list[SettingsEntry]:
    """Every registered entry, in order."""
    return sorted(_entries.values(), key=lambda entry: (entry.order, entry.label))


register_settings(
    SettingsEntry("People", "Who has an account, which roles they hold, who is invited.", "accounts:person-list", 10)
)
register_settings(
    SettingsEntry("Units", "The business units that pilots belong to.", "accounts:unit-list", 20, "portfolio")
)
register_settings(
    SettingsEntry("Mail", "Every mail that went out or waits, and what became of it.", "accounts:mail-list", 80, "mail")
)
register_settings(
    SettingsEntry(
        "Jobs", "What runs by itself, when it ran last, and when it runs next.", "accounts:job-list", 90, "jobs"
    )
)
