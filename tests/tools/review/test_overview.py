"""One stack on a screen."""

import pytest

from tests.stacks import STACKS, WAIVERS, built, example
from tests.tools.records import DOMAIN, TODAY, previewed, resource, shop, waiver
from tools.review import lines, preview

SCREEN = f"""\
ma-platform dev: starter tier, development, us-east-1, budget 20 USD a month

5 resources in 2 components
  edge         2  Site 2
  data         2  Database 2
  (none)       1  provider.aws 1

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


def text(*given, width=100, **options):
    return lines.text(preview.shown([previewed(*given, **options)], width))


def noted(label, *given, **options):
    """A row of what is notable, in one line."""
    found = text(*given, **options).partition("\nnotable\n")[2].partition("\n\n")[0]
    rows = found.replace("\n" + " " * 15, " ").splitlines()
    return next((row[15:] for row in rows if row.startswith(f"  {label} ")), None)


def test_layers_and_components_are_counted_and_what_is_notable_is_named():
    assert text(shop()) == SCREEN


def functions(number):
    return [resource(f"function-{n}", "ma-platform:api:Function", "shop") for n in range(number)]


def test_components_alike_are_counted_together_the_largest_first():
    made = [
        *functions(3),
        *(resource(f"role-{n}", "aws:iam/role:Role", f"function-{n}") for n in range(3)),
        resource("keys", "ma-platform:api:Keys", "shop"),
        resource("keys-copies", "ma-platform:api:Keys", "shop"),
        resource("key", "aws:kms/key:Key", "keys"),
    ]

    assert "  api          4  3 Functions 3, 2 Keys 1\n" in text(shop(*made))


def test_what_holds_data_without_protection_is_named():
    bucket = resource("logs", "aws:s3/bucket:Bucket", "shop")
    replica = resource(
        "copy", "aws:rds/instance:Instance", "shop", inputs={"replicateSourceDb": "database"}
    )

    assert noted("unprotected", shop(bucket, replica)) == "1 that hold data: s3.Bucket logs"
    assert noted("unprotected", shop()) is None


def alarms(kept, left_out):
    return [
        resource(
            "alarms",
            "ma-platform:operations:Alarms",
            "shop",
            outputs={"left_out": [f"lost-{n}" for n in range(left_out)]},
        ),
        *(
            resource(f"alarm-{n}", "aws:cloudwatch/metricAlarm:MetricAlarm", "alarms")
            for n in range(kept)
        ),
    ]


def test_alarms_left_out_are_counted_the_first_named_and_all_with_full():
    graph = shop(*alarms(2, 6))

    assert noted("alarms", graph) == (
        "2 of 8, as many as alarms.metrics pays for; left out: lost-0, lost-1, lost-2, lost-3"
        " and 2 more (--full)"
    )
    assert "lost-5\n" in lines.text(preview.shown([previewed(graph)], 100, full=True))
    assert noted("alarms", shop(*alarms(2, 0))) == "2, none left out"


def test_waivers_of_the_stack_are_counted_and_the_next_to_end_named():
    given = [
        waiver("keys-rotate"),
        waiver("logs-kept", expires="2026-07-01"),
        waiver("buckets-logged", expires="2026-07-01"),
        waiver("elsewhere", expires="2026-06-30", stacks=("prod",)),
    ]

    assert noted("waivers", shop(), *given) == (
        "3; next to end, on 2026-07-01: logs-kept, buckets-logged"
    )


def test_a_waiver_that_is_over_is_said_to_be():
    over = waiver("logs-kept", expires="2026-05-31")

    assert noted("ended", shop(), over) == "logs-kept on s3.Bucket logs, on 2026-05-31"
    assert noted("waivers", shop(), over) is None


def test_resources_in_another_region_than_the_stacks_are_counted():
    copies = resource("copies", "aws:backup/vault:Vault", "shop", outputs={"region": "us-west-2"})

    assert noted("elsewhere", shop(copies)) == "1 in us-west-2"
    assert noted("elsewhere", shop(copies), region="us-west-2") is None


def test_an_export_that_is_too_long_is_cut_and_says_where_it_is_whole():
    shown = text(shop(text="x" * 100, url="none")).splitlines()

    assert shown[-3:-1] == ["  url    none", f"  text   {'x' * 88}..."]
    assert shown[-1] == "  ... cut: --full has it whole"


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("width", [80, 100])
def test_each_stack_fits_a_screen(stack, width):
    file = example(stack)
    shown = preview.Preview(graph=built(stack), config=file.load(), waivers=WAIVERS, today=TODAY)
    rows = lines.text(preview.shown([shown], width)).splitlines()

    assert len(rows) <= 48
    # Neither the heading nor a domain's name is broken.
    assert [row for row in rows[1:] if len(row) > max(width, 86)] == []
