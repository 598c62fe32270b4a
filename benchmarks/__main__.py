"""Run benchmarks: ``python -m benchmarks [NAME...]``; without a name all but the long one."""

import io
import sys
from importlib import import_module

NAMES = ("preview", "review", "policy", "cold_start", "database", "maintenance", "fuzz")
LONG = "fuzz"

chosen = sys.argv[1:] or [name for name in NAMES if name != LONG]
if unknown := set(chosen) - set(NAMES):
    sys.exit(f"no benchmark {', '.join(sorted(unknown))}; use some of: {', '.join(NAMES)}")
# They take minutes: whoever reads them through a pipe sees each line when it is there, too.
if isinstance(sys.stdout, io.TextIOWrapper):
    sys.stdout.reconfigure(line_buffering=True)
for number, name in enumerate(chosen, 1):
    print(f"{name}, {number} of {len(chosen)}")
    import_module(f"benchmarks.{name}").main()
