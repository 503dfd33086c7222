"""Where the kernel has no parent-death signal: wait for our parent's end, then signal its child.

Run as a plain script: `watcher.py PID SIGNAL`, with a pipe from the parent as standard input. The pipe ends
when the parent does, however it ends; one line on it means that there is nothing left to do.
"""

import os
import sys


def main() -> None:
    """Wait for the end of the pipe, or for the line that says that all is over."""
    pid, number = int(sys.argv[1]), int(sys.argv[2])
    if not sys.stdin.readline():
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return


if __name__ == "__main__":
    main()
