"""What watches the stack."""

from collections.abc import Iterator

from config.model import StackConfig
from config.problems import Problem
from config.watching import USD, needed


def alarms_hold_what_is_needed(stack: StackConfig) -> Iterator[Problem]:
    """An option that brings something to watch brings what it costs."""
    asked = needed(stack)
    least = sum(asked.values())
    options = ", ".join(f"{n} for {key}" for key, n in asked.items() if "." in key and n)
    if stack.alarms.metrics < least:
        yield Problem(
            ("alarms", "metrics"),
            stack.alarms.metrics,
            f"at least {least}" + (f", of which {options}" if options else ""),
            "with fewer somebody would fail to hear of what fails; each above the account's ten "
            f"free ones is {USD:.2f} dollars a month",
            f"set alarms.metrics to {least}"
            + (", or do without what asks for them" if options else ""),
        )
