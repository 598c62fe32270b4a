"""The isolated network: no internet gateway, no NAT; AWS is reached through gateway endpoints."""

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Alias, ComponentResource, Input, Output, ResourceOptions

from components import iam
from components.context import Context
from components.security.zones import first_free
from config.sections import Network

GATEWAY_SERVICES = ("s3", "dynamodb")


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """``zones`` are the names of those that AWS offers the account, in whatever order."""

    context: Context
    config: Network
    zones: Output[list[str]]


class IsolatedNetwork(ComponentResource):
    """A VPC whose subnets reach S3 and DynamoDB, each other, and nothing else."""

    vpc_id: Output[str]
    zones: list[Output[str]]
    subnet_ids: list[Output[str]]
    functions_security_group_id: Output[str]
    closed_group_id: Output[str]

    def __init__(self, name: str, args: NetworkArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:security:IsolatedNetwork", name, None, opts)
        self._name = name
        child = ResourceOptions(parent=self)
        vpc = aws.ec2.Vpc(
            name,
            cidr_block=args.config.cidr,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags={"Name": name},
            opts=child,
        )
        # An absent block leaves AWS's own rules; empty lists close the group.
        self.closed_group_id = aws.ec2.DefaultSecurityGroup(
            f"{name}-default", vpc_id=vpc.id, ingress=[], egress=[], opts=child
        ).id
        routes = aws.ec2.RouteTable(
            f"{name}-isolated", vpc_id=vpc.id, tags={"Name": f"{name}-isolated"}, opts=child
        )
        self.vpc_id = vpc.id
        self.zones, self.subnet_ids = [], []
        for network in args.config.zone_networks():
            self._subnet(str(network), args, routes.id)
        self.functions_security_group_id = self._functions_security_group(
            {service: self._gateway(service, args, routes.id) for service in GATEWAY_SERVICES}
        )
        self._flow_logs(args)
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "zones": self.zones,
                "subnet_ids": self.subnet_ids,
                "functions_security_group_id": self.functions_security_group_id,
                "closed_group_id": self.closed_group_id,
            }
        )

    def _subnet(self, cidr: str, args: NetworkArgs, route_table_id: Output[str]) -> None:
        """Known by its addresses, so that another order or one more moves none, and where it was
        made: AWS's list of zones grows and shrinks."""
        name = f"{self._name}-isolated-{cidr.replace('/', '-')}"
        former = f"{self._name}-isolated-{len(self.zones) + 1}"
        subnet = aws.ec2.Subnet(
            name,
            vpc_id=self.vpc_id,
            cidr_block=cidr,
            availability_zone=first_free(args.zones, self.zones, args.config.zones),
            map_public_ip_on_launch=False,
            tags={"Name": name},
            opts=ResourceOptions(
                parent=self,
                ignore_changes=["availability_zone"],
                aliases=[Alias(name=former)],
            ),
        )
        aws.ec2.RouteTableAssociation(
            name,
            subnet_id=subnet.id,
            route_table_id=route_table_id,
            opts=ResourceOptions(parent=self, aliases=[Alias(name=former)]),
        )
        self.zones.append(subnet.availability_zone)
        self.subnet_ids.append(subnet.id)

    def _gateway(self, service: str, args: NetworkArgs, route_table_id: Output[str]) -> Output[str]:
        endpoint = aws.ec2.VpcEndpoint(
            f"{self._name}-{service}",
            vpc_id=self.vpc_id,
            service_name=f"com.amazonaws.{args.context.region}.{service}",
            vpc_endpoint_type="Gateway",
            route_table_ids=[route_table_id],
            policy=iam.document([_only_our_account(service, args.context.account_id)]),
            tags={"Name": f"{self._name}-{service}"},
            opts=ResourceOptions(parent=self),
        )
        return endpoint.prefix_list_id

    def _functions_security_group(self, prefix_lists: dict[str, Output[str]]) -> Output[str]:
        """Functions reach the gateway endpoints by prefix list; other flows are added by name."""
        group = aws.ec2.SecurityGroup(
            f"{self._name}-functions",
            description="Functions in the network",
            vpc_id=self.vpc_id,
            tags={"Name": f"{self._name}-functions"},
            opts=ResourceOptions(parent=self),
        )
        for service, prefix_list_id in prefix_lists.items():
            aws.vpc.SecurityGroupEgressRule(
                f"{self._name}-functions-{service}",
                security_group_id=group.id,
                prefix_list_id=prefix_list_id,
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                description=f"{service} through its gateway endpoint",
                opts=ResourceOptions(parent=self),
            )
        return group.id

    def _flow_logs(self, args: NetworkArgs) -> None:
        child = ResourceOptions(parent=self)
        group = aws.cloudwatch.LogGroup(
            f"{self._name}-flow-logs",
            retention_in_days=args.context.logs.retention_days,
            kms_key_id=args.context.key_arn,
            opts=child,
        )
        role = aws.iam.Role(
            f"{self._name}-flow-logs",
            assume_role_policy=iam.service_trust(
                "vpc-flow-logs.amazonaws.com", args.context.account_id
            ),
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{self._name}-flow-logs",
            role=role.id,
            policy=iam.document([_write_streams(group.arn)]),
            opts=child,
        )
        aws.ec2.FlowLog(
            f"{self._name}-flow-logs",
            vpc_id=self.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=600,
            opts=ResourceOptions(parent=self, depends_on=[policy]),
        )


def _only_our_account(service: str, account_id: Input[str]) -> iam.Statement:
    """Keep data from leaving for another account's buckets and tables through the endpoint."""
    return iam.allow(
        "OwnAccount",
        actions=[f"{service}:*"],
        resources=["*"],
        principal={"AWS": "*"},
        conditions={
            "StringEquals": {
                "aws:PrincipalAccount": account_id,
                "aws:ResourceAccount": account_id,
            }
        },
    )


def _write_streams(group_arn: Output[str]) -> iam.Statement:
    """https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html"""
    return iam.allow(
        "WriteFlowLogs",
        actions=["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
        resources=[group_arn, Output.concat(group_arn, ":*")],
    )
