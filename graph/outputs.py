"""What AWS would compute, as data by short type: names, ARNs, ids and endpoints.

A text is a template over the resource's inputs, its other rows, and ``name`` (the physical name),
``hex`` and ``HEX`` (40 digits of the URN's digest), ``uuid``, ``region`` and ``account``; ``!t``
takes the last part of a path or ARN. A function is given all of these. What a class promises
beyond its rows becomes ``<name>-<property>``, or the zero of its type.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from graph import computed

Row = str | int | list[Any] | dict[str, Any] | Callable[[Mapping[str, Any]], Any]

ACCOUNT: Final = "123456789012"
STREAMED_SINCE: Final = "2026-01-01T00:00:00.000"
NAME_SERVERS: Final = tuple(f"ns-{n}.awsdns.example" for n in range(1, 5))

NAMES: Final[Mapping[str, str]] = {
    "cloudwatch.CompositeAlarm": "alarmName",
    "cloudwatch.Dashboard": "dashboardName",
    "rds.Instance": "identifier",
    "s3.Bucket": "bucket",
}
"""The property Pulumi's auto-naming fills, where it is not ``name``."""

ARNS: Final[Mapping[str, str]] = {
    "acm.Certificate": "acm:{region}:{account}:certificate/{uuid}",
    "apigatewayv2.Api": "apigateway:{region}::/apis/{id}",
    "apigatewayv2.DomainName": "apigateway:{region}::/domainnames/{domainName}",
    "apigatewayv2.Stage": "apigateway:{region}::/apis/{apiId}/stages/{name}",
    "appautoscaling.Target": "application-autoscaling:{region}:{account}:scalable-target/{hex:.32}",
    "athena.Workgroup": "athena:{region}:{account}:workgroup/{name}",
    "backup.Plan": "backup:{region}:{account}:backup-plan:{id}",
    "backup.RestoreTestingPlan": "backup:{region}:{account}:restore-testing-plan:{name}-{uuid}",
    "backup.Vault": "backup:{region}:{account}:backup-vault:{name}",
    "budgets.Budget": "budgets::{account}:budget/{name}",
    "cloudfront.Distribution": "cloudfront::{account}:distribution/{id}",
    "cloudfront.Function": "cloudfront::{account}:function/{name}",
    "cloudfront.KeyValueStore": "cloudfront::{account}:key-value-store/{id}",
    "cloudfront.OriginAccessControl": "cloudfront::{account}:origin-access-control/{id}",
    "cloudtrail.Trail": "cloudtrail:{region}:{account}:trail/{name}",
    "cloudwatch.CompositeAlarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "cloudwatch.EventRule": "events:{region}:{account}:rule/{name}",
    "cloudwatch.LogDelivery": "logs:{region}:{account}:delivery:{hex:.16}",
    "cloudwatch.LogDeliveryDestination": "logs:{region}:{account}:delivery-destination:{name}",
    "cloudwatch.LogDeliverySource": "logs:{region}:{account}:delivery-source:{name}",
    "cloudwatch.LogGroup": "logs:{region}:{account}:log-group:{name}",
    "cloudwatch.LogStream": "logs:{region}:{account}:log-group:{logGroupName}:log-stream:{name}",
    "cloudwatch.MetricAlarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "cognito.UserPool": "cognito-idp:{region}:{account}:userpool/{id}",
    "costexplorer.AnomalyMonitor": "ce::{account}:anomalymonitor/{uuid}",
    "dynamodb.Table": "dynamodb:{region}:{account}:table/{name}",
    "ec2.RouteTable": "ec2:{region}:{account}:route-table/{id}",
    "ec2.SecurityGroup": "ec2:{region}:{account}:security-group/{id}",
    "ec2.Subnet": "ec2:{region}:{account}:subnet/{id}",
    "ec2.Vpc": "ec2:{region}:{account}:vpc/{id}",
    "ec2.VpcEndpoint": "ec2:{region}:{account}:vpc-endpoint/{id}",
    "glue.CatalogDatabase": "glue:{region}:{account}:database/{name}",
    "glue.CatalogTable": "glue:{region}:{account}:table/{databaseName}/{name}",
    "iam.OpenIdConnectProvider": "iam::{account}:oidc-provider/{url!t}",
    "iam.Policy": "iam::{account}:policy{path}{name}",
    "iam.Role": "iam::{account}:role{path}{name}",
    "kinesis.FirehoseDeliveryStream": "firehose:{region}:{account}:deliverystream/{name}",
    "kms.Alias": "kms:{region}:{account}:{name}",
    "kms.Key": "kms:{region}:{account}:key/{id}",
    "lambda.Alias": "lambda:{region}:{account}:function:{functionName!t}:{name}",
    "lambda.EventSourceMapping": "lambda:{region}:{account}:event-source-mapping:{uuid}",
    "lambda.Function": "lambda:{region}:{account}:function:{name}",
    "lambda.LayerVersion": "lambda:{region}:{account}:layer:{layerName}:1",
    "rds.EventSubscription": "rds:{region}:{account}:es:{name}",
    "rds.Instance": "rds:{region}:{account}:db:{name}",
    "rds.ParameterGroup": "rds:{region}:{account}:pg:{name}",
    "rds.Proxy": "rds:{region}:{account}:db-proxy:prx-{hex:.17}",
    "rds.ProxyDefaultTargetGroup": "rds:{region}:{account}:target-group:prx-tg-{hex:.17}",
    "rds.SubnetGroup": "rds:{region}:{account}:subgrp:{name}",
    "route53.HealthCheck": "route53:::healthcheck/{id}",
    "route53.Zone": "route53:::hostedzone/{id}",
    "s3.Bucket": "s3:::{name}",
    "scheduler.Schedule": "scheduler:{region}:{account}:schedule/{groupName}/{name}",
    "scheduler.ScheduleGroup": "scheduler:{region}:{account}:schedule-group/{name}",
    "secretsmanager.Secret": "secretsmanager:{region}:{account}:secret:{name}-{hex:.6}",
    "sns.Topic": "sns:{region}:{account}:{name}",
    "sns.TopicSubscription": "sns:{region}:{account}:{topic!t}:{uuid}",
    "sqs.Queue": "sqs:{region}:{account}:{name}",
    "ssm.Parameter": "ssm:{region}:{account}:parameter/{name!t}",
    "synthetics.Canary": "synthetics:{region}:{account}:canary:{name}",
}
"""What follows ``arn:aws:``."""

IDS: Final[Mapping[str, str]] = {
    "apigatewayv2.Api": "{hex:.10}",
    "apigatewayv2.Authorizer": "{hex:.6}",
    "apigatewayv2.DomainName": "{domainName}",
    "apigatewayv2.Integration": "{hex:.7}",
    "apigatewayv2.Route": "{hex:.7}",
    "apigatewayv2.Stage": "{name}",
    "cloudfront.CachePolicy": "{uuid}",
    "cloudfront.Distribution": "E{HEX:.13}",
    "cloudfront.OriginAccessControl": "E{HEX:.13}",
    "cloudfront.OriginRequestPolicy": "{uuid}",
    "cloudfront.ResponseHeadersPolicy": "{uuid}",
    "cognito.UserPool": "{region}_{hex:.9}",
    "cognito.UserPoolClient": "{hex:.26}",
    "cognito.UserPoolDomain": "{domain}",
    "ec2.RouteTable": "rtb-{hex:.17}",
    "ec2.SecurityGroup": "sg-{hex:.17}",
    "ec2.Subnet": "subnet-{hex:.17}",
    "ec2.Vpc": "vpc-{hex:.17}",
    "ec2.VpcEndpoint": "vpce-{hex:.17}",
    "glue.CatalogDatabase": "{account}:{name}",
    "kms.Key": "{uuid}",
    "rds.Instance": "db-{HEX:.26}",
    "route53.Record": "{zoneId}_{name}_{type}",
    "route53.Zone": "Z{HEX:.19}",
    "scheduler.Schedule": "{groupName}/{name}",
    "secretsmanager.SecretRotation": "{secretId}",
    "secretsmanager.SecretVersion": "{secretId}|{versionId}",
    "sqs.Queue": "{url}",
    **dict.fromkeys(("backup.Plan", "route53.HealthCheck", "lambda.EventSourceMapping"), "{uuid}"),
    **dict.fromkeys(("wafv2.WebAcl", "wafv2.IpSet", "cloudfront.KeyValueStore"), "{uuid}"),
    **dict.fromkeys(("acm.Certificate", "iam.Policy", "iam.OpenIdConnectProvider"), "{arn}"),
    **dict.fromkeys(("kinesis.FirehoseDeliveryStream", "secretsmanager.Secret"), "{arn}"),
    **dict.fromkeys(("sns.Topic", "sns.TopicSubscription", "lambda.Alias"), "{arn}"),
}
"""Where the id is not the physical name."""

_INVOKE: Final = "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions"

OUTPUTS: Final[Mapping[str, Mapping[str, Row]]] = {
    "acm.Certificate": {"domainValidationOptions": computed.certificate_validation},
    "apigatewayv2.Api": {
        "apiEndpoint": computed.api_endpoint,
        "executionArn": "arn:aws:execute-api:{region}:{account}:{id}",
    },
    "apigatewayv2.DomainName": {
        "domainNameConfiguration": {
            "hostedZoneId": "Z1UJRXOUMOOFQ8",
            "targetDomainName": "d-{hex:.10}.execute-api.{region}.amazonaws.com",
        },
    },
    "apigatewayv2.Stage": {
        "executionArn": "arn:aws:execute-api:{region}:{account}:{apiId}/{name}",
        "invokeUrl": computed.stage_url,
    },
    "cloudfront.Distribution": {
        "domainName": "d{hex:.13}.cloudfront.net",
        "hostedZoneId": "Z2FDTNDATAQYW2",
    },
    "cloudwatch.Dashboard": {"dashboardArn": "arn:aws:cloudwatch::{account}:dashboard/{name}"},
    "cognito.UserPool": {"endpoint": "cognito-idp.{region}.amazonaws.com/{id}"},
    "cognito.UserPoolDomain": {"cloudfrontDistributionZoneId": "Z2FDTNDATAQYW2"},
    "dynamodb.Table": {
        "streamArn": "{arn}/stream/{streamLabel}",
        "streamLabel": STREAMED_SINCE,
    },
    "ec2.Vpc": {
        "defaultNetworkAclId": "acl-{hex:.17}",
        "defaultRouteTableId": "rtb-{hex:.17}",
        "defaultSecurityGroupId": "sg-{hex:.17}",
        "mainRouteTableId": "rtb-{hex:.17}",
        "ownerId": "{account}",
    },
    "ec2.VpcEndpoint": {"prefixListId": "pl-{hex:.8}"},
    "kms.Alias": {"targetKeyArn": "arn:aws:kms:{region}:{account}:key/{targetKeyId!t}"},
    "kms.Key": {"keyId": "{id}"},
    "lambda.Alias": {"invokeArn": f"{_INVOKE}/{{arn}}/invocations"},
    "lambda.Function": {
        "invokeArn": f"{_INVOKE}/{{arn}}/invocations",
        "qualifiedArn": "{arn}:{version}",
        "qualifiedInvokeArn": f"{_INVOKE}/{{qualifiedArn}}/invocations",
        "version": computed.function_version,
    },
    "random.RandomBytes": {"hex": computed.random_hex},
    "random.RandomId": {"hex": computed.random_hex},
    "random.RandomPassword": {"result": computed.random_text},
    "random.RandomString": {"result": computed.random_text},
    "random.RandomUuid": {"result": "{uuid}"},
    "rds.Instance": {
        "address": "{name}.c{hex:.12}.{region}.rds.amazonaws.com",
        "endpoint": "{address}:{port}",
        "hostedZoneId": "Z2R2ITUGPM61AM",
        "masterUserSecrets": computed.master_user_secrets,
        "port": 5432,
        "resourceId": "{id}",
    },
    "rds.Proxy": {"endpoint": "{name}.proxy-c{hex:.12}.{region}.rds.amazonaws.com"},
    "route53.Record": {"fqdn": "{name}"},
    "route53.Zone": {
        "nameServers": [*NAME_SERVERS],
        "zoneId": "{id}",
    },
    "s3.Bucket": {
        "bucketDomainName": "{name}.s3.amazonaws.com",
        "bucketRegionalDomainName": "{name}.s3.{region}.amazonaws.com",
        "hostedZoneId": "Z3AQBSTGFYJSTF",
    },
    "scheduler.Schedule": {"groupName": "default"},
    "secretsmanager.SecretVersion": {"versionId": "{uuid}"},
    "sqs.Queue": {"url": "https://sqs.{region}.amazonaws.com/{account}/{name}"},
    "wafv2.IpSet": {"arn": partial(computed.firewall_arn, "ipset")},
    "wafv2.WebAcl": {"arn": partial(computed.firewall_arn, "webacl")},
}
"""The rest; a row for a nested input completes what the program gave."""
