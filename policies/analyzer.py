"""The pack as Pulumi's own engine runs it: ``pulumi preview --policy-pack policies``.

Rows are asked before a resource is made, from its inputs. What spans the stack is asked once all
is registered, from each resource's state. Waivers hold as they do offline.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError

from graph.model import UNKNOWN, Data, Graph, Resource, parents_first
from policies.catalogue import controls
from policies.evaluate import Finding, evaluate, remedy, severity_of
from policies.rule import Property, Rule, Verdict
from policies.stack import Stack
from policies.waivers import read, stale


class Declared(Protocol):
    """What the SDK says of a resource, whether asked alone or with its stack."""

    urn: str
    resource_type: str
    name: str
    props: Mapping[str, Any]
    opts: Any
    provider: Any


class Session:
    """What the engine has said so far: each resource's inputs, then all of their states.

    Every policy of a stack is handed the same states anew; they are read once.
    """

    def __init__(self) -> None:
        self.asked: dict[str, Mapping[str, Data]] = {}
        self._registered: Graph | None = None

    def ask(self, args: ResourceValidationArgs) -> None:
        """Keep what a resource was asked to be, before AWS fills it in."""
        self.asked[args.urn] = _plain(args.props)
        self._registered = None

    def registered(self, resources: Sequence[PolicyResource]) -> Graph:
        """The record of the whole stack."""
        if self._registered is None:
            self._registered = graph(resources, self.asked)
        return self._registered


def policies(rules: Sequence[Rule]) -> list[Policy]:
    """One policy a rule, one that listens before them, and one that shows what is waived."""
    session = Session()
    listening = ResourceValidationPolicy(
        name="declared",
        description="Remembers what each resource was asked to be",
        validate=lambda args, _: session.ask(args),
        enforcement_level=EnforcementLevel.MANDATORY,
    )
    waived = StackValidationPolicy(
        name="waivers",
        description="What is waived, and waivers that are over or excuse nothing",
        validate=lambda args, report: _waivers(rules, session.registered(args.resources), report),
        # An update of a few resources alone does not show what the others are waived for.
        enforcement_level=EnforcementLevel.ADVISORY,
    )
    return [listening, *(policy(rule, session) for rule in rules), waived]


def policy(rule: Rule, session: Session) -> Policy:
    """A rule as the SDK has them; its name is the key in the pack's configuration."""
    known: dict[str, Any] = {
        "name": rule.name,
        "description": rule.description,
        "enforcement_level": EnforcementLevel.MANDATORY,
        "severity": Severity(severity_of(rule)),
        "tags": [f"control {i}" for i in rule.controls],
        "remediation_steps": remedy(rule),
    }
    if isinstance(rule, Property):
        return ResourceValidationPolicy(
            validate=lambda args, report: _one(rule, args, report), **known
        )
    return StackValidationPolicy(
        validate=lambda args, report: _report(
            _findings([rule], session.registered(args.resources)), report
        ),
        **known,
    )


def graph(resources: Iterable[Declared], asked: Mapping[str, Mapping[str, Data]]) -> Graph:
    """The record of what the SDK handed over; what is not known yet is UNKNOWN.

    States have all that AWS filled in; what a resource was ``asked`` to be is taken from before.
    """
    found = [_resource(resource) for resource in resources]
    first = next((resource.urn for resource in found), "urn:pulumi:::::")
    stack, _, project = first.removeprefix("urn:pulumi:").partition("::")
    declared = (replace(r, inputs=asked.get(r.urn, r.inputs)) for r in found)
    return Graph(project.partition("::")[0], stack, parents_first(declared))


def _one(rule: Property, args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type == rule.type:
        declared: list[Any] = [args, *([args.provider] if args.provider else [])]
        _report(_findings([rule], graph(declared, {})), report)


def _waivers(rules: Sequence[Rule], found: Graph, report: ReportViolation) -> None:
    stack = _stack(found)
    findings = evaluate(stack, rules, read())
    for finding in findings:
        if waiver := finding.waiver:
            resource = finding.judgement.resource
            text = f"{finding.rule.name} on {finding.label} until {waiver.expires}: {waiver.reason}"
            report(text, resource.urn if resource else None)
    for waiver, why in stale(read(), (f.waiver for f in findings), rules, stack):
        report(f"{waiver}: {why}", None)


def _findings(rules: Sequence[Rule], found: Graph) -> list[Finding]:
    return evaluate(_stack(found), rules, read())


def _stack(found: Graph) -> Stack:
    return Stack(found, datetime.now(UTC).date())


def _report(findings: Iterable[Finding], report: ReportViolation) -> None:
    """Raises UnknownValueError, which the SDK turns into an advice, for what is undecided."""
    unknown = []
    for finding in findings:
        resource = finding.judgement.resource
        if finding.fails:
            message = f"{finding.label}: {finding.judgement.message}\nfix: {remedy(finding.rule)}"
            references = ", ".join(_titles(finding.rule))
            text = f"{message}\n{references}" if references else message
            report(text, resource.urn if resource else None)
        elif finding.verdict is Verdict.UNDECIDED:
            unknown.append(f"{finding.label}: {finding.judgement.message}")
    if unknown:
        raise UnknownValueError(UNKNOWN_STRING_VALUE, unknown[:1])


def _titles(rule: Rule) -> list[str]:
    return [f"{i} {controls()[i].title}" for i in rule.controls]


def _resource(declared: Declared) -> Resource:
    props = _plain(declared.props)
    options = getattr(declared, "opts", None)
    parent = getattr(declared, "parent", None)
    return Resource(
        urn=declared.urn,
        type=declared.resource_type,
        name=declared.name,
        custom=":" in declared.resource_type,
        id=props.get("id"),
        parent=parent.urn if isinstance(parent, PolicyResource) else None,
        property_dependencies={
            name: tuple(other.urn for other in others)
            for name, others in (getattr(declared, "property_dependencies", None) or {}).items()
        },
        aliases=tuple(options.aliases) if options else (),
        protect=bool(options and options.protect),
        ignore_changes=tuple(options.ignore_changes) if options else (),
        inputs=props,
        outputs=props,
    )


def _plain(value: Data) -> Data:
    """Plain data of what raises when an unknown is touched."""
    if isinstance(value, Mapping):
        return {key: _at(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [_at(value, i) for i in range(len(value))]
    # Protobuf has one kind of number.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _at(holder: Data, key: str | int) -> Data:
    try:
        return _plain(holder[key])
    except UnknownValueError:
        return UNKNOWN
