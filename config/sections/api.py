"""The API's throttles, the functions' sizes and the quotas of a workspace."""

from typing import Annotated, Literal

from pydantic import Field

from config.sections.base import Section


class Api(Section):
    """Stage throttles: the coarse shield in front of the per-principal limits."""

    rate: Annotated[int, Field(ge=1, le=10000)]
    """Requests per second; an account has 10000 in a Region, and an unset rate becomes 0."""
    burst: Annotated[int, Field(ge=1, le=5000)]
    """Requests at once; an account has 5000 in a Region, and an unset burst becomes 0."""
    connections: Annotated[int, Field(ge=1, le=30000)] = 50
    """WebSocket connections open at once. When they are lost they come back within a minute, for
    which the functions behind them reserve; an account takes 500 new ones a second."""
    limits_on_failure: Literal["open", "closed"] = "open"
    """Whether requests pass or are refused while the limits themselves cannot be read."""
    detailed_metrics: bool = False
    """Metrics of each route, billed like custom ones: six of 0.30 USD for each that is asked in a
    month, up to 130 USD where all are."""


class Functions(Section):
    """How Lambda capacity is shared out."""

    sizing: Literal["shared", "dedicated", "dedicated-high"]
    """shared reserves only for functions that open connections, dedicated for every one;
    dedicated-high also scales provisioned concurrency with use."""
    memory_mb: Annotated[int, Field(ge=128, le=10240)]
    """Memory of a function that does not ask for its own; CPU grows with it."""
    concurrency: Annotated[int, Field(ge=1, le=100000)]
    """Executions at once, divided over the functions by their weights; jobs, and what connections
    come back through, have theirs besides."""
    provisioned: dict[str, Annotated[int, Field(ge=1, le=100000)]] = Field(default_factory=dict)
    """Environments kept warm, by function name."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """Least level a function logs."""


class Limits(Section):
    """What one workspace may hold."""

    simulations: Annotated[int, Field(ge=1)]
    """Simulations of one workspace."""
    storage_gb: Annotated[int, Field(ge=1)]
    """Gigabytes of one workspace's objects."""
    users: Annotated[int, Field(ge=1)]
    """Users of one workspace."""
