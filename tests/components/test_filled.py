"""What AWS has not filled in: a preview goes on, and a deployment says what to do."""

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import Output, export

from components.edge.certificate import Certificate, CertificateArgs
from components.filled import NotFilledError, first
from graph.model import UNKNOWN
from graph.outputs import OUTPUTS
from graph.program import record
from tests.declare import declare
from tests.stacks import example

pytestmark = pytest.mark.slow


def of(*values: str) -> None:
    instance = aws.rds.Instance("database", instance_class="db.t4g.micro")
    found = Output.from_input([*values])
    export("first", first(instance, found, "secret", "make one"))


def test_the_first_is_taken():
    assert declare(lambda: of("one", "two")).outputs == {"first": "one"}


def test_a_preview_takes_what_is_not_there_yet_for_unknown():
    assert declare(of, unknown=True).outputs == {"first": UNKNOWN}


def test_a_deployment_names_the_resource_and_the_way_out():
    with pytest.raises(NotFilledError) as refused:
        declare(of)

    assert str(refused.value) == (
        "aws:rds/instance:Instance database has no secret. Way out: make one"
    )


@pytest.fixture(params=[[], None], ids=["empty", "absent"])
def _no_secret(monkeypatch, request):
    """As after a restore, or where the stack kept the password until now:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html"""
    rows = {**OUTPUTS["rds.Instance"], "masterUserSecrets": request.param}
    monkeypatch.setitem(OUTPUTS, "rds.Instance", rows)


@pytest.mark.usefixtures("_no_secret")
def test_a_preview_of_the_whole_goes_on_without_the_master_users_secret(monkeypatch):
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    graph = record("prod", example("prod").pulumi_config())
    functions = {r.name: r.inputs for r in graph.by_type("aws:lambda/function:Function")}

    variables = functions["bootstrap"]["environment"]["variables"]
    assert variables["MASTER_SECRET_ARN"] is UNKNOWN


@pytest.mark.usefixtures("_no_secret")
def test_a_deployment_without_the_master_users_secret_says_how_rds_makes_one():
    with pytest.raises(NotFilledError, match=r"Instance database has .*--manage-master-user"):
        record("prod", example("prod").pulumi_config())


def test_a_certificate_without_its_proof_is_named(monkeypatch):
    monkeypatch.setitem(OUTPUTS, "acm.Certificate", {"domainValidationOptions": []})
    args = CertificateArgs(names=["app.example.com"], zone_id="Z0123456789ABC")

    with pytest.raises(NotFilledError, match="Certificate cdn has no record that proves"):
        declare(lambda: Certificate("cdn", args))
