"""The reports in docs/: as `make docs` writes them, and as who reads a pull request needs them."""

import re
from functools import cache

import pytest

from config.stack import ROOT
from graph.program import record as declared
from tests.stacks import WAIVERS, built, example
from tools.review import examples, report


@cache
def texts():
    def record(file):
        same = file.values == example(file.stack).values
        return built(file.stack) if same else declared(file.stack, file.pulumi_config())

    return examples.texts(record, WAIVERS)


NAMES = [str(examples.FOLDER / f"{name}.md") for name in examples.CHANGES]


def text(path: str) -> str:
    return {str(each): text for each, text in texts().items()}[path]


@pytest.mark.parametrize("path", NAMES)
def test_the_reports_in_docs_are_current(path):
    assert (ROOT / path).read_text(encoding="utf-8") == text(path), "run `make docs`"


@pytest.mark.parametrize("path", NAMES)
def test_what_opens_is_closed_and_every_row_has_its_tables_cells(path):
    found = text(path)
    tables = re.findall(r"(?:^\|.*\n)+", found, re.MULTILINE)

    assert found.count("<details>") == found.count("</details>")
    assert len(found) < report.COMMENT
    for table in tables:
        widths = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(widths) == 1, table


def test_the_dangerous_one_says_on_its_first_screen_what_is_lost_opened_refused_and_stops():
    first = text(NAMES[2]).splitlines()[:20]
    risks = [row.split(" | ")[0].strip("| *") for row in first if row.startswith("| ")]

    assert first[2] == "## Infrastructure: a decision is needed"
    assert {word for risk in risks for word in risk.split(", ")} >= {
        "lost",
        "opened",
        "refused",
        "stops",
    }
