"""Stack files of the alarms' tests."""

from typing import Any

from tests.config.strategies import CONTACTS

PRO: dict[str, Any] = {
    "tier": "pro",
    "contacts": CONTACTS,
    "origins": ["https://app.example.com"],
    "account": {"owner": True},
}
"""The README's example, but for its replicas."""
