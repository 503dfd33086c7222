"""Ringing: after a commit, wake a sweep early. Best effort; rows say what is due, and sweeps come anyway.

Rings leave by a thread of their own, so that a broker that is down or hangs never slows a page, and are dropped
when there are too many.
"""

import logging
import queue
import threading

from celery import current_app
from django.db import transaction

logger = logging.getLogger("pilotage.ringing")

_waiting: queue.Queue[str] = queue.Queue(maxsize=20)
_start = threading.Lock()
_thread: threading.Thread | None = None


def ring(task: str) -> None:
    """Wake `task` once the current transaction is committed."""
    transaction.on_commit(lambda: _enqueue(task), robust=True)


def _enqueue(task: str) -> None:
    if current_app.main != "pilotage" or task in _waiting.queue:
        return
    _ensure_thread()
    try:
        _waiting.put_nowait(task)
    except queue.Full:
        logger.info("ring dropped: %s", task)


def _ensure_thread() -> None:
    global _thread  # noqa: PLW0603  one thread per process, made when first needed (after any fork)
    with _start:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_send_all, name="ringing", daemon=True)
            _thread.start()


def _send_all() -> None:
    while True:
        task = _waiting.get()
        try:
            current_app.send_task(task, retry=False, expires=50)
        except Exception as error:  # noqa: BLE001  whatever ails the broker, the sweep comes anyway
            logger.warning("ring not heard: %s (%s)", task, type(error).__name__)
