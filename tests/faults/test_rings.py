"""What the web server and the worker load: one app in every thread, and a task for every job of the schedule."""

import json
import os
import subprocess
import sys

from django.conf import settings

from tests.faults.processes import CHECKOUT

WEB = """
import json, threading
import config.wsgi
from celery import current_app
seen = []
thread = threading.Thread(target=lambda: seen.append(current_app.main))
thread.start(); thread.join()
print(json.dumps(seen))
"""

WORKER = """
import json
from config.celery import app
app.loader.import_default_modules()
print(json.dumps({
    name: [entry["task"] in app.tasks, str(entry["schedule"]), entry["options"]["expires"]]
    for name, entry in app.conf.beat_schedule.items()
}))
"""


def said_by(program: str) -> object:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(answer.stdout.splitlines()[-1])


def test_every_thread_of_the_web_server_rings_through_our_app():
    assert said_by(WEB) == ["pilotage"]


def test_every_job_has_a_task_and_its_time():
    entries = said_by(WORKER)
    assert set(entries) == {job.name for job in settings.JOBS}
    assert all(known for known, _, _ in entries.values())
    assert entries["mail.deliver"] == [True, "<freq: 1.00 minute>", 50]
    assert entries["digests.compose"] == [True, "<crontab: 5 * * * * (m/h/dM/MY/d)>", 3000]
    assert entries["drift.scan"] == [True, "<crontab: 30 2 * * * (m/h/dM/MY/d)>", 72000]
