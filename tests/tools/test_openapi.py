"""The OpenAPI document: as the code is, and complete."""

import json

from contract.module_routes import MODULE_ROUTES
from contract.routes import ROUTES
from functions.platform_runtime.database.outages import POSTGRES
from functions.platform_runtime.requests import limits, outages
from tools import openapi
from tools.release.package import ROOT


def test_the_document_in_the_repository_is_the_one_the_code_says():
    written = (ROOT / openapi.DOCUMENT).read_text(encoding="utf-8")

    assert written == openapi.text()


def test_each_route_is_an_operation_and_each_operation_a_route():
    document = openapi.document()

    operations = {
        (method.upper(), path, operation["operationId"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    assert operations == {(r.method, r.path, r.operation) for r in ROUTES}
    assert len(operations) >= len(MODULE_ROUTES)


def test_every_reference_leads_somewhere():
    document = openapi.document()

    def references(value):
        if isinstance(value, dict):
            yield from [value["$ref"]] if "$ref" in value else []
            for inner in value.values():
                yield from references(inner)
        if isinstance(value, list):
            for inner in value:
                yield from references(inner)

    for reference in set(references(document)):
        found = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert found


def test_whatever_may_be_away_is_named_in_the_document():
    away = {*outages.AWS.values(), outages.IDENTITY, *POSTGRES.values(), limits.UNAVAILABLE}

    text = openapi.text()

    assert [one.code for one in away if f"`{one.code}`" not in text] == []


def test_every_code_an_operation_refuses_with_is_named():
    created = openapi.document()["paths"]["/api/simcore/simulations"]["post"]

    assert "`quota_simulations`" in json.dumps(created["responses"]["409"])
    assert {"400", "401", "403", "404", "413", "422", "429"} <= created["responses"].keys()
