"""What this room itself puts on the pilot page, a module for each panel; importing it registers them."""

from portfolio.panels import business_case, contract, history, measures, people, production_build, what_moved

__all__ = ["business_case", "contract", "history", "measures", "people", "production_build", "what_moved"]
