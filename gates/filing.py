"""Files of evidence: a private store, named by content."""

from dataclasses import dataclass

from gates.states import FileType


@dataclass(frozen=True)
class KeptFile:
    """A file that is in the store, and what is known of it."""

    sha256: str
    size: int
    type: FileType
    #: The name under which it is downloaded.
    name: str
