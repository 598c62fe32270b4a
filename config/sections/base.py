"""What every section is: frozen, strict, and closed to unknown keys."""

from datetime import date
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from config.reading import DAY


class Section(BaseModel):
    """A field's description says what it does and why its limit is there: errors quote it."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True
    )


_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_EMAIL = (
    rf"^{_ATEXT}+(\.{_ATEXT}+)*@([A-Za-z0-9]([A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?\.)+[A-Za-z]{{2,63}}$"
)
_FQDN = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$"
_ORIGIN = r"^(https://([a-z0-9-]+\.)+[a-z]{2,63}|http://localhost)(:[0-9]{1,5})?$"
_CIDR = r"^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$"
_REGION = r"^[a-z]{2}(-[a-z]+)+-\d$"
_ZONE_ID = r"^Z[A-Z0-9]{1,31}$"
_RELEASE = r"^[a-z0-9][a-z0-9.-]{0,62}$"
_INSTANCE_CLASS = r"^db\.[a-z0-9]+\.[a-z0-9]+$"
_REPOSITORY = r"^([A-Za-z0-9-]+/[A-Za-z0-9._-]+|[A-Za-z0-9-]+@[0-9]+/[A-Za-z0-9._-]+@[0-9]+)$"
_BRANCH = r"^[A-Za-z0-9._/-]+$"
_WORD = r"^[A-Za-z0-9._-]+$"
_BUCKET = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"
_ACCOUNT = r"^[0-9]{12}$"
_CERTIFICATE_ARN = r"^arn:aws:acm:us-east-1:[0-9]{12}:certificate/[a-z0-9-]+$"
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"
_WEEKDAY = "(mon|tue|wed|thu|fri|sat|sun)"
_DAILY = rf"^{_TIME}-{_TIME}$"
_WEEKLY = rf"^{_WEEKDAY}:{_TIME}-{_WEEKDAY}:{_TIME}$"
_KEY_ARN = r"^arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key/[a-z0-9-]+$"


def _mailbox(address: str) -> str:
    if len(address.partition("@")[0]) > 64:
        raise PydanticCustomError("mailbox_too_long", "")
    return address


Email = Annotated[str, StringConstraints(pattern=_EMAIL, max_length=254), AfterValidator(_mailbox)]
"""What SMTP carries without extensions, and SNS mails by:
https://www.rfc-editor.org/rfc/rfc5322#section-3.2.3,
https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1"""
Fqdn = Annotated[str, StringConstraints(pattern=_FQDN, max_length=253)]
Origin = Annotated[str, StringConstraints(pattern=_ORIGIN)]
Cidr = Annotated[str, StringConstraints(pattern=_CIDR)]
Region = Annotated[str, StringConstraints(pattern=_REGION)]
ZoneId = Annotated[str, StringConstraints(pattern=_ZONE_ID)]
ReleaseId = Annotated[str, StringConstraints(pattern=_RELEASE)]
Repository = Annotated[str, StringConstraints(pattern=_REPOSITORY, max_length=180)]
Branch = Annotated[str, StringConstraints(pattern=_BRANCH, max_length=200)]
Word = Annotated[str, StringConstraints(pattern=_WORD, max_length=255)]
BucketName = Annotated[str, StringConstraints(pattern=_BUCKET)]
AccountId = Annotated[str, StringConstraints(pattern=_ACCOUNT)]
KeyArn = Annotated[str, StringConstraints(pattern=_KEY_ARN)]
CertificateArn = Annotated[str, StringConstraints(pattern=_CERTIFICATE_ARN)]
DailyWindow = Annotated[str, StringConstraints(pattern=_DAILY)]
WeeklyWindow = Annotated[str, StringConstraints(pattern=_WEEKLY)]
InstanceClass = Annotated[str, StringConstraints(pattern=_INSTANCE_CLASS)]


def _day(value: object) -> object:
    return value.removesuffix(DAY) if isinstance(value, str) else value


Day = Annotated[date, Field(strict=False), BeforeValidator(_day)]
"""As an engine hands it over: what YAML has for a day is a moment to it."""

EXAMPLES = {
    _EMAIL: "name@example.com",
    _FQDN: "app.example.com",
    _ORIGIN: "https://app.example.com, without path or wildcard",
    _CIDR: "10.0.0.0/16",
    _REGION: "us-east-1",
    _ZONE_ID: "Z0123456789ABCDEFGHIJ",
    _RELEASE: "2026-11-22.1",
    _INSTANCE_CLASS: "db.t4g.medium",
    _REPOSITORY: "owner/name, or owner@1234/name@5678 as newer repositories are called",
    _BRANCH: "main",
    _WORD: "production",
    _BUCKET: "example-pulumi-state",
    _ACCOUNT: '"123456789012", all twelve digits, in quotes',
    _CERTIFICATE_ARN: "arn:aws:acm:us-east-1:123456789012:certificate/0b1c2d3e-4f50-6172-8394-"
    "a5b6c7d8e9f0: CloudFront looks in us-east-1 only",
    _DAILY: "08:00-09:00",
    _WEEKLY: "sun:09:30-sun:10:30",
    _KEY_ARN: "arn:aws:kms:us-east-1:123456789012:key/0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0",
}
"""What a value of each pattern looks like, for errors: nobody mends a value from a pattern."""
