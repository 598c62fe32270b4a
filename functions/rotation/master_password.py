"""Postgres's master user, where the stack keeps the password rather than RDS.

RDS sets a password without being shown the old one. This function is outside the VPC and cannot
try it, so the function that migrates does.
"""

import json
import time
from functools import cached_property
from typing import Any

from contract.database import MASTER_USER
from functions.platform_runtime import clients
from functions.platform_runtime.secrets.store import Login, Secret, random_text
from functions.rotation.errors import RotationError
from functions.rotation.kind import Kind

CALL_SECONDS = 10.0
SIGN_IN_SECONDS = 60.0
"""With a cold start of the function in the VPC."""
PATIENCE_SECONDS = 230.0
"""With an instance that is busy and, once more, with a password that RDS sets within a minute. A
seed waits for both, and each time for one more sign-in."""
POLL_SECONDS = 5.0
BUSY = "TooManyRequestsException"
"""A migration is running, and only one invocation does at a time."""


class MasterPassword(Kind):
    """``instance`` is the identifier of the primary; ``migrate`` the alias that tries it."""

    name = "POSTGRES_MASTER"

    def __init__(self, instance: str, migrate: str) -> None:
        self._instance, self._migrate = instance, migrate

    def first(self) -> str:
        return Login(user=MASTER_USER, password=random_text()).dump()

    def following(self, current: str) -> str:
        user = Login.parse(self.name, current).user
        return Login(user=user, password=random_text()).dump()

    def apply(self, value: str) -> None:
        """Set the password, unless it is set."""
        login = Login.parse(self.name, value)
        if self._signs_in(login):
            return
        deadline = time.monotonic() + PATIENCE_SECONDS
        # RDS refuses while an instance is not "available", as one that was just made may not be:
        # https://github.com/hashicorp/terraform-provider-aws/issues/31594
        while not self._set(login.password, last=time.monotonic() > deadline):
            time.sleep(POLL_SECONDS)

    def test(self, before: Secret, after: Secret) -> None:  # noqa: ARG002
        """Wait until RDS has set it and Postgres takes it."""
        login = after.login()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._is_pending() or not self._signs_in(login):
            if time.monotonic() > deadline:
                raise RotationError(f"{login.user} cannot sign in after {PATIENCE_SECONDS:.0f} s")
            time.sleep(POLL_SECONDS)

    def _set(self, password: str, *, last: bool) -> bool:
        """Have RDS set it; False if the instance is busy and this was not the last try."""
        try:
            # Without ApplyImmediately: a password waits for no window, and what does would be
            # applied along: https://repost.aws/knowledge-center/reset-master-user-password-rds
            self._rds.modify_db_instance(
                DBInstanceIdentifier=self._instance, MasterUserPassword=password
            )
        except self._rds.exceptions.InvalidDBInstanceStateFault:
            if last:
                raise
            return False
        return True

    def _is_pending(self) -> bool:
        found = self._rds.describe_db_instances(DBInstanceIdentifier=self._instance)
        return "MasterUserPassword" in found["DBInstances"][0].get("PendingModifiedValues", {})

    def _signs_in(self, login: Login) -> bool:
        event = {"job": "sign_in", "user": login.user, "password": login.password}
        client = clients.client("lambda", seconds=SIGN_IN_SECONDS, attempts=1)
        try:
            response = client.invoke(FunctionName=self._migrate, Payload=json.dumps(event))
        except clients.AwayError as error:
            if clients.error_code(error) == BUSY:
                return False
            raise
        answer: dict[str, Any] = json.loads(response["Payload"].read())
        if "FunctionError" in response:
            raise RotationError(answer.get("errorMessage", response["FunctionError"]))
        return answer.get("user") == login.user

    @cached_property
    def _rds(self) -> Any:  # noqa: ANN401 - boto3 makes its clients' classes at run time
        return clients.client("rds", seconds=CALL_SECONDS)
