"""What this room itself puts on the pilot page, a module for each panel; importing it registers them."""

from portfolio.panels import history, people, what_moved

__all__ = ["history", "people", "what_moved"]
