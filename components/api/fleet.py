"""All functions of a stack, each with what its entry in the contract names, in that order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pulumi
from pulumi import Input, ResourceOptions

from components.api.function import Function, FunctionArgs, Placement
from components.api.grants import Surroundings, grants
from components.context import Context
from config.capacity import declared, reserved
from config.model import StackConfig
from contract.incidents import Issue
from contract.settings import Setting

CALLED = {
    "migrate": Setting.MIGRATE_FUNCTION,
    "maintenance": Setting.MAINTENANCE_FUNCTION,
}
"""Functions that other functions call, and the setting that tells them where."""

SECRETS = {
    Setting.API_KEY_ARN,
    Setting.JWT_SECRET_ARN,
    Setting.ENCRYPTION_KEY_ARN,
    Setting.MASTER_SECRET_ARN,
}
"""Whoever is told one of these finds the secret filled."""


@dataclass(frozen=True, kw_only=True)
class FleetArgs:
    """``archives`` are paths by function; ``sql_digest`` is of all migrations.

    ``own_settings`` are those a function is given instead of everyone's. ``failures`` are ARNs of
    queues for what is given up, by whose incident it is.
    """

    context: Context
    config: StackConfig
    archives: Mapping[str, str]
    sql_digest: str
    settings: Mapping[Setting, Input[str]]
    own_settings: Mapping[str, Mapping[Setting, Input[str]]]
    surroundings: Surroundings
    placement: Placement
    failures: Mapping[Issue, Input[str]]


def fleet(args: FleetArgs, opts: ResourceOptions) -> dict[str, Function]:
    """Make them. Code that connects takes over once the database is at its version."""
    config, functions = args.config, dict[str, Function]()
    settings = {**args.settings}
    shares = reserved(config)
    migrated: list[pulumi.Resource] = []
    seeded: list[pulumi.Resource] = []
    for spec in declared(config):
        functions[spec.name] = function = Function(
            spec.name.replace("_", "-"),
            FunctionArgs(
                context=args.context,
                spec=spec,
                config=config.functions,
                archive=args.archives[spec.name],
                settings={**settings, **args.own_settings.get(spec.name, {})},
                placement=args.placement,
                reserved=shares[spec.name],
                provisioned=config.functions.provisioned.get(spec.name, 0),
                failures_arn=args.failures[spec.unattended] if spec.unattended else None,
                grants=grants(spec.name, replace(args.surroundings, functions=functions)),
                ready=[
                    *(migrated if spec.connects else ()),
                    *(seeded if SECRETS & set(spec.settings) else ()),
                ],
            ),
            opts,
        )
        if spec.name in CALLED:
            settings[CALLED[spec.name]] = function.alias_arn
        if spec.name == "rotation":
            seeded = [args.surroundings.rotation.rotate_with(function)]
        if spec.name == "bootstrap":
            migrated = [args.surroundings.database.migrate_with(function, args.sql_digest)]
    return functions
