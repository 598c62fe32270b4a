"""The tree and the JSON of a record."""

import io
import json

from graph.model import UNKNOWN, Graph, Resource
from tools.review import preview


def resource(name, type_, parent, **fields):
    return Resource(urn=name, name=name, type=type_, custom=True, parent=parent, **fields)


GRAPH = Graph(
    "ma-platform",
    "dev",
    (
        resource(
            "ma-platform-dev",
            "pulumi:pulumi:Stack",
            None,
            outputs={"api_url": UNKNOWN, "key": "s3cret", "ports": [1, 2]},
            secrets=("outputs.key",),
        ),
        resource("main", "pulumi:providers:aws", "ma-platform-dev"),
        resource("database", "ma-platform:data:Database", "ma-platform-dev"),
        resource("database-primary", "aws:rds/instance:Instance", "database", protect=True),
        resource("database-logs", "aws:cloudwatch/logGroup:LogGroup", "database"),
        resource("site", "ma-platform:edge:Site", "ma-platform-dev"),
        resource("site-zone", "aws:route53/zone:Zone", "site", external=True),
    ),
)

TREE = """\
ma-platform dev: starter tier

edge  1 component, 1 resource
  Site site  1
    route53.Zone  site-zone  (read)

data  1 component, 2 resources
  Database database  2
    cloudwatch.LogGroup  database-logs
  * rds.Instance         database-primary

in no component  1 resource
    provider.aws  main

4 resources in 2 components; * 1 protected from deletion

exports
  api_url  [unknown]
  key      [secret]
  ports    [1, 2]
"""


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_the_tree_goes_by_layer_component_and_type():
    assert preview.text(GRAPH, "starter tier") == TREE


def test_a_stack_that_declares_nothing_is_shown_as_such():
    assert preview.text(Graph("ma-platform", "dev", ())) == (
        "ma-platform dev\n\n0 resources in 0 components\n"
    )


def test_what_is_written_to_a_pipe_has_no_colour():
    pipe = io.StringIO()
    preview.show(GRAPH, "starter tier", pipe)

    assert pipe.getvalue() == TREE


def test_what_is_written_to_a_terminal_has_colour_and_the_same_words(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal = Terminal()
    preview.show(GRAPH, "starter tier", terminal)

    assert "\x1b[32mrds.Instance" in terminal.getvalue()


def test_json_is_the_whole_record_without_its_secrets():
    written = preview.as_json(GRAPH)

    assert json.loads(written) == GRAPH.to_json()
    assert (written[-2:], "s3cret" in written) == ("}\n", False)
