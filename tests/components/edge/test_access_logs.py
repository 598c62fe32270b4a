"""How access logs get to their bucket."""

import json

from components import iam
from components.edge.access_logs import delivery_statement
from tests.components.edge.programs import cdn, resolved

ACCOUNT = "123456789012"


def test_logs_are_delivered_from_cloudfronts_region_to_a_folder_a_day():
    graph = cdn()
    [source] = graph.by_type("aws:cloudwatch/logDeliverySource:LogDeliverySource")
    [destination] = graph.by_type("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination")
    [delivery] = graph.by_type("aws:cloudwatch/logDelivery:LogDelivery")

    assert source.inputs == {
        "region": "us-east-1",
        "logType": "ACCESS_LOGS",
        "resourceArn": graph.by_type("aws:cloudfront/distribution:Distribution")[0].outputs["arn"],
    }
    assert destination.inputs == {
        "region": "us-east-1",
        "outputFormat": "json",
        "deliveryDestinationConfiguration": {"destinationResourceArn": "arn:aws:s3:::logs/cdn"},
    }
    assert delivery.inputs == {
        "region": "us-east-1",
        "deliverySourceName": source.outputs["name"],
        "deliveryDestinationArn": destination.outputs["arn"],
        "s3DeliveryConfigurations": [
            {
                "suffixPath": "{DistributionId}/{yyyy}/{MM}/{dd}",
                "enableHiveCompatiblePath": False,
            }
        ],
    }


def test_the_bucket_lets_this_accounts_deliveries_write_where_they_write():
    policy = resolved(lambda: iam.document([delivery_statement("arn:aws:s3:::logs", ACCOUNT)]))

    assert json.loads(policy)["Statement"] == [
        {
            "Sid": "DeliverCdn",
            "Effect": "Allow",
            "Principal": {"Service": "delivery.logs.amazonaws.com"},
            "Action": ["s3:PutObject"],
            "Resource": ["arn:aws:s3:::logs/cdn/*"],
            "Condition": {
                "StringEquals": {
                    "s3:x-amz-acl": "bucket-owner-full-control",
                    "aws:SourceAccount": ACCOUNT,
                },
                "ArnLike": {"aws:SourceArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:delivery-source:*"},
            },
        }
    ]
