"""How far the walk of a trail raises its process's peak, for a process of its own to say.

Arguments: the server's port, and databases with a short trail and a long one.
"""

import json
import sys

from functions.maintenance.chain import verify
from tests.functions.maintenance.memory import peak
from tests.functions.maintenance.servers import connect
from tests.migrations.databases import Database


def main(port: str, short: str, long: str) -> None:
    # What the first of them costs is code, whatever its length.
    print(json.dumps([(walked(port, name), peak()) for name in (short, long)]))


def walked(port: str, name: str) -> int:
    connection = connect(Database(int(port), name))
    with connection.transaction():
        return verify(connection).rows


if __name__ == "__main__":
    main(*sys.argv[1:])
