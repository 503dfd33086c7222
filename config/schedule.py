"""The one schedule. Times are UTC; each job works out its people's own days and hours."""

from datetime import timedelta

from audit.schedule import Job

JOBS = (
    Job(
        name="beat.alive",
        title="Scheduler",
        what="Shows that the scheduler and the worker are alive, and rings for jobs that were missed.",
        period=timedelta(minutes=1),
    ),
    Job(
        name="mail.deliver",
        title="Outgoing mail",
        what="Sends the mails whose turn has come.",
        period=timedelta(minutes=1),
    ),
    Job(
        name="digests.compose",
        title="Digests",
        what="Writes the digests of the people whose day and hour has come, each in their own time zone.",
        period=timedelta(hours=1),
        offset=timedelta(minutes=5),
    ),
    Job(
        name="reviews.reopen",
        title="Gates opened again",
        what="Opens concluded gates again whose evidence lapsed, whose people left, or whose risk class rose.",
        period=timedelta(days=1),
        offset=timedelta(hours=2, minutes=10),
    ),
    Job(
        name="drift.scan",
        title="Drift",
        what="Looks at every pilot and opens, changes and closes flags.",
        period=timedelta(days=1),
        offset=timedelta(hours=2, minutes=30),
    ),
    Job(
        name="meetings.open",
        title="Packs of meetings",
        what="Opens meetings whose pack is due, 48 hours ahead unless their committee says otherwise, and mails it.",
        period=timedelta(minutes=10),
    ),
    Job(
        name="audit.seal",
        title="Audit seal",
        what="Writes the end of the audit trail to a file outside the database, and forgets old runs.",
        period=timedelta(hours=1),
        offset=timedelta(minutes=40),
    ),
    Job(
        name="imports.sweep",
        title="Uploaded registers",
        what="Removes registers that were uploaded more than a day ago.",
        period=timedelta(hours=1),
        offset=timedelta(minutes=50),
    ),
    Job(
        name="files.sweep",
        title="Files of evidence",
        what="Removes files that belong to nothing, and looks whether any is missing.",
        period=timedelta(hours=1),
        offset=timedelta(minutes=20),
    ),
    Job(
        name="files.scan",
        title="Scanner",
        what="Lets the virus scanner, where one is set up, look at new files of evidence.",
        period=timedelta(minutes=5),
    ),
    Job(
        name="votes.sweep",
        title="Votes and notices",
        what="Closes votes and notices whose time is over, and reminds, once, those who have not voted.",
        period=timedelta(minutes=5),
    ),
)
