"""What a whole account is given by the stack that owns it."""

import pytest

from components.security.account import Account, AccountArgs
from config.sections import Account as AccountConfig
from tests.declare import declare, inputs

ANALYZER = "aws:accessanalyzer/analyzer:Analyzer"
BLOCK = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"


def account(**config):
    args = AccountArgs(config=AccountConfig(owner=True, **config))
    return declare(lambda: Account("account", args))


def test_no_bucket_of_the_account_is_public_even_when_the_stack_is_gone():
    [block] = account().by_type(BLOCK)

    assert block.inputs == {
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }
    assert block.retain_on_delete


def test_the_analyzer_is_of_the_type_that_is_free():
    assert inputs(account(), ANALYZER) == {
        "account": {"analyzerName": "ma-platform", "type": "ACCOUNT"}
    }


@pytest.mark.parametrize(
    ("config", "left_out"),
    [({"public_access_block": False}, BLOCK), ({"access_analyzer": False}, ANALYZER)],
)
def test_an_account_that_has_or_must_not_have_one_is_spared_it(config, left_out):
    assert {BLOCK, ANALYZER} - {r.type for r in account(**config).resources} == {left_out}
