"""Functions, where they run and what they log."""

from tests.overrides.row import LOGGED, Row, each

IN_VPC = each("lambda.Function", lambda spec: spec.in_vpc)

ROWS: dict[str, Row] = {
    "realtime off": (
        {"features": {"realtime": False}},
        # The allowance of the alarms that go serves some that are left out else.
        """cloudwatch.MetricAlarm cdn-errors
        cloudwatch.MetricAlarm firewall-blocked""",
        """cloudfront.Distribution cdn
        iam.RolePolicy jobs
        iam.RolePolicy optilibria
        iam.RolePolicy qmlab
        iam.RolePolicy simcore
        iam.RolePolicy workspaces
        lambda.Function optilibria
        lambda.Function qmlab
        lambda.Function simcore
        lambda.Function workspaces
        lambda.Permission workspaces-http
        s3.BucketNotification data""",
        f"""cloudwatch.MetricAlarm failures-outage
        cloudwatch.MetricAlarm outbox-lag
        {each("cloudwatch.LogMetricFilter", lambda spec: spec.realtime)}
        sqs.Queue failures-outage
        sqs.QueuePolicy failures-outage
        lambda.Permission restored-restores
        ma-platform.WebSocketApi websocket
        apigatewayv2.Api websocket
        apigatewayv2.Authorizer websocket-authorizer
        apigatewayv2.Deployment websocket
        apigatewayv2.Integration websocket-realtime
        apigatewayv2.Route websocket-connect
        apigatewayv2.Route websocket-disconnect
        apigatewayv2.Route websocket-ping
        apigatewayv2.Route websocket-subscribe
        apigatewayv2.Route websocket-unsubscribe
        apigatewayv2.RouteResponse websocket-ping
        apigatewayv2.RouteResponse websocket-subscribe
        apigatewayv2.RouteResponse websocket-unsubscribe
        apigatewayv2.Stage websocket
        apigatewayv2.Route http-create-ticket
        cloudwatch.LogGroup websocket-access
        cloudwatch.LogGroup websocket-execution
        {each("ma-platform.Function", lambda spec: spec.realtime)}
        {each("cloudwatch.LogGroup", lambda spec: spec.realtime)}
        {each("iam.Role", lambda spec: spec.realtime)}
        {each("iam.RolePolicy", lambda spec: spec.realtime)}
        {each("lambda.Alias", lambda spec: spec.realtime)}
        {each("lambda.Function", lambda spec: spec.realtime)}
        {each("lambda.FunctionEventInvokeConfig", lambda s: s.realtime and bool(s.unattended))}
        lambda.Permission connect-authorizer-websocket-authorizer
        lambda.Permission realtime-websocket
        lambda.EventSourceMapping events
        scheduler.Schedule jobs-connections
        scheduler.Schedule jobs-relay
        dynamodb.Table tables-connections
        dynamodb.Table tables-events""",
    ),
    "third zone": (
        {"network": {"zones": 3}},
        """ec2.Subnet network-isolated-10.0.128.0-18
        ec2.RouteTableAssociation network-isolated-10.0.128.0-18""",
        f"""{IN_VPC}
        rds.SubnetGroup database""",
        "",
    ),
    "provisioned": (
        {"functions": {"provisioned": {"realtime": 2}}},
        "lambda.ProvisionedConcurrencyConfig realtime",
        "",
        "",
    ),
    "dedicated-high": (
        {"functions": {"sizing": "dedicated-high", "provisioned": {"realtime": 2}}},
        """lambda.ProvisionedConcurrencyConfig realtime
        appautoscaling.Target realtime
        appautoscaling.Policy realtime""",
        each("lambda.Function", lambda f: not f.connects and f.reconnect_seconds is None),
        "",
    ),
    "route metrics": (
        {"api": {"detailed_metrics": True}},
        "",
        """apigatewayv2.Stage http
        apigatewayv2.Stage websocket""",
        "",
    ),
    "log retention": ({"logs": {"retention_days": 90}}, "", LOGGED, ""),
}
