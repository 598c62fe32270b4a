"""API_KEY: a text. The one before is accepted too, so two rotations revoke one."""

from functions.platform_runtime.secrets.store import Secret, random_text
from functions.rotation.errors import RotationError
from functions.rotation.kind import Kind


class ApiKey(Kind):
    name = "API_KEY"

    def first(self) -> str:
        return random_text()

    def following(self, current: str) -> str:  # noqa: ARG002
        return random_text()

    def test(self, before: Secret, after: Secret) -> None:  # noqa: ARG002
        value = after.value()
        # It is sent in a header, where spaces around it are lost.
        if not (value.isascii() and value.isprintable() and after.accepts(value.strip())):
            raise RotationError(f"{self.name}: it cannot be sent in a header")
