from audit.models.append_only import AppendOnly
from audit.models.event import Event, Head
from audit.models.job import JobRun

__all__ = ["AppendOnly", "Event", "Head", "JobRun"]
