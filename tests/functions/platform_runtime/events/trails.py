"""Actions that leave records, and what the chain of them proves to be."""

from functions.maintenance.chain import verify

RESOURCE = "simcore_simulations/1"


def act(trail, *actions, **told):
    with trail.transaction() as audited:
        for action in actions:
            audited.connection.execute(
                "INSERT INTO workspaces (name, created_by) VALUES ('w', 'u')"
            )
            audited.record(action, RESOURCE, **told)


def verdict(database):
    with database.read() as connection:
        return verify(connection)
