"""Rules for CloudFront's access logs."""

from collections.abc import Iterator
from typing import Final

from policies.paths import value
from policies.predicates import GIVEN
from policies.purpose import DISTRIBUTION, LOG_DESTINATION
from policies.rule import Judgement, Rule, met, rule, violated
from policies.stack import Stack

LOG_SOURCE: Final = "aws:cloudwatch/logDeliverySource:LogDeliverySource"
LOG_DELIVERY: Final = "aws:cloudwatch/logDelivery:LogDelivery"


@rule("2.6", fix="declare LogDeliverySource, LogDelivery and LogDeliveryDestination for it")
def distribution_logged(stack: Stack) -> Iterator[Judgement]:
    """Every request is logged: by a delivery that leads from the distribution to somewhere, or the
    older way."""
    for distribution in stack.of(DISTRIBUTION):
        deliveries = [
            delivery
            for source in stack.companions(distribution, LOG_SOURCE, "resourceArn")
            for delivery in stack.companions(source, LOG_DELIVERY, "deliverySourceName")
            if stack.targets(delivery, "deliveryDestinationArn", LOG_DESTINATION)
        ]
        if deliveries or GIVEN.holds(value(distribution.inputs, "loggingConfig.bucket")):
            yield met(distribution)
        else:
            yield violated(distribution, "its requests are logged nowhere")


RULES: Final[tuple[Rule, ...]] = (distribution_logged,)
