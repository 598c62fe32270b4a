"""Run every benchmark: ``python -m benchmarks``."""

from benchmarks import preview

preview.main()
