"""Several stacks side by side."""

from tests.stacks import WAIVERS, built, example
from tests.tools.records import TODAY, previewed, resource, shop, waiver
from tools.review import lines, preview

PROD = shop(
    resource("site-2", "ma-platform:edge:Site", "shop"),
    resource("firewall", "ma-platform:edge:Firewall", "shop"),
    resource("firewall-acl", "aws:wafv2/webAcl:WebAcl", "firewall"),
    resource("copies", "aws:backup/vault:Vault", "database", protect=True),
    stack="prod",
    release="7",
)

TABLE = """\
ma-platform            dev          prod
  tier                 starter      pro
  environment          development  production
  Region               us-east-1    us-east-1
  budget, USD a month  20           100

resources              5            7
  edge                 2            3
    Firewall           -            1
    Site               2            2 in 2
  data                 2            3
    Database           2            3

notable
  protected            1            2
  cdn                  no firewall  no firewall
  waivers              1            -
  only read            1            1

exports
  key                  [secret]     [secret]
  ports                [1, 2]       [1, 2]
  release              -            7
  ~ made up here: AWS gives it  url

  only prod  Site site-2, Firewall firewall, protected backup.Vault copies
"""


def text(*previews, width=100):
    return lines.text(preview.shown(previews, width))


def test_a_table_shows_what_differs_and_lines_below_it_who_has_what():
    given = waiver("logs-kept")

    assert text(previewed(shop(), given), previewed(PROD, given, tier="pro")) == TABLE


def test_components_alike_are_in_one_line():
    assert "\n  alike  Site 2, Database 2\n" in text(previewed(shop()), previewed(shop()))


def test_cells_are_cut_where_there_is_no_room():
    long = previewed(shop(note="x" * 60))

    shown = text(long, long, width=60)

    assert max(map(len, shown.splitlines())) <= 60
    assert f"\n  note                 {'x' * 13}...  {'x' * 13}...\n" in shown


def test_an_export_that_only_some_have_is_shown_where_it_is_though_made_up():
    first, second = previewed(shop(other="us-east-1")), previewed(shop(other="123456789012"))

    shown = text(first, second)

    assert "\n  other                us-east-1    ~\n" in shown


def test_the_four_stacks_fit_a_screen():
    previews = [
        preview.Preview(
            graph=built(name), config=example(name).load(), waivers=WAIVERS, today=TODAY
        )
        for name in ("dev", "staging", "prod", "enterprise")
    ]
    rows = text(*previews, width=80).splitlines()

    assert len(rows) <= 54
    assert [row for row in rows if len(row) > 80] == []
