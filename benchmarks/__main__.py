"""Run benchmarks: ``python -m benchmarks [NAME...]``; without a name all but the long one."""

import sys
from importlib import import_module

NAMES = ("preview", "policy", "cold_start", "database", "maintenance", "fuzz")
LONG = "fuzz"

chosen = sys.argv[1:] or [name for name in NAMES if name != LONG]
if unknown := set(chosen) - set(NAMES):
    sys.exit(f"no benchmark {', '.join(sorted(unknown))}; use some of: {', '.join(NAMES)}")
for name in chosen:
    import_module(f"benchmarks.{name}").main()
