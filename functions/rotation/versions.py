"""One secret's versions in Secrets Manager, and which of them is current or pending."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from functions.platform_runtime import clients
from functions.platform_runtime.secrets.store import CURRENT

PENDING = "AWSPENDING"
CALL_SECONDS = 5.0


class Versions:
    """A version has one value for ever; labels move."""

    def __init__(self, arn: str) -> None:
        self._arn = arn

    def rotates(self) -> bool:
        """Whether rotation is turned on."""
        return bool(self._described().get("RotationEnabled"))

    def labels(self) -> Mapping[str, Sequence[str]]:
        """The labels of each version that has any."""
        found: Mapping[str, Sequence[str]] = self._described().get("VersionIdsToStages", {})
        return found

    def current(self) -> str | None:
        """The id of the current version; None while the secret is empty."""
        return next((v for v, labels in self.labels().items() if CURRENT in labels), None)

    def value(self, version: str) -> str | None:
        """A version's value; one that Secrets Manager has announced has none yet."""
        try:
            answer = self._client.get_secret_value(SecretId=self._arn, VersionId=version)
        except self._client.exceptions.ResourceNotFoundException:
            return None
        value: str | None = answer.get("SecretString")
        return value

    def put(self, version: str, value: str, label: str) -> None:
        """Give a version its value, unless it has one: whoever came first has decided it."""
        try:
            self._client.put_secret_value(
                SecretId=self._arn,
                ClientRequestToken=version,
                SecretString=value,
                VersionStages=[label],
            )
        except self._client.exceptions.ResourceExistsException:
            return

    def promote(self, version: str, current: str) -> None:
        """Make a version current. AWS refuses if it is no longer ``current`` that was.

        AWSPENDING may stay beside it, and is AWS's to take away:
        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
        """
        self._client.update_secret_version_stage(
            SecretId=self._arn,
            VersionStage=CURRENT,
            MoveToVersionId=version,
            RemoveFromVersionId=current,
        )

    def _described(self) -> dict[str, Any]:
        found: dict[str, Any] = self._client.describe_secret(SecretId=self._arn)
        return found

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401 - boto3 makes its clients' classes at run time
        return clients.client("secretsmanager", seconds=CALL_SECONDS)
