"""What the policy pack says of a stack, for the eye and for programs."""

import json
from datetime import date

from policies.rule import met, rule, undecided, violated
from policies.waivers import Waiver
from tests.policies.cases import TODAY, made
from tests.stacks import built
from tools.review import policy as review
from tools.review import policy_view as view

QUEUE = "aws:sqs/queue:Queue"
GRAPH = made((QUEUE, "orders", {}), (QUEUE, "mail", {}))


@rule("13.12", fix="set kmsMasterKeyId")
def queues_encrypted(stack):
    """Every queue is under a key."""
    yield from (violated(queue, "is in the clear") for queue in stack.of(QUEUE))


@rule(fix="keep it", severity="critical")
def queues_kept(stack):
    """No queue is deleted."""
    yield violated(stack.of(QUEUE)[0], "would be deleted", "0123456789ab")


@rule("14.9", fix="remove them")
def nobody_stays(_):
    """The stack has no users."""
    yield violated(None, "has users")


@rule("13.15", fix="set redrivePolicy")
def queues_drained(stack):
    """Every queue keeps what failed."""
    first, second = stack.of(QUEUE)
    yield undecided(first, "redrivePolicy")
    yield undecided(second, "redrivePolicy")


@rule("13.13", fix="declare one")
def queues_owned(stack):
    """Every queue has a policy."""
    yield from map(met, stack.of(QUEUE))


RULES = (nobody_stays, queues_encrypted, queues_kept, queues_drained, queues_owned)
WAIVER = Waiver(
    rule="queues-encrypted",
    resource="sqs.Queue mail",
    stacks=("prod",),
    reason="There is nothing in it",
    approver="somebody@example.com",
    expires=date(2027, 1, 1),
)
IDLE = WAIVER.model_copy(update={"resource": "sqs.Queue letters"})


def judged(*waivers, rules=RULES):
    return review.judge(GRAPH, today=TODAY, waivers=waivers, rules=rules)


def test_the_text_ends_with_what_fails_the_gravest_first_and_the_verdict():
    assert view.text(judged(WAIVER, IDLE)) == (
        "ma-platform prod: 5 rules\n"
        "\n"
        "undecided before the first deployment\n"
        "  queues-drained  sqs.Queue orders and 1 more: redrivePolicy is not known yet\n"
        "\n"
        "waived\n"
        "  queues-encrypted  sqs.Queue mail\n"
        "    until 2027-01-01, somebody@example.com: There is nothing in it\n"
        "\n"
        "critical queues-kept\n"
        "         No queue is deleted.\n"
        "         sqs.Queue orders: would be deleted  change: 0123456789ab\n"
        "         fix: keep it\n"
        "\n"
        "medium   queues-encrypted\n"
        "         Every queue is under a key.\n"
        "         sqs.Queue orders: is in the clear\n"
        "         fix: set kmsMasterKeyId\n"
        "         control 13.12, SQS.1, CKV_AWS_27, CKV2_AWS_73\n"
        "\n"
        "low      nobody-stays\n"
        "         The stack has no users.\n"
        "         the stack: has users\n"
        "         fix: remove them\n"
        "         control 14.9, IAM.2, CKV_AWS_40, CKV_AWS_273\n"
        "\n"
        "waiver   queues-encrypted on sqs.Queue letters\n"
        "         excuses nothing: remove it\n"
        "\n"
        "fails: 3 violated, 1 stale waiver, 1 waived, 2 undecided\n"
    )


def test_a_rule_that_several_resources_break_is_said_once():
    assert view.text(judged(rules=(queues_encrypted,))) == (
        "ma-platform prod: 1 rule\n"
        "\n"
        "medium   queues-encrypted  2 times\n"
        "         Every queue is under a key.\n"
        "         sqs.Queue orders: is in the clear\n"
        "         sqs.Queue mail: is in the clear\n"
        "         fix: set kmsMasterKeyId\n"
        "         control 13.12, SQS.1, CKV_AWS_27, CKV2_AWS_73\n"
        "\n"
        "fails: 2 violated\n"
    )


def test_what_is_waived_for_one_reason_is_said_once_and_what_ends_first_comes_first():
    orders = {"resource": "sqs.Queue orders", "expires": date(2026, 12, 24)}
    many = judged(WAIVER.model_copy(update={"resource": "*"}), rules=(queues_encrypted,))
    two = judged(WAIVER, WAIVER.model_copy(update=orders), rules=(queues_encrypted,))

    assert waived(many) == [
        "  queues-encrypted  sqs.Queue orders and 1 more",
        "    until 2027-01-01, somebody@example.com: There is nothing in it",
    ]
    assert waived(two) == [
        "  queues-encrypted  sqs.Queue orders",
        "    until 2026-12-24, somebody@example.com: There is nothing in it",
        "  queues-encrypted  sqs.Queue mail",
        "    until 2027-01-01, somebody@example.com: There is nothing in it",
    ]


def waived(report):
    lines = view.text(report).splitlines()
    return lines[lines.index("waived") + 1 : lines.index("passes: 2 waived") - 1]


def test_a_stack_of_which_nothing_is_to_be_said_passes():
    report = judged(rules=(queues_owned,))

    assert report.passes
    assert view.text(report) == "ma-platform prod: 1 rule\n\npasses\n"


def test_what_is_waived_or_undecided_passes():
    report = judged(WAIVER.model_copy(update={"resource": "*"}), rules=(queues_encrypted,))
    open_ones = judged(rules=(queues_drained,))

    assert (report.passes, open_ones.passes) == (True, True)
    assert view.text(report).endswith("\npasses: 2 waived\n")
    assert view.text(open_ones).endswith("\npasses: 2 undecided\n")


def test_a_stale_waiver_alone_fails_a_stack():
    report = judged(IDLE, rules=(queues_owned, queues_encrypted))
    sound = judged(WAIVER.model_copy(update={"rule": "no-such-rule"}), rules=(queues_owned,))

    assert not report.passes
    assert (sound.passes, sound.violations) == (False, [])


def test_the_json_has_whole_findings():
    data = json.loads(review.as_json(judged(WAIVER, IDLE)))

    assert {key: data[key] for key in ("project", "stack", "passes", "rules")} == {
        "project": "ma-platform",
        "stack": "prod",
        "passes": False,
        "rules": 5,
    }
    assert data["violations"][0] == {
        "rule": "queues-kept",
        "severity": "critical",
        "controls": [],
        "references": [],
        "resource": "sqs.Queue orders",
        "urn": f"urn:pulumi:prod::ma-platform::{QUEUE}::orders",
        "message": "would be deleted",
        "fix": "keep it",
        "change": "0123456789ab",
    }
    assert data["violations"][2]["urn"] is None
    assert data["waived"] == [
        {
            "rule": "queues-encrypted",
            "severity": "medium",
            "controls": ["13.12"],
            "references": ["control 13.12", "SQS.1", "CKV_AWS_27", "CKV2_AWS_73"],
            "resource": "sqs.Queue mail",
            "urn": f"urn:pulumi:prod::ma-platform::{QUEUE}::mail",
            "message": "is in the clear",
            "fix": "set kmsMasterKeyId",
            "waiver": {
                "tiers": [],
                "stacks": ["prod"],
                "reason": "There is nothing in it",
                "approver": "somebody@example.com",
                "expires": "2027-01-01",
                "change": None,
            },
        }
    ]
    assert [f["resource"] for f in data["undecided"]] == ["sqs.Queue orders", "sqs.Queue mail"]
    assert data["staleWaivers"] == [
        {
            "rule": "queues-encrypted",
            "resource": "sqs.Queue letters",
            "message": "excuses nothing: remove it",
        }
    ]


class Terminal:
    """What looks like one, and keeps what is written."""

    def __init__(self, tty):
        self.tty, self.text = tty, ""

    def isatty(self):
        return self.tty

    def write(self, text):
        self.text += text
        return len(text)

    def flush(self):
        pass


def test_colour_is_for_terminals_alone(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    report, file, terminal = judged(WAIVER), Terminal(False), Terminal(True)

    view.show(report, file)
    view.show(report, terminal)

    assert file.text == view.text(report)
    assert "\x1b[1;31mcritical \x1b[0m" in terminal.text


def test_a_stack_of_this_repository_is_judged_by_every_rule():
    report = review.judge(built("dev"), today=TODAY, waivers=())

    assert len(report.rules) < len(review.RULES)
    assert len(review.judge(built("prod"), today=TODAY, waivers=()).rules) == len(review.RULES)
