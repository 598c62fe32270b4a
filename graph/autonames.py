"""Names that a provider draws, where the program gives none: another at every preview.

https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming
"""

import re
from collections.abc import Mapping
from typing import Any, Final

DEFAULTS: Final = "__defaults"
"""Where a bridged provider notes which inputs it filled in itself, such as a name:
https://github.com/pulumi/pulumi-terraform-bridge/blob/master/pkg/reservedkeys/keys.go"""
_DRAWN: Final = re.compile(r".*-[0-9a-f]{7}(\.\w+)?")


def drawn(inputs: Mapping[str, Any]) -> dict[str, str]:
    """Those among a resource's inputs, by property."""
    filled = {key: inputs.get(key) for key in inputs.get(DEFAULTS) or ()}
    return {k: v for k, v in filled.items() if isinstance(v, str) and _DRAWN.fullmatch(v)}
