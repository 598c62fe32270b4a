"""How many alarms a stack cannot do without, by what of it asks for them."""

from config.capacity import declared
from config.firewall import enabled
from config.model import StackConfig
from contract.tables import TABLES

USD = 0.10
"""A month for each above the account's first ten: https://aws.amazon.com/cloudwatch/pricing/"""
PRODUCTION = ("pro", "enterprise")


def needed(stack: StackConfig) -> dict[str, int]:
    """Metrics of the alarms on what nobody else would notice, on what stops people and on what
    is to be scaled; in production also on what works badly. A test holds it to the components."""
    realtime = stack.features.realtime
    queues = {function.unattended for function in declared(stack)} - {None}
    asked = {
        "failures": len(queues) + 1,
        "functions": 1,
        "outbox": int(realtime),
        "audit": 1,
        "database": 4,
        "api": 3,
        "account.alone": int(stack.account.alone),
    }
    if stack.tier in PRODUCTION:
        asked |= {
            "websocket": int(realtime),
            "edge": 1 + enabled(stack.edge),
            "identity": 1,
            "rotation": 1,
            "trail": 4 * stack.account.has_trail(),
            "tables": 2 * sum(table.ttl is None for table in TABLES.values()),
            "database.replicas": stack.database.replicas,
            "database.proxy": int(stack.database.proxy),
        }
    return asked
