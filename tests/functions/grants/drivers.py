"""Has each function do all that it may ask AWS for; what it answers is for its own tests to judge.

A driver may call other functions: those are recorded as themselves.
"""

from contract.module_routes import MODULES
from tests.functions.grants import jobs, served

DRIVERS = {
    "rotation": jobs.rotation,
    "bootstrap": jobs.migrate,
    "migrate": jobs.migrate,
    "workspaces": served.workspaces,
    **{name: served.module(name) for name in MODULES},
    "worker": served.worker,
    "authorizer": served.authorizer,
    "health": served.health,
    "health_auth": served.health_auth,
    "connect_authorizer": served.connect_authorizer,
    "realtime": served.realtime,
    "fanout": jobs.fanout,
    "relay": jobs.relay,
    "restored": jobs.restored,
    "maintenance": jobs.maintenance,
    "backup_key": jobs.backup_key,
}
"""Run in this order, once each: secrets and migrations come first."""
