"""Keys around the stack's own: none is dropped in silence, offline or by an engine."""

import pytest
import yaml

from config.problems import KEY, ConfigError
from config.stack import EXAMPLES, StackFile, read

PLAIN = yaml.safe_load((EXAMPLES / "Pulumi.dev.yaml").read_text())


def problems(tmp_path, config=(), beside=()):
    """As (where, way out)."""
    content = {**PLAIN, **dict(beside), "config": {**PLAIN["config"], **dict(config)}}
    content = {key: value for key, value in content.items() if value is not None}
    content["config"] = {k: v for k, v in content["config"].items() if v is not None}
    (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump(content))
    try:
        read("dev", tmp_path).load()
    except ConfigError as error:
        return [(str(p).split(": ")[0].strip(), p.way_out) for p in error.problems]
    return []


@pytest.mark.parametrize(
    ("key", "way_out"),
    [
        ("ma-platform:stak", "did you mean ma-platform:stack?"),
        ("ma-platfrom:stack", "did you mean ma-platform:stack?"),
        ("aws:regoin", "did you mean aws:region?"),
        ("pulumi:tag", "did you mean pulumi:tags?"),
        ("aws:profile", "leave it out, and export AWS_PROFILE: "),
        ("aws:allowedAccountIds", "leave it out, and say ma-platform:stack.account.id"),
        ("aws:defaultTags", "leave it out: what the stack declares is tagged in layers/base.py"),
        ("aws:assumeRoles", "leave it out; credentials and how AWS is reached"),
        ("aws:skipMetadataApiCheck", "leave it out; credentials and how AWS is reached"),
        ("pulumi:autonaming", "leave it out: names are the program's"),
        ("random:seed", "use one of: ma-platform:stack, aws:region, pulumi:tags"),
    ],
)
def test_a_key_that_nothing_would_heed_is_refused_with_what_does_it(tmp_path, key, way_out):
    ((where, way),) = problems(tmp_path, {key: "x"})

    assert (where, way[: len(way_out)]) == (key, way_out)
    # So does the program, which an engine gives every key.
    given = StackFile.given("dev", {**StackFile("dev", "us-east-1", {}).pulumi_config(), key: "x"})
    assert [problem.way_out for problem in given.found] == [way]


def test_a_key_without_a_name_before_it_is_the_projects_to_the_engine_and_named_here(tmp_path):
    assert problems(tmp_path, {"stack": {}}) == [
        ("config.stack", "did you mean ma-platform:stack?")
    ]


def test_a_misspelt_key_is_not_also_missing(tmp_path):
    misspelt = {KEY: None, "ma-platform:stak": PLAIN["config"][KEY]}

    assert problems(tmp_path, misspelt) == [("ma-platform:stak", "did you mean ma-platform:stack?")]


@pytest.mark.parametrize("key", ["pulumi:tags", "pulumi:disable-default-providers"])
def test_what_the_engine_heeds_is_left_to_it(tmp_path, key):
    assert problems(tmp_path, {key: "x"}) == []


@pytest.mark.parametrize(
    ("key", "way_out"),
    [
        ("confg", "did you mean config?"),
        ("encryptionslat", "did you mean encryptionsalt?"),
        ("environment", "leave it out; for credentials: pulumi env run <environment> -- make up"),
        ("name", "use one of: config, secretsprovider, encryptedkey, encryptionsalt"),
    ],
)
def test_a_key_beside_config_is_one_that_pulumi_writes(tmp_path, key, way_out):
    assert problems(tmp_path, beside={key: "x"}) == [(f"the file.{key}", way_out)]
    assert problems(tmp_path, beside={"encryptionsalt": "v1:x", "secretsprovider": "y"}) == []


def test_the_program_is_told_by_the_engine_what_was_encrypted():
    settings = StackFile("dev", "us-east-1", PLAIN["config"][KEY]).pulumi_config()

    with pytest.raises(ConfigError, match="ma-platform:stack: '\\(encrypted\\)'"):
        StackFile.given("dev", settings, [KEY]).load()
    assert StackFile.given("dev", settings, ["pulumi:tags"]).load().tier == "starter"


@pytest.mark.parametrize("said", ["text", "[1]", "3", None])
def test_a_stack_that_an_engine_hands_over_as_something_else_is_refused(said):
    settings = {"aws:region": "us-east-1"} | ({KEY: said} if said else {})

    with pytest.raises(ConfigError, match="a mapping under config, ma-platform:stack"):
        StackFile.given("dev", settings).load()
