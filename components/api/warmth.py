"""Environments of a function that are kept warm, and scaled with use where the tier says so."""

import pulumi_aws as aws
from pulumi import Output, Resource, ResourceOptions

UTILISATION = 0.7
"""Share of the warm environments in use that scaling aims at."""


def keep_warm(parent: Resource, name: str, alias: aws.lambda_.Alias, environments: int) -> None:
    """Keep a fixed number warm."""
    _provisioned(alias, name, environments, ResourceOptions(parent=parent))


def scale_warmth(
    parent: Resource, name: str, alias: aws.lambda_.Alias, *, least: int, most: int
) -> None:
    """Keep ``least`` warm, and more as they are used; their number is then the scaling's."""
    provisioned = _provisioned(
        alias,
        name,
        least,
        ResourceOptions(parent=parent, ignore_changes=["provisionedConcurrentExecutions"]),
    )
    # The three names are Application Auto Scaling's own:
    # https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
    target = aws.appautoscaling.Target(
        name,
        service_namespace="lambda",
        scalable_dimension="lambda:function:ProvisionedConcurrency",
        resource_id=Output.concat("function:", alias.function_name, ":", alias.name),
        min_capacity=least,
        max_capacity=most,
        opts=ResourceOptions(parent=parent, depends_on=[provisioned]),
    )
    aws.appautoscaling.Policy(
        name,
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        resource_id=target.resource_id,
        target_tracking_scaling_policy_configuration={
            "target_value": UTILISATION,
            "predefined_metric_specification": {
                "predefined_metric_type": "LambdaProvisionedConcurrencyUtilization"
            },
        },
        opts=ResourceOptions(parent=parent),
    )


def _provisioned(
    alias: aws.lambda_.Alias, name: str, environments: int, opts: ResourceOptions
) -> aws.lambda_.ProvisionedConcurrencyConfig:
    return aws.lambda_.ProvisionedConcurrencyConfig(
        name,
        function_name=alias.function_name,
        qualifier=alias.name,
        provisioned_concurrent_executions=environments,
        opts=opts,
    )
