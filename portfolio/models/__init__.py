from portfolio.models.assignment import Assignment
from portfolio.models.numbering import Counter
from portfolio.models.pilot import Pilot
from portfolio.models.register_entry import RegisterEntry
from portfolio.models.round import Round
from portfolio.models.standing import Standing
from portfolio.models.status_update import StatusUpdate

__all__ = ["Assignment", "Counter", "Pilot", "RegisterEntry", "Round", "Standing", "StatusUpdate"]
