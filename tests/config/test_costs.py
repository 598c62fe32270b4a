"""What a key says that it costs is reckoned from what it turns on."""

import re

from config.sections import Api
from contract.routes import ROUTES, WEBSOCKET_ROUTES

METRICS = 6
"""Of a route: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html"""
USD = 0.30
"""A month of a custom metric, of the first 10 000: https://aws.amazon.com/cloudwatch/pricing/"""


def test_metrics_of_each_route_cost_no_more_than_is_said():
    text = Api.model_fields["detailed_metrics"].description
    (said,) = map(int, re.findall(r"up to (\d+) USD", text))
    fallback = 1

    real = (len(ROUTES) + fallback + len(WEBSOCKET_ROUTES)) * METRICS * USD
    assert real <= said < real * 1.25
    assert f"of {USD:.2f} USD" in text
