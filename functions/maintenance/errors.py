"""Why a job refuses or fails; Lambda hands the text to whoever asked."""


class JobError(Exception):
    """Nothing is half done: what a job had not committed is gone, what it had stays."""


class DeadlineError(JobError):
    """The job could not end in the time Lambda gives it."""
