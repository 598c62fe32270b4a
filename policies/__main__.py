"""The policy pack: ``pulumi preview --policy-pack policies``. It serves until it is stopped."""

import sys
from pathlib import Path

# The engine runs this folder, not the project it is in.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pulumi_policy import EnforcementLevel, PolicyPack

from policies.analyzer import policies
from policies.rules import RULES

PolicyPack(
    "ma-platform",
    policies=policies(RULES),
    enforcement_level=EnforcementLevel.MANDATORY,
)
