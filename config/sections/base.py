"""What every section is: frozen, strict, and closed to unknown keys."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class Section(BaseModel):
    """A field's description says what it does and why its limit is there: errors quote it."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True
    )


_EMAIL = r"^[^@\s,;]+@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}$"
_FQDN = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$"
_ORIGIN = r"^(https://([a-z0-9-]+\.)+[a-z]{2,63}|http://localhost)(:[0-9]{1,5})?$"
_CIDR = r"^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$"
_REGION = r"^[a-z]{2}(-[a-z]+)+-\d$"
_ZONE_ID = r"^Z[A-Z0-9]{1,31}$"
_RELEASE = r"^[a-z0-9][a-z0-9.-]{0,62}$"
_INSTANCE_CLASS = r"^db\.[a-z0-9]+\.[a-z0-9]+$"

Email = Annotated[str, StringConstraints(pattern=_EMAIL, max_length=254)]
Fqdn = Annotated[str, StringConstraints(pattern=_FQDN, max_length=253)]
Origin = Annotated[str, StringConstraints(pattern=_ORIGIN)]
Cidr = Annotated[str, StringConstraints(pattern=_CIDR)]
Region = Annotated[str, StringConstraints(pattern=_REGION)]
ZoneId = Annotated[str, StringConstraints(pattern=_ZONE_ID)]
ReleaseId = Annotated[str, StringConstraints(pattern=_RELEASE)]
InstanceClass = Annotated[str, StringConstraints(pattern=_INSTANCE_CLASS)]

EXAMPLES = {
    _EMAIL: "name@example.com",
    _FQDN: "app.example.com",
    _ORIGIN: "https://app.example.com, without path or wildcard",
    _CIDR: "10.0.0.0/16",
    _REGION: "us-east-1",
    _ZONE_ID: "Z0123456789ABCDEFGHIJ",
    _RELEASE: "2026-11-22.1",
    _INSTANCE_CLASS: "db.t4g.medium",
}
"""What a value of each pattern looks like, for errors: nobody mends a value from a pattern."""
