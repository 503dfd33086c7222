"""How much memory the machine, or the container, has, and what of it the embedded PostgreSQL gets."""

import os
from pathlib import Path

MEGABYTE = 1024**2
#: The limit of a container, where there is one; it says "max" where there is none.
_LIMIT = Path("/sys/fs/cgroup/memory.max")


def available(limit: Path = _LIMIT) -> int:
    """Return the memory of the machine, or of the container if that has less, in bytes."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        return min(machine, int(limit.read_text()))
    except (OSError, ValueError):
        return machine


def cache_settings(memory: int) -> dict[str, str]:
    """Return PostgreSQL's own cache, a sixteenth of `memory` (bytes) between 128 MB and 1 GB, and what it may hope for.

    Memory that no data have filled yet is not taken from the machine.
    """
    own = min(max(memory // MEGABYTE // 16, 128), 1024)
    return {"shared_buffers": f"{own}MB", "effective_cache_size": f"{4 * own}MB"}
