"""Rules for restoring now and then: a backup nobody restored is a hope."""

from collections.abc import Iterator
from typing import Final

from policies.paths import values
from policies.predicates import GIVEN, between, includes
from policies.rule import Judgement, Property, Rule, met, rule, violated
from policies.rules.data.backups import PLAN, SELECTION
from policies.rules.data.instance import INSTANCE, primary
from policies.stack import Stack

RESTORE_TEST: Final = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
TESTED: Final = "aws:backup/restoreTestingSelection:RestoreTestingSelection"

YOUNG_DAYS: Final = 60

ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="restores-on-a-schedule",
        type=RESTORE_TEST,
        path="scheduleExpression",
        must=GIVEN,
        controls=["12.10"],
        fix="set scheduleExpression: what was restored once need not be restorable now",
        production=True,
    ),
    *(
        Property(
            name=f"restore-tests-{name}",
            type=kind,
            path=path,
            must=must,
            controls=["12.10"],
            fix=f"set {path}: {why}",
            production=True,
        )
        for name, kind, path, must, why in (
            (
                "snapshots",
                RESTORE_TEST,
                "recoveryPointSelection.recoveryPointTypes",
                includes("SNAPSHOT"),
                "SNAPSHOT among them, or what the plan makes is not tried",
            ),
            (
                "what-is-young",
                RESTORE_TEST,
                "recoveryPointSelection.selectionWindowDays",
                between(1, YOUNG_DAYS),
                "an old snapshot says nothing of today's",
            ),
            (
                "start-in-time",
                RESTORE_TEST,
                "startWindowHours",
                between(1, 24),
                "within a day, or the next thing is in its way",
            ),
            (
                "end-in-time",
                TESTED,
                "validationWindowHours",
                between(0, 4),
                "what is restored costs what the original does, by the hour",
            ),
            *(
                (
                    name,
                    TESTED,
                    f"restoreMetadataOverrides.{key}",
                    GIVEN,
                    "what is not said is the account's default network",
                )
                for name, key in (
                    ("in-a-network", "dbSubnetGroupName"),
                    ("behind-a-group", "vpcSecurityGroupIds"),
                )
            ),
        )
    ),
)


@rule(
    "12.10",
    fix="declare a backup.RestoreTestingPlan: a backup nobody restored is a hope",
    production=True,
)
def restores_tested(stack: Stack) -> Iterator[Judgement]:
    """Where there are plans for backups, there is one for restoring them."""
    for plan in stack.of(PLAN):
        tested = stack.of(RESTORE_TEST)
        yield met(plan) if tested else violated(plan, "nobody tries to restore what it keeps")


@rule("12.10", fix="name the database in protectedResourceArns", production=True)
def databases_restored(stack: Stack) -> Iterator[Judgement]:
    """Each database that a plan selects is restored now and then."""
    for database in filter(primary, stack.of(INSTANCE)):
        if not stack.companions(database, SELECTION, "resources[*]"):
            continue
        tests = stack.companions(database, TESTED, "protectedResourceArns[*]")
        whole = any(
            "*" in values(test.inputs, "protectedResourceArns[*]") for test in stack.of(TESTED)
        )
        yield met(database) if tests or whole else violated(database, "nobody tries to restore it")


RULES: Final[tuple[Rule, ...]] = (*ROWS, restores_tested, databases_restored)
