"""Rules for RDS Proxy."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import UNKNOWN
from policies.paths import values
from policies.predicates import NOT_ON, ON, between
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.stack import Stack

PROXY: Final = "aws:rds/proxy:Proxy"
POOL: Final = "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup"

_proxy = partial(Property, type=PROXY)

ROWS: Final[tuple[Rule, ...]] = (
    _proxy(
        name="proxy-over-tls",
        path="requireTls",
        must=ON,
        controls=["7.24"],
        fix="set requireTls to true",
    ),
    _proxy(
        name="proxy-silent-about-statements",
        path="debugLogging",
        must=NOT_ON,
        controls=["7.25"],
        fix="set debugLogging to false: it writes statements with their values",
    ),
    _proxy(
        name="proxy-idle-clients-cut",
        path="idleClientTimeout",
        must=between(1, 1800),
        controls=["7.25"],
        fix="set idleClientTimeout to half an hour or less",
    ),
    Property(
        name="proxy-borrows-briefly",
        type=POOL,
        path="connectionPoolConfig.connectionBorrowTimeout",
        must=between(1, 30),
        controls=["7.25"],
        fix="set connectionBorrowTimeout below the API's 30 seconds",
    ),
    Property(
        name="proxy-leaves-connections",
        type=POOL,
        path="connectionPoolConfig.maxConnectionsPercent",
        must=between(1, 90),
        controls=["7.25"],
        fix="leave a tenth of the connections to migrations and to people",
    ),
)


@rule("7.25", fix="set defaultAuthScheme to IAM_AUTH, or auths[].iamAuth to REQUIRED")
def proxy_signs_in_by_iam(stack: Stack) -> Iterator[Judgement]:
    """A proxy lets in those whom IAM allows, and no password."""
    for proxy in stack.of(PROXY):
        scheme = proxy.inputs.get("defaultAuthScheme")
        asked = set(values(proxy.inputs, "auths[*].iamAuth"))
        if scheme == "IAM_AUTH" or asked == {"REQUIRED"}:
            yield met(proxy)
        elif UNKNOWN in (scheme, *asked):
            yield undecided(proxy, "how it signs in")
        else:
            yield violated(proxy, "lets in by password")


RULES: Final[tuple[Rule, ...]] = (*ROWS, proxy_signs_in_by_iam)
