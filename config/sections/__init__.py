"""One section per subject; each component is given the section it needs."""

from config.sections.api import Api, Functions, Limits
from config.sections.data import Backup, Database, Storage
from config.sections.edge import Edge, Firewall, Site
from config.sections.operations import (
    Account,
    Alarms,
    Budget,
    Contacts,
    Delivery,
    Features,
    Logs,
)
from config.sections.security import Audit, Identity, Network

__all__ = [
    "Account",
    "Alarms",
    "Api",
    "Audit",
    "Backup",
    "Budget",
    "Contacts",
    "Database",
    "Delivery",
    "Edge",
    "Features",
    "Firewall",
    "Functions",
    "Identity",
    "Limits",
    "Logs",
    "Network",
    "Site",
    "Storage",
]
