"""What is said while somebody waits."""

import io
import sys
import threading

from tools import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_steps_are_lines_where_nobody_watches_a_terminal(capsys):
    with progress.steps() as say:
        say("packaging health")
        say("packaging worker")

    assert capsys.readouterr() == ("", "packaging health\npackaging worker\n")


def test_a_step_takes_the_place_of_the_last_on_a_terminal_and_none_is_left(monkeypatch):
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress.steps() as say:
        say("packaging health")
        say("packaging worker")

    assert terminal.getvalue() == "\r\033[Kpackaging health\r\033[Kpackaging worker\r\033[K"


def test_a_run_counts_its_resources_on_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress.counted("dev") as count:
        count(2, "urn")

    assert terminal.getvalue() == "\r\033[Kdev: starting\r\033[Kdev: 2 resources\r\033[K"


def test_a_run_that_is_soon_over_says_nothing_to_a_pipe(capsys):
    with progress.counted("dev") as count:
        assert count is None

    assert capsys.readouterr() == ("", "")


def test_a_run_that_takes_long_says_so_once(capsys, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0)
    with progress.counted("dev"):
        for thread in threading.enumerate():
            if isinstance(thread, threading.Timer):
                thread.join()

    assert capsys.readouterr().err == (
        "dev: still running the program; a first run compiles what it imports\n"
    )
