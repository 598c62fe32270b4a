"""IAM documents as pure functions, and Grant: what a function may do, as plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi import Input, Output

Statement = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One permission; a function's role is rendered from its grants and holds nothing else."""

    sid: str
    actions: Sequence[str]
    resources: Sequence[Input[str]]
    conditions: Mapping[str, Any] | None = None

    def statement(self) -> Statement:
        """The grant as a policy statement."""
        return allow(
            self.sid, actions=self.actions, resources=self.resources, conditions=self.conditions
        )


def key_through(service: str, region: str, key_arn: Input[str], *actions: str, sid: str) -> Grant:
    """Use the key for what one AWS service keeps under it, and for nothing else."""
    return Grant(
        sid=sid,
        actions=actions,
        resources=[key_arn],
        conditions={"StringEquals": {"kms:ViaService": f"{service}.{region}.amazonaws.com"}},
    )


def read_secrets(arns: Sequence[Input[str]], key_arn: Input[str], region: str) -> list[Grant]:
    """Read these secrets and no other."""
    return [
        Grant(sid="Secrets", actions=["secretsmanager:GetSecretValue"], resources=arns),
        key_through("secretsmanager", region, key_arn, "kms:Decrypt", sid="SecretsKey"),
    ]


def document(statements: Sequence[Statement]) -> Output[str]:
    """A policy document as JSON."""
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(
    sid: str,
    *,
    actions: Sequence[str],
    resources: Sequence[Input[str]],
    principal: Mapping[str, Any] | None = None,
    conditions: Mapping[str, Any] | None = None,
) -> Statement:
    """Allow ``actions`` on ``resources``; with a principal it is a resource policy's statement."""
    return _statement("Allow", sid, actions, resources, principal, conditions)


def deny(
    sid: str,
    *,
    actions: Sequence[str],
    resources: Sequence[Input[str]],
    conditions: Mapping[str, Any],
) -> Statement:
    """Deny everyone ``actions`` on ``resources`` where the conditions hold."""
    return _statement("Deny", sid, actions, resources, "*", conditions)


def refuse(
    sid: str,
    *,
    actions: Sequence[str],
    resources: Sequence[Input[str]],
    conditions: Mapping[str, Any] | None = None,
) -> Statement:
    """Deny a role ``actions``, whatever else allows them."""
    return _statement("Deny", sid, actions, resources, None, conditions)


def refuse_elsewhere(
    sid: str, *, actions: Sequence[str], within: Sequence[Input[str]]
) -> Statement:
    """Deny a role ``actions`` on all but ``within``, whatever else allows them."""
    return {"Sid": sid, "Effect": "Deny", "Action": list(actions), "NotResource": list(within)}


def tls_only(arn: Input[str], actions: str, *resources: Input[str]) -> Statement:
    """Refuse whatever does not come over TLS."""
    return deny(
        "TlsOnly",
        actions=[actions],
        resources=[arn, *resources],
        conditions={"Bool": {"aws:SecureTransport": "false"}},
    )


def service_trust(service: str, account_id: Input[str] | None) -> Output[str]:
    """Trust one AWS service, acting for this account only; None where it does not say for whom.

    Without the account any customer of that service could have it use the role:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    if account_id is not None:
        statement["Condition"] = {"StringEquals": {"aws:SourceAccount": account_id}}
    return document([statement])


def _statement(
    effect: str,
    sid: str,
    actions: Sequence[str],
    resources: Sequence[Input[str]],
    principal: Mapping[str, Any] | str | None,
    conditions: Mapping[str, Any] | None,
) -> Statement:
    statement: dict[str, Any] = {
        "Sid": sid,
        "Effect": effect,
        "Action": list(actions),
        "Resource": list(resources),
    }
    if principal is not None:
        statement["Principal"] = principal
    if conditions is not None:
        statement["Condition"] = conditions
    return statement
