"""A record as a whole, for the eye and for programs."""

import io
import json

from graph.model import UNKNOWN, Graph
from tests.tools.records import DOMAIN, previewed, resource, shop
from tools.review import lines, preview

FULL = f"""\
ma-platform dev: starter tier, development, us-east-1, budget 20 USD a month

edge  1 component, 2 resources
  Site site  2
    cloudfront.Distribution  cdn
    route53.Zone             site-zone  (read)

data  1 component, 2 resources
  Database database  2
    cloudwatch.LogGroup  database-logs
  * rds.Instance         database-primary

in no component  1 resource
    provider.aws  main

5 resources in 2 components; * 1 protected from deletion

notable
  protected    1 from deletion: rds.Instance database-primary
  reachable    cdn at {DOMAIN}~, no firewall
  only read    route53.Zone site-zone

exports
  key    [secret]
  ports  [1, 2]
  url    https://{DOMAIN}~
  ~ made up here: AWS gives it
"""


class Terminal(io.StringIO):
    def isatty(self):
        return True


def text(*graphs, **options):
    return lines.text(preview.shown([previewed(graph) for graph in graphs], 100, **options))


def test_the_full_tree_goes_by_layer_component_and_type():
    assert text(shop(), full=True) == FULL


def test_several_stacks_in_full_follow_each_other():
    second = FULL.replace("ma-platform dev", "ma-platform test")

    assert text(shop(), shop(stack="test"), full=True) == f"{FULL}\n{second}"


def test_a_stack_that_declares_nothing_is_shown_as_such():
    heading = FULL.splitlines()[0]

    assert text(Graph("ma-platform", "dev", ()), full=True) == (
        f"{heading}\n\n0 resources in 0 components\n"
    )
    assert text(Graph("ma-platform", "dev", ())) == f"{heading}\n\n0 resources in 0 components\n"


def test_what_is_written_to_a_pipe_has_no_colour(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    pipe = io.StringIO()
    preview.show([previewed(shop())], pipe, full=True)

    assert pipe.getvalue() == FULL


def test_what_is_written_to_a_terminal_has_colour_and_the_same_words(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal = Terminal()
    preview.show([previewed(shop())], terminal, full=True)

    assert "\x1b[32mrds.Instance" in terminal.getvalue()


def test_json_is_the_whole_record_without_its_secrets_and_with_what_is_made_up():
    written = preview.as_json([shop()])

    assert json.loads(written) == {**shop().to_json(), "madeUp": ["outputs.url"]}
    assert (written[-2:], "s3cret" in written) == ("}\n", False)


def test_json_of_several_stacks_is_a_list_of_their_records():
    records = json.loads(preview.as_json([shop(), shop(stack="test")]))

    assert [record["stack"] for record in records] == ["dev", "test"]
    assert records[0] == json.loads(preview.as_json([shop()]))


def test_what_is_unknown_is_not_made_up():
    bare = Graph(
        "ma-platform",
        "dev",
        (resource("s", "pulumi:pulumi:Stack", None, outputs={"url": UNKNOWN}),),
    )

    assert text(bare).endswith("exports\n  url  [unknown]\n")
    assert json.loads(preview.as_json([bare]))["madeUp"] == []
