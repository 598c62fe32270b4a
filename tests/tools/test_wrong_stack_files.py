"""Wrong stack files through the command line, as their author sees it."""

import sys
from copy import deepcopy

import pytest
import yaml

from config.problems import KEY
from config.stack import EXAMPLES
from tools import cli
from tools.commands import given

WRONG = {
    "unknown key": ({"databse": {}}, "databse: {}", "did you mean database?"),
    "misspelt tier": ({"tier": "por"}, "tier: 'por'", "use one of: 'starter', 'growth'"),
    "replicas without retention": (
        {"database": {"replicas": 2, "backup_days": 0}},
        "database.replicas: 2",
        "set database.backup_days to 1 or more, or replicas to 0",
    ),
    "overlapping networks": (
        {"network": {"cidr": "10.0.0.0/16", "subnets": ["10.0.0.0/20", "10.0.8.0/21"]}},
        "network.subnets.0: '10.0.0.0/20 and 10.0.8.0/21'",
        "choose networks that do not overlap, or none to have them cut",
    ),
    "small network": (
        {"network": {"cidr": "10.0.0.0/27"}},
        "network.cidr: '10.0.0.0/27'",
        "use a network of /16",
    ),
    "wildcard origin": (
        {"origins": ["https://*.example.com"]},
        "origins.0: 'https://*.example.com'",
        "write it like https://app.example.com, without path or wildcard",
    ),
    "cold before warm": (
        {"storage": {"hot_days": 40}},
        "storage.cold_days: 30",
        "raise cold_days or lower hot_days",
    ),
    "bad e-mail": (
        {"contacts": {"outage": "nobody", "security": "s@example.com", "data_loss": "d@a.io"}},
        "contacts.outage: 'nobody'",
        "write it like name@example.com",
    ),
    "concurrency over connections": (
        {"functions": {"concurrency": 200}},
        "functions.concurrency: 200",
        "lower functions.concurrency, or raise database.max_connections with the instance",
    ),
    "zone without domain": (
        {"edge": {"zone_id": "Z0123456789"}},
        "edge.zone_id: 'Z0123456789'",
        "set edge.domain, or remove edge.zone_id",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_file_ends_with_status_2_and_says_what_where_why_and_how(
    wrong, tmp_path, monkeypatch, capsys
):
    values, where, way_out = WRONG[wrong]
    file = deepcopy(yaml.safe_load((EXAMPLES / "Pulumi.dev.yaml").read_text()))
    file["config"][KEY] |= values
    (tmp_path / "Pulumi.wrong.yaml").write_text(yaml.safe_dump(file))
    monkeypatch.setattr(given, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["tools", "preview", "wrong"])

    with pytest.raises(SystemExit) as end:
        cli.main()

    shown = capsys.readouterr()
    first, problem, limit, reason, way = shown.err.splitlines()
    assert (end.value.code, shown.out) == (2, "")
    assert first == "error: Pulumi.wrong.yaml: 1 problem"
    assert problem == f"  {KEY}.{where}"
    assert limit.startswith("    limit    ")
    assert reason.startswith("    reason   ")
    assert way.startswith(f"    way out  {way_out}")
