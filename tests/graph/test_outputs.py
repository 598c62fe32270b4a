"""The table of computed outputs speaks of types, outputs and inputs there are."""

import string

import pulumi_aws as aws
import pulumi_random as random
import pytest

from graph import provider
from graph.outputs import ARNS, IDS, OUTPUTS

COMMON = {"name", "hex", "HEX", "uuid", "region", "account", "path"}
TYPES = sorted({*ARNS, *IDS, *OUTPUTS})


def promised(short_type):
    """What the class of a row's type always has."""
    service, kind = short_type.split(".")
    name = {"lambda": "lambda_"}.get(service, service)
    module = random if service == "random" else getattr(aws, name)
    return {*provider._promised(getattr(module, kind).pulumi_type)}


@pytest.mark.parametrize("short_type", TYPES)
def test_every_row_is_an_output_its_class_always_has(short_type):
    rows = {*OUTPUTS.get(short_type, {}), *({"arn"} if short_type in ARNS else ())}

    assert rows <= promised(short_type)


@pytest.mark.parametrize("short_type", TYPES)
def test_every_template_speaks_of_what_there_is(short_type):
    rows = [*OUTPUTS.get(short_type, {}).values(), ARNS.get(short_type), IDS.get(short_type)]
    templates = [row for row in rows if isinstance(row, str)]
    fields = {f for text in templates for _, f, _, _ in string.Formatter().parse(text) if f}

    assert fields <= {*COMMON, "id", *promised(short_type)}
