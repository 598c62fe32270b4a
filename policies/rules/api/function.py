"""Rules for Lambda functions."""

from collections.abc import Iterator
from typing import Final

from graph.model import UNKNOWN, Resource, Unknown
from policies.paths import value
from policies.predicates import GIVEN, ON, Must, between, equals, matches, one_of
from policies.rule import Companion, Judgement, Property, Rule, met, rule, undecided, violated
from policies.stack import Stack

FUNCTION: Final = "aws:lambda/function:Function"
ALIAS: Final = "aws:lambda/alias:Alias"
LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
ROLE: Final = "aws:iam/role:Role"
ROLE_POLICY: Final = "aws:iam/rolePolicy:RolePolicy"

SUPPORTED: Final = matches(
    r"python3\.1[2-9]|nodejs2[24]\.x|java2[15]|ruby3\.[34]|dotnet10|provided\.al2023",
    "is a runtime AWS still mends",
)
"""https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"""

MOST_MEMORY: Final = 3_538
"""Two CPUs': https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""

TRACES: Final = "xray:PutTraceSegments"


def _is_archive(function: Resource) -> bool:
    return function.inputs.get("packageType") != "Image"


def _row(
    name: str,
    path: str,
    must: Must,
    control: str,
    why: str,
) -> Property:
    fix = f"set {path}: {why}"
    return Property(name=name, type=FUNCTION, path=path, must=must, controls=[control], fix=fix)


ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="function-runtime-supported",
        type=FUNCTION,
        path="runtime",
        must=SUPPORTED,
        controls=["4.3"],
        fix="set runtime to python3.12 or later: AWS mends no holes in older ones",
        only=_is_archive,
    ),
    _row(
        "function-traced",
        "tracingConfig.mode",
        equals("Active"),
        "4.4",
        "Active, or only requests somebody else sampled are traced",
    ),
    Property(
        name="function-concurrency-reserved",
        type=FUNCTION,
        path="reservedConcurrentExecutions",
        must=between(1, 10_000),
        controls=["4.6"],
        fix="set reservedConcurrentExecutions: without it one function takes all there is",
        production=True,
    ),
    Property(
        name="function-code-signed",
        type=FUNCTION,
        path="codeSigningConfigArn",
        must=GIVEN,
        controls=["4.11"],
        fix="set codeSigningConfigArn, and sign the archive with AWS Signer",
        only=_is_archive,
        production=True,
    ),
    _row(
        "function-memory",
        "memorySize",
        between(128, MOST_MEMORY),
        "4.12",
        "said, for the default is the least, and two CPUs' worth at most, for a request uses one",
    ),
    _row(
        "function-timeout",
        "timeout",
        between(1, 900),
        "4.12",
        "said, for the default is 3 s",
    ),
    _row(
        "function-logs-json",
        "loggingConfig.logFormat",
        equals("JSON"),
        "4.13",
        "JSON, which filters and queries read",
    ),
    *(
        _row(
            f"function-{whose}-logged",
            f"loggingConfig.{whose}LogLevel",
            one_of(*levels),
            "4.13",
            "INFO or finer: what is dropped above it is who did what, and how long it took",
        )
        for whose, levels in (
            ("application", ("TRACE", "DEBUG", "INFO")),
            ("system", ("DEBUG", "INFO")),
        )
    ),
    Property(
        name="function-versions-published",
        type=FUNCTION,
        path="publish",
        must=ON,
        controls=[],
        severity="medium",
        fix="set publish to true: an alias points at a version, which nobody changes afterwards",
    ),
    Companion(
        name="function-aliased",
        type=FUNCTION,
        companion=ALIAS,
        by="functionName",
        controls=[],
        severity="medium",
        fix="declare a lambda.Alias: who calls it keeps to one version while another is deployed",
    ),
    Property(
        name="alias-of-a-version",
        type=ALIAS,
        path="functionVersion",
        must=matches(r"\d+", "is a version"),
        controls=[],
        severity="medium",
        fix="set functionVersion to the function's version: $LATEST changes while it is called",
    ),
)


@rule("4.13", fix="set loggingConfig.logGroup to a cloudwatch.LogGroup of the stack's")
def function_log_group(stack: Stack) -> Iterator[Judgement]:
    """Every function logs to a group the stack keeps; the one Lambda makes is kept for ever."""
    for function in stack.of(FUNCTION):
        if stack.targets(function, "loggingConfig.logGroup", LOG_GROUP):
            yield met(function)
        else:
            yield violated(function, "loggingConfig.logGroup names no group of the stack")


def allowed(stack: Stack, function: Resource) -> set[str] | Unknown:
    """The actions a function's role allows; UNKNOWN where a policy is."""
    found: set[str] = set()
    for role in stack.targets(function, "role", ROLE):
        for policy in stack.companions(role, ROLE_POLICY, "role"):
            statements = stack.statements(policy, "policy")
            if isinstance(statements, Unknown):
                return UNKNOWN
            found |= {action for s in statements if s.allows for action in s.actions}
    return found


@rule("4.4", fix=f"allow {TRACES} in the function's role")
def function_may_trace(stack: Stack) -> Iterator[Judgement]:
    """A function that is traced may write its traces."""
    for function in stack.of(FUNCTION):
        if value(function.inputs, "tracingConfig.mode") != "Active":
            continue
        actions = allowed(stack, function)
        if isinstance(actions, Unknown):
            yield undecided(function, "its role's policy")
        elif TRACES in actions:
            yield met(function)
        else:
            yield violated(function, f"its role does not allow {TRACES}")


@rule("4.14", fix="give the function a role of its own")
def function_role_its_own(stack: Stack) -> Iterator[Judgement]:
    """No two functions share a role: each would have what the other needs."""
    functions = stack.of(FUNCTION)
    roles = {f.urn: {r.urn for r in stack.targets(f, "role", ROLE)} for f in functions}
    for function in functions:
        sharing = [f for f in functions if f is not function and roles[f.urn] & roles[function.urn]]
        if sharing:
            yield violated(function, f"shares its role with {sharing[0].name}")
        else:
            yield met(function)


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    function_log_group,
    function_may_trace,
    function_role_its_own,
)
