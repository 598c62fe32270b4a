"""One section per subject; each component is given the section it needs."""

from config.sections.api import Api, Functions, Limits
from config.sections.data import Database, Storage
from config.sections.edge import Edge, Site
from config.sections.operations import Account, Alarms, Budget, Contacts, Features, Logs
from config.sections.security import Identity, Network

__all__ = [
    "Account",
    "Alarms",
    "Api",
    "Budget",
    "Contacts",
    "Database",
    "Edge",
    "Features",
    "Functions",
    "Identity",
    "Limits",
    "Logs",
    "Network",
    "Site",
    "Storage",
]
