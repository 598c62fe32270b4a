"""The stand-in for CloudWatch, against AWS's own examples."""

import pytest

from tests.alarms.cloudwatch import evaluated, matches, point, state

NOTHING, OK, BAD = None, False, True


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
@pytest.mark.parametrize(
    ("points", "to_alarm", "as_breaching", "as_not_breaching"),
    [
        ([OK, NOTHING, BAD, NOTHING, BAD], 3, "OK", "OK"),
        ([OK, NOTHING, NOTHING, NOTHING, NOTHING], 3, "OK", "OK"),
        ([NOTHING] * 5, 3, "ALARM", "OK"),
        ([OK, BAD, BAD, NOTHING, BAD], 3, "ALARM", "ALARM"),
        ([NOTHING, NOTHING, BAD, NOTHING, NOTHING], 3, "ALARM", "OK"),
        ([OK, NOTHING, BAD, NOTHING, BAD], 2, "ALARM", "ALARM"),
        ([OK, OK, BAD, OK, BAD], 2, "ALARM", "ALARM"),
        ([OK, NOTHING, BAD, NOTHING, NOTHING], 2, "ALARM", "OK"),
        ([NOTHING, NOTHING, NOTHING, NOTHING, OK], 2, "ALARM", "OK"),
        ([NOTHING, NOTHING, NOTHING, BAD, NOTHING], 2, "ALARM", "OK"),
    ],
)
def test_an_alarm_is_evaluated_as_in_awss_tables(points, to_alarm, as_breaching, as_not_breaching):
    assert [
        evaluated(points, periods=3, to_alarm=to_alarm, missing=missing)
        for missing in ("breaching", "notBreaching")
    ] == [as_breaching, as_not_breaching]


def test_points_count_in_their_period_by_the_alarms_statistic_and_of_its_metric_alone():
    alarm = {
        "namespace": "N",
        "metricName": "M",
        "dimensions": {"D": "one"},
        "period": 300,
        "evaluationPeriods": 1,
        "datapointsToAlarm": 1,
        "statistic": "Sum",
        "comparisonOperator": "GreaterThanThreshold",
        "threshold": 1,
        "treatMissingData": "notBreaching",
    }
    two = [point("N", "M", at, D="one") for at in (10, 290)]

    assert state(alarm, two, now=300) == "ALARM"
    assert state({**alarm, "statistic": "Maximum"}, two, now=300) == "OK"
    assert state(alarm, [point("N", "M", at, D="one") for at in (290, 310)], now=600) == "OK"
    for other in ({"D": "two"}, {}, {"D": "one", "E": "too"}):
        assert state(alarm, [point("N", "M", at, **other) for at in (10, 290)], now=300) == "OK"


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ('{ $.a = "x" }', True),
        ('{ $.a = "y" }', False),
        ('{ $.b.c = "z" && $.a = "x" }', True),
        ('{ ($.a = "y" || $.b.c = "z") && $.a = "x" }', True),
        ('{ $.b.d = "z" || $.none.c = "z" }', False),
    ],
)
def test_a_pattern_looks_at_the_fields_of_a_line(pattern, matched):
    assert matches(pattern, {"a": "x", "b": {"c": "z"}}) is matched


@pytest.mark.parametrize("pattern", ["[FAILED]", "{ $.a > 1 }", '{ $.a = "x" && $.b NOT EXISTS }'])
def test_a_pattern_that_is_not_understood_is_no_match_but_an_error(pattern):
    with pytest.raises(ValueError, match="not"):
        matches(pattern, {"a": "x"})
