"""One file is read by one rule: ours gives what the engine's parser does, or says what is wrong."""

import json
import os
import shutil
import subprocess
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.problems import KEY, ConfigError
from config.reading import MOST_BYTES, UnreadableError, parse
from config.stack import EXAMPLES, names, read
from tests.stacks import PROJECT

WORDS = {
    # Booleans of YAML 1.1 are text, where no type is asked for.
    **{word: word for word in ("ON", "on", "Off", "yes", "No", "y", "n", "tRUE", "=")},
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    # Octals of 1.1 and of 1.2.
    **{"017": 15, "0o17": 15, "-0o17": -15, "0x1F": 31, "0b11": 3, "1_000": 1000, "+5": 5},
    **{"-0": 0, "08": 8, "089.5": 89.5, "0o8": "0o8", "0b12": "0b12", "0x": "0x", "_1": "_1"},
    # JSON has one kind of number.
    **{"1.0": 1, "1.50": 1.5, ".5": 0.5, "1.": 1, "1e3": 1000, "1e400": "1e400", ".": "."},
    # Base 60 is "a bad idea" there.
    **{"190:20:30": "190:20:30", "1:30": "1:30", "1.2.3": "1.2.3", "10.0.0.0/16": "10.0.0.0/16"},
    "2026-12-31": "2026-12-31 00:00:00 +0000 UTC",
    "2026-1-2": "2026-01-02 00:00:00 +0000 UTC",
    "2026-13-31": "2026-13-31",
    "2026-11-22.1": "2026-11-22.1",
    "'2026-12-31'": "2026-12-31",
    '"ON"': "ON",
    "'12'": "12",
}
"""https://pkg.go.dev/gopkg.in/yaml.v3#hdr-Compatibility, its resolve.go, and what Pulumi makes of a
moment, which its configuration cannot hold: unmarshalObject in sdk/go/common/resource/config."""

DOCUMENTS = {
    "an alias": ("a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}),
    "a merge": ("a: &x {b: 1, c: 1}\nd: {<<: *x, c: 2}", {"b": 1, "c": 2}),
    "several": ("a: &x {b: 1}\ne: &y {b: 2, c: 2}\nd: {c: 3, <<: [*x, *y]}", {"b": 1, "c": 3}),
    "a quoted <<": ("d: {'<<': 1}", {"<<": 1}),
    "a mark of UTF-8": ("\ufeffd: 1", 1),
}

REFUSED = {
    "a duplicate": ("a: 1\nb: 2\na: 3", "line 3", "a once"),
    "a duplicate in quotes": ("a: 1\n'a': 3", "line 2", "a once"),
    "a duplicate deep within": ("a:\n  b: {c: 1, c: 1}", "line 2", "c once"),
    "a number for a key": ("1: a", "line 1", "a key that is text"),
    "a truth for a key": ("true: a", "line 1", "a key that is text"),
    "nothing for a key": ("~: a", "line 1", "a key that is text"),
    "a day for a key": ("2026-12-31: a", "line 1", "a key that is text"),
    "a list for a key": ("? [a]\n: b", "line 1", "a key that is text"),
    "an anchor in itself": ("a: &x\n  b: *x", "line 1", "an anchor that is not in itself"),
    "a list in itself": ("a: &x [*x]", "line 1", "an anchor that is not in itself"),
    "an unknown anchor": ("a: *x", "line 1", "YAML"),
    "a merge of text": ("a: {<<: b}", "line 1", "a mapping after <<"),
    "two merges": ("a: &x {b: 1}\nc: {<<: *x, <<: *x}", "line 2", "<< once"),
    "no number": ("a: .nan", "line 1", "a number"),
    "no end": ("a: -.inf", "line 1", "a number"),
    "a tag": ("a: !!str 1", "line 1", "YAML"),
    "an object": ("a: !!python/object:os.system {}", "line 1", "YAML"),
    "two documents": ("a: 1\n---\nb: 1", "line 2", "YAML"),
    "an open bracket": ("a: [", "line 1", "YAML"),
    "a control character": ("a: \x00", "a character", "YAML"),
    "no such character": ('a: "\\UFFFFFFFF"', "a character", "YAML"),
    "brackets without end": ("[" * 5000, "the file", "at most 50 levels"),
    "dashes without end": ("- " * 5000, "the file", "at most 50 levels"),
    "many levels": ("a: " + "[" * 60 + "]" * 60, "line 1", "at most 50 levels"),
}

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)
"""Ten lines that stand for ten billion values."""


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_what_the_engines_parser_makes_of_it(word):
    found = parse(f"a: {word}")["a"]

    assert (type(found), found) == (type(WORDS[word]), WORDS[word])


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_is_what_the_engines_parser_makes_of_it(document, tmp_path):
    text, said = DOCUMENTS[document]
    path = tmp_path / "Pulumi.test.yaml"
    path.write_text(f"{text}\nconfig: {{{KEY}: {{}}}}", encoding="utf-8")

    found = read("test", tmp_path)
    assert found.values == {}
    content = parse(text.removeprefix("\ufeff"))
    assert said in (content, content.get("d"))


@pytest.mark.parametrize("document", REFUSED)
def test_what_says_not_one_thing_is_refused_by_its_line(document):
    text, where, limit = REFUSED[document]

    with pytest.raises(UnreadableError) as refusal:
        parse(text)

    assert (refusal.value.found, refusal.value.limit) == (where, limit)
    assert refusal.value.reason
    assert refusal.value.way_out


def test_aliases_that_stand_for_billions_are_refused_at_once():
    began = time.monotonic()

    with pytest.raises(UnreadableError, match="at most 10000 values, aliases written out"):
        parse(BOMB)

    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("content", "limit"),
    [
        (b"a: \xff", "UTF-8"),
        (b"#" * (MOST_BYTES + 1), f"at most {MOST_BYTES} bytes"),
        (None, "a file that can be read"),
    ],
    ids=["bytes", "long", "folder"],
)
def test_a_file_that_cannot_be_read_is_one_problem(tmp_path, content, limit):
    path = tmp_path / "Pulumi.test.yaml"
    path.mkdir() if content is None else path.write_bytes(content)

    with pytest.raises(ConfigError) as refusal:
        read("test", tmp_path)

    assert [problem.limit for problem in refusal.value.problems] == [limit]


SCRAPS = st.sampled_from(
    [
        *("config:", "  ma-platform:stack:", "    tier: pro", "    contacts: {outage: a@b.io}"),
        *("  aws:region: us-east-1", "    database: {replicas: 2}", "    a: &x [*x]", "    b: *x"),
        *("    <<: *x", "    c: {secure: v1:abc}", "  ma-platform:stak: {}", "\t- a", "? a", ": b"),
        *(
            "    protect: yes",
            "    origins: [ON, 017, 2026-12-31, .nan]",
            "---",
            "...",
            "%YAML 1.1",
        ),
        *(
            "    database: !!int 3",
            "    network: {cidr: [[[[{}]]]]}",
            "    1: 2",
            "'",
            '"',
            "|",
            ">",
        ),
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(SCRAPS, max_size=12).map("\n".join)))
@settings(
    max_examples=400,
    deadline=10_000,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_text_gives_a_stack_or_one_clear_error(tmp_path, text):
    (tmp_path / "Pulumi.test.yaml").write_text(text, encoding="utf-8", errors="replace")

    config, problems = None, []
    try:
        config = read("test", tmp_path).load()
    except ConfigError as error:
        problems = error.problems

    assert bool(config) != bool(problems)
    assert all(problem.limit and problem.reason and problem.way_out for problem in problems)


@pytest.fixture
def engine(tmp_path):
    """What the real engine makes of a stack file."""
    if shutil.which("pulumi") is None:
        pytest.skip("no pulumi on PATH: the table above is what its parser's documentation says")
    (tmp_path / "state").mkdir()
    (tmp_path / "Pulumi.yaml").write_text(f"name: {PROJECT}\nruntime: python\n")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": "correct horse battery staple",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }

    def run(*command):
        return subprocess.run(
            ["pulumi", *command, "--non-interactive", "--color", "never"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def engine(text):
        (tmp_path / "Pulumi.test.yaml").write_text(text, encoding="utf-8")
        shown = run("config", "--json", "--stack", "test")
        if shown.returncode:
            return None
        return {key: each.get("value") for key, each in json.loads(shown.stdout).items()}

    run("stack", "init", "test").check_returncode()
    return engine


def test_the_engine_reads_every_word_so(engine):
    lines = [f"    k{number}: {word}" for number, word in enumerate(WORDS)]

    found = json.loads(engine("\n".join(["config:", f"  {KEY}:", *lines, ""]))[KEY])

    said = [found[f"k{number}"] for number in range(len(WORDS))]
    assert [(type(each), each) for each in said] == [(type(e), e) for e in WORDS.values()]


@pytest.mark.parametrize("stack", names(EXAMPLES))
def test_the_engine_reads_every_example_so(engine, stack):
    text = (EXAMPLES / f"Pulumi.{stack}.yaml").read_text()

    found = engine(text)

    assert json.loads(found.pop(KEY)) == parse(text)["config"][KEY]
    assert found == {"aws:region": "us-east-1"}


@pytest.mark.parametrize(
    "document",
    [
        *("a duplicate", "a duplicate in quotes", "a duplicate deep within", "two merges"),
        *("an anchor in itself", "a list in itself", "an unknown anchor", "a merge of text"),
        *("no number", "no end", "an open bracket", "a control character", "no such character"),
    ],
)
def test_what_the_engine_refuses_is_refused_here(engine, document):
    text, _, _ = REFUSED[document]

    assert engine(f"config:\n  {KEY}:\n    " + text.replace("\n", "\n    ")) is None
