"""Rules over a stack, and waivers over what they find."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policies import keys
from policies.catalogue import Severity, severity
from policies.rule import Judgement, Rule, Verdict
from policies.stack import Stack
from policies.waivers import Waiver, matching


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One judgement of one rule; ``waiver`` is what excuses a violation."""

    rule: Rule
    judgement: Judgement
    waiver: Waiver | None = None

    @property
    def label(self) -> str:
        """The resource as people call it."""
        return self.judgement.label

    @property
    def verdict(self) -> Verdict:
        """What was found."""
        return self.judgement.verdict

    @property
    def fails(self) -> bool:
        """Whether the stack may not go on with it."""
        return self.verdict is Verdict.VIOLATED and self.waiver is None


def applies(rule: Rule, stack: Stack) -> bool:
    """Whether the rule is for a stack of this tier."""
    return stack.production or not rule.production


def evaluate(stack: Stack, rules: Iterable[Rule], waivers: Sequence[Waiver] = ()) -> list[Finding]:
    """All that the rules find, rule by rule."""
    return [
        Finding(rule=rule, judgement=judgement, waiver=matching(waivers, rule, judgement, stack))
        for rule in rules
        if applies(rule, stack)
        for judgement in rule.judge(stack)
    ]


def severity_of(rule: Rule) -> Severity:
    """The rule's own, or the highest of its controls'."""
    return rule.severity or severity(rule.controls)


def remedy(rule: Rule) -> str:
    """What to change, with the keys of the stack file that do it."""
    known = [key for key in keys.of(rule.name) if key not in rule.fix]
    return f"{rule.fix} (in the stack file: {', '.join(known)})" if known else rule.fix
