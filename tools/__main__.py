"""``python -m tools``."""

import os
import sys

# Images for containers set the variable, and many a profile. Modules that are compiled at every run
# make it five times as slow, so they are kept all the same: beside their sources, where `make` has
# put them already and git ignores them, or below PYTHONPYCACHEPREFIX. `python -B` keeps none.
if os.environ.get("PYTHONDONTWRITEBYTECODE"):
    sys.dont_write_bytecode = False

from tools.cli import main

main()
