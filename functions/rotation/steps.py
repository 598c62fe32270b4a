"""A rotation in Secrets Manager's four steps, and the seed that comes before all rotations.

Each step may be run twice, or again after it died at any point:
https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from functions.platform_runtime.secrets.store import CURRENT, PREVIOUS, StatedSecret
from functions.rotation.errors import RotationError
from functions.rotation.kind import Kind
from functions.rotation.versions import PENDING, Versions

SEED = "00000000-0000-4000-8000-000000000001"
"""The first version's id, always the same: AWS takes one value for it, so of two that seed one
secret at once one decides, and a secret that was ever seeded never is again."""


@dataclass(frozen=True)
class Rotation:
    """``token`` is the id of the version to be."""

    kind: Kind
    secret: Versions
    token: str

    def is_due(self) -> bool:
        """Whether a step is to be run; False once all is done. Raises RotationError."""
        if not self.secret.rotates():
            raise RotationError(f"{self.kind.name}: rotation is not turned on")
        labels = self.secret.labels().get(self.token, ())
        if CURRENT not in labels and PENDING not in labels:
            raise RotationError(f"{self.kind.name}: no such version is pending")
        return CURRENT not in labels

    def create(self) -> None:
        """Make the new value."""
        if self.secret.value(self.token) is None:
            _, current = _current(self.kind, self.secret)
            self.secret.put(self.token, self.kind.following(current), PENDING)

    def apply(self) -> None:
        """Have it accepted."""
        self.kind.apply(self._pending())

    def test(self) -> None:
        """Try it, beside what it follows.

        Where rotation is merely turned on AWS runs this step alone, on a version that is taken
        away again and need not have a value: then what is current is tried.
        """
        _, current = _current(self.kind, self.secret)
        _test(self.kind, current, self.secret.value(self.token) or current)

    def finish(self) -> None:
        """Make it current, if it is good beside what is current at this moment."""
        version, current = _current(self.kind, self.secret)
        _test(self.kind, current, self._pending())
        self.secret.promote(self.token, version)

    def _pending(self) -> str:
        value = self.secret.value(self.token)
        if not value:
            raise RotationError(f"{self.kind.name}: the pending version has no value")
        return value


STEPS: Mapping[str, Callable[[Rotation], None]] = {
    "createSecret": Rotation.create,
    "setSecret": Rotation.apply,
    "testSecret": Rotation.test,
    "finishSecret": Rotation.finish,
}


def seed(kind: Kind, secret: Versions) -> bool:
    """Fill an empty secret, and have what is in it accepted; whether it was empty.

    A value that is there stays. Only Postgres is told it once more: a restored instance has the
    password it had then.
    """
    empty = secret.current() is None
    if empty:
        secret.put(SEED, kind.first(), CURRENT)
    _, current = _current(kind, secret)
    kind.apply(current)
    _test(kind, current, current)
    return empty


def _current(kind: Kind, secret: Versions) -> tuple[str, str]:
    """The current version and its value."""
    version = secret.current()
    value = version and secret.value(version)
    if not (version and value):
        raise RotationError(f"{kind.name}: it is empty, and to be seeded")
    return version, value


def _test(kind: Kind, current: str, pending: str) -> None:
    """Try a value as readers will find it once it is current."""
    before = StatedSecret(kind.name, {CURRENT: current})
    kind.test(before, StatedSecret(kind.name, {CURRENT: pending, PREVIOUS: current}))
