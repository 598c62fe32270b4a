"""Classes of incident; the stack file says who answers each."""

from typing import Literal

Issue = Literal["outage", "security", "data_loss"]
