"""In which zone the next subnet is made."""

from collections.abc import Sequence

import pulumi
from pulumi import Output

from config.problems import Problem


class TooFewZonesError(pulumi.RunError):
    """AWS offers the account fewer zones than the network is to have."""


def first_free(
    offered: Output[list[str]], taken: Sequence[Output[str]], wanted: int
) -> Output[str]:
    """The first zone by name in which no earlier subnet is. Raises TooFewZonesError."""

    def choose(known: list[list[str]]) -> str:
        zones = sorted(known[0])
        free = [zone for zone in zones if zone not in known[1]]
        if not free:
            problem = Problem(
                ("network", "zones"),
                wanted,
                f"{len(zones)} in this account and Region",
                f"AWS offers the account {', '.join(zones) or 'none'} and no other",
                "lower network.zones, or choose another Region",
            )
            raise TooFewZonesError(f"no zone for another subnet\n{problem}")
        return free[0]

    return Output.all(offered, Output.all(*taken)).apply(choose)
