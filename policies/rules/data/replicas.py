"""Rules for read replicas."""

from collections.abc import Iterator
from typing import Final

from policies.rule import Judgement, Rule, met, rule, violated
from policies.rules.data.instance import INSTANCE, primary
from policies.stack import Stack


@rule("7.29", fix="set availabilityZone to another than the primary's", production=True)
def replicas_in_other_zones(stack: Stack) -> Iterator[Judgement]:
    """A replica is in a zone it was put in: RDS might choose the primary's."""
    for instance in stack.of(INSTANCE):
        if not primary(instance):
            placed = "availabilityZone" in instance.inputs
            yield met(instance) if placed else violated(instance, "is where RDS puts it")


RULES: Final[tuple[Rule, ...]] = (replicas_in_other_zones,)
