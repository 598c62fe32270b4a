"""How far each job on a backup raises its process's peak, for a process of its own to say.

Arguments: the server's port, a small database, a large one, an empty one, and S3's address.
"""

import json
import os
import re
import sys
from pathlib import Path

from functions.maintenance.bucket import Bucket
from functions.maintenance.deadline import Deadline
from functions.maintenance.export import export
from functions.maintenance.reading import verify
from functions.maintenance.restore import restore
from functions.platform_runtime.secrets.keyring import Keyring
from tests.functions.maintenance.conftest import ABOUT, BUCKET
from tests.functions.maintenance.servers import connect
from tests.migrations.databases import Database


def main(port: str, small: str, large: str, empty: str, s3: str) -> None:
    os.environ |= {"AWS_ENDPOINT_URL_S3": s3}
    bucket, ring, deadline = Bucket(BUCKET), Keyring.new(), Deadline.within(600)
    keys = {name: ring.data_key(f"backups/{name}/full-backup.json") for name in (small, large)}

    def connected(name: str):
        return connect(Database(int(port), name))

    # What the first of each costs is code and connections, whatever its size.
    export(connected(small), bucket, keys[small], deadline, **ABOUT)
    verify(bucket, keys[small])
    peaks = [peak()]
    exported = export(connected(large), bucket, keys[large], deadline, **ABOUT)
    peaks.append(peak())
    verify(bucket, keys[large])
    peaks.append(peak())
    restore(connected(empty), bucket, keys[large], deadline)
    peaks.append(peak())
    print(json.dumps({"peaks": peaks, "stored": exported.bytes}))


def peak() -> int:
    """In bytes. getrusage would tell that of whoever started this process, if it was higher."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
