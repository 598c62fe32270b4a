"""`new-stack`: a file that is right, or none, and no question to where nobody sits."""

import gc
import io
import shutil
import sys

import pytest

from config.naming import LONGEST
from config.stack import EXAMPLES, read
from config.tiers import TIERS
from graph.program import record
from policies import keys
from tests.policies.cases import TODAY
from tests.stacks import STACKS, WAIVERS
from tools import cli
from tools.commands import given
from tools.new_stack import HEAD, LEFT_OPEN, Neighbours, option
from tools.review import lines, preview
from tools.review.policy import judge

CONTACTS = (
    *("--contact-outage", "platform@corp.io"),
    *("--contact-security", "security@corp.io"),
    *("--contact-data-loss", "database@corp.io"),
)
OPEN = ("--budget", "--limit-simulations", "--limit-storage-gb", "--limit-users")
FILE = """\
# yaml-language-server: $schema=docs/stack.schema.json
config:
  aws:region: eu-west-1
  ma-platform:stack:
    tier: pro
    contacts:
      outage: platform@corp.io
      security: security@corp.io
      data_loss: database@corp.io
    network:
      cidr: 10.50.0.0/16
    account:
      owner: false
"""


class Terminal(io.StringIO):
    """Somebody who types these lines."""

    def isatty(self):
        return True


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The examples, as if they were the stacks that are deployed."""
    for stack in STACKS:
        shutil.copy(EXAMPLES / f"Pulumi.{stack}.yaml", tmp_path)
    monkeypatch.setattr(given, "ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def new_stack(folder, monkeypatch, capsys):
    """Runs the command; what it wrote beside the four files must be what it says."""

    def run(*arguments, stdin=None):
        monkeypatch.setattr(sys, "argv", ["tools", "new-stack", *arguments])
        monkeypatch.setattr(sys, "stdin", stdin or io.StringIO())
        before = {*folder.iterdir()}
        with pytest.raises(SystemExit) as end:
            cli.main()
        shown = capsys.readouterr()
        written = {*folder.iterdir()} - before
        assert {path.name for path in written} == (
            set() if end.value.code else {f"Pulumi.{arguments[0]}.yaml"}
        )
        return end.value.code, shown.out, shown.err

    yield run
    gc.enable()
    gc.unfreeze()


def problems(err):
    """The keys an error names."""
    return [
        line.split(":stack.")[1].split(":")[0] for line in err.splitlines() if ":stack." in line
    ]


def test_the_file_has_what_was_said_and_what_no_other_stack_has(new_stack, folder):
    status, out, err = new_stack("qa", "--tier", "pro", "--region", "eu-west-1", *CONTACTS)

    assert (status, err) == (0, "")
    assert (folder / "Pulumi.qa.yaml").read_text() == FILE
    assert out.splitlines()[:3] == [
        "Pulumi.qa.yaml  written: pro tier, eu-west-1",
        "  network.cidr   10.50.0.0/16, which no other stack has",
        "  account.owner  false: say true where qa is in another account than "
        "dev, enterprise, prod, staging",
    ]


def test_what_comes_next_is_said(new_stack):
    _, out, _ = new_stack("qa", "--tier", "pro", *CONTACTS)

    steps = out.partition("\nnext\n")[2].splitlines()
    assert [step.split("  ")[1] for step in steps] == [
        "make preview STACK=qa",
        "make policy STACK=qa",
        "pulumi stack init qa",
        "make up STACK=qa",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("tier", TIERS)
def test_the_stack_is_previewed_and_breaks_no_rule_that_its_tier_keeps(new_stack, folder, tier):
    limits = (each for key in OPEN for each in (key, "10"))
    said = ("--copy-region", "us-west-2") if tier == "enterprise" else ()
    assert new_stack("fifth", "--tier", tier, *CONTACTS, *limits, *said)[0] == 0

    file = read("fifth", folder)
    graph = record("fifth", file.pulumi_config())
    report = judge(graph, today=TODAY, waivers=WAIVERS)
    of = preview.Preview(graph=graph, config=file.load(), waivers=WAIVERS, today=TODAY)
    own = sum(resource.custom for resource in graph.resources)

    assert [f"{each.rule.name} {each.label}" for each in report.violations] == []
    assert report.passes
    assert f"{own} resources in" in lines.text(preview.shown([of], 100, full=True))


@pytest.mark.slow
def test_what_enterprise_asks_for_and_nobody_said_is_named_by_its_key(new_stack, folder):
    """A second Region is the owner's to choose, so no tier has one by itself."""
    limits = (each for key in OPEN for each in (key, "10"))
    assert new_stack("fifth", "--tier", "enterprise", *CONTACTS, *limits)[0] == 0

    graph = record("fifth", read("fifth", folder).pulumi_config())
    found = judge(graph, today=TODAY, waivers=WAIVERS).violations

    assert {each.rule.name: keys.of(each.rule.name) for each in found} == {
        "backups-elsewhere": ["backup.copy_region"],
        "backups-in-another-region": ["backup.copy_region"],
    }


def test_stacks_one_after_another_have_networks_of_their_own(new_stack, folder):
    for name in ("one", "two", "three"):
        assert new_stack(name, "--tier", "starter", *CONTACTS)[0] == 0

    networks = Neighbours.read(folder).networks()
    assert len({*networks.values()}) == len(networks) == 7
    assert str(networks["three"]) == "10.70.0.0/16"


def test_a_stack_that_says_no_network_has_its_tiers(new_stack, folder):
    plain = FILE.replace("    network:\n      cidr: 10.50.0.0/16\n", "")
    (folder / "Pulumi.plain.yaml").write_text(plain)

    status, _, err = new_stack("qa", "--tier", "pro", "--cidr", "10.0.128.0/17", *CONTACTS)

    assert (status, problems(err)) == (2, ["network.cidr"])
    assert "limit    apart from 10.0.0.0/16, which is plain's" in err


def test_when_round_numbers_are_taken_others_are_not():
    taken = {str(n): {"network": {"cidr": f"10.{n}.0.0/16"}} for n in (0, 1, *range(10, 256, 10))}

    assert Neighbours(taken).free_network() == "10.2.0.0/16"
    assert (
        Neighbours({"all": {"network": {"cidr": "10.0.0.0/9"}}}).free_network() == "10.130.0.0/16"
    )


def test_when_all_are_taken_the_option_is_named(new_stack, folder):
    everything = FILE.replace("10.50.0.0/16", "10.0.0.0/8")
    (folder / "Pulumi.all.yaml").write_text(everything)

    status, _, err = new_stack("qa", "--tier", "pro", *CONTACTS)

    assert (status, err) == (2, "error: every /16 of 10.0.0.0/8 is taken: say --cidr\n")
    given = ("--cidr", "192.168.0.0/16")
    assert new_stack("qa", "--tier", "pro", *given, *CONTACTS)[0] == 0


@pytest.mark.parametrize(
    ("others", "said", "owner"),
    [
        ((), (), True),
        (("dev",), (), False),
        (("dev",), ("--owner",), True),
        ((), ("--no-owner",), False),
    ],
)
def test_the_first_stack_owns_its_account_and_others_where_they_say_so(
    new_stack, folder, others, said, owner
):
    for stack in {*STACKS} - {*others}:
        (folder / f"Pulumi.{stack}.yaml").unlink()

    status, out, _ = new_stack("qa", "--tier", "pro", *said, *CONTACTS)

    assert (status, read("qa", folder).values["account"]) == (0, {"owner": owner})
    assert f"  account.owner  {str(owner).lower()}: " in out


@pytest.mark.parametrize(
    "name", ["", "Qa", "q_a", "q.a", "-qa", "qa-", "q--a", "../qa", "q" * (LONGEST + 1)]
)
def test_a_name_that_a_database_could_not_have_is_refused(new_stack, name):
    status, out, err = new_stack("--tier", "pro", *CONTACTS, "--", name)

    assert (status, out) == (2, "")
    assert err.startswith(f"error: {name!r} cannot name a stack: ")


def test_a_stack_that_has_a_file_keeps_it(new_stack, folder):
    status, _, err = new_stack("prod", "--tier", "pro", *CONTACTS)

    assert (status, err.split(":")[1]) == (2, " Pulumi.prod.yaml is there already")
    assert (folder / "Pulumi.prod.yaml").read_bytes() == (
        EXAMPLES / "Pulumi.prod.yaml"
    ).read_bytes()


def test_an_unknown_tier_names_the_tiers(new_stack):
    status, _, err = new_stack("qa", "--tier", "gold", *CONTACTS)

    assert (status, err) == (
        2,
        "error: 'gold' is no tier: use one of starter, growth, pro, enterprise\n",
    )


def test_where_nobody_sits_at_a_terminal_the_options_are_named(new_stack):
    assert new_stack("qa", "--tier", "pro", *CONTACTS[:2]) == (
        2,
        "",
        "error: there is nobody to ask: say --contact-security, --contact-data-loss\n",
    )
    _, _, err = new_stack("qa", "--tier", "enterprise", *CONTACTS)
    assert err == f"error: there is nobody to ask: say {', '.join(OPEN)}\n"


def test_what_is_not_said_is_asked_at_a_terminal(new_stack, folder):
    typed = Terminal("security@corp.io\ndatabase@corp.io\n2000\nmany\n10\n20\n30\n")

    status, out, err = new_stack("qa", "--tier", "enterprise", *CONTACTS[:2], stdin=typed)

    assert status == 0
    assert "Pulumi.qa.yaml  written: enterprise tier" in out
    assert "contacts.security: Security incident, answered within 30 minutes." in err
    assert err.count("limits.simulations: ") == 2
    values = read("qa", folder).values
    assert values["contacts"]["security"] == "security@corp.io"
    assert (values["budget"], values["limits"]) == (
        {"monthly_usd": 2000},
        {"simulations": 10, "storage_gb": 20, "users": 30},
    )


def test_what_a_tier_knows_may_be_said_too(new_stack, folder):
    said = ("--budget", "300", "--limit-users", "7", "--copy-region", "us-west-2")

    assert new_stack("qa", "--tier", "pro", *said, *CONTACTS)[0] == 0
    config = read("qa", folder).load()
    assert (config.budget.monthly_usd, config.limits.users) == (300, 7)
    assert (config.limits.simulations, config.backup.copy_region) == (1000, "us-west-2")


@pytest.mark.parametrize(
    "domain", ["example.com", "Example.ORG", "mail.example.net", "corp.example", "corp.invalid"]
)
def test_an_address_that_nobody_reads_is_refused(new_stack, domain):
    status, _, err = new_stack("qa", "--tier", "pro", *CONTACTS[:5], f"somebody@{domain}")

    assert (status, problems(err)) == (2, ["contacts.data_loss"])
    assert "way out  give one of yours with --contact-data-loss" in err


def test_an_address_that_only_resembles_one_is_not(new_stack):
    assert new_stack("qa", "--tier", "pro", *CONTACTS[:5], "somebody@my-example.com")[0] == 0


def test_every_problem_is_told_at_once_and_nothing_is_left_behind(new_stack):
    said = ("--contact-outage", "nobody", "--contact-security", "a@example.com")

    status, out, err = new_stack(
        "qa", "--tier", "pro", *said, *CONTACTS[4:], "--cidr", "10.30.0.0/24", "--budget", "0"
    )

    assert (status, out) == (2, "")
    assert problems(err) == [
        "contacts.outage",
        "budget.monthly_usd",
        "contacts.security",
        "network.cidr",
    ]


def test_a_neighbours_file_that_is_none_is_named(new_stack, folder):
    (folder / "Pulumi.dev.yaml").write_text("config: [")

    status, _, err = new_stack("qa", "--tier", "pro", *CONTACTS)

    assert (status, err.splitlines()[0]) == (2, "error: Pulumi.dev.yaml: 1 problem")


def test_every_key_a_tier_may_leave_open_has_an_option():
    keys = [(section, key) for section, model in LEFT_OPEN.items() for key in model.model_fields]

    assert [*map(option, keys)] == [*CONTACTS[::2], *OPEN]
    assert HEAD in FILE
