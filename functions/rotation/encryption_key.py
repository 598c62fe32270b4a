"""ENCRYPTION_KEY: a keyring that only grows, for a backup opens under its own version alone."""

from functions.platform_runtime.secrets.keyring import Keyring, seal, unseal
from functions.platform_runtime.secrets.store import Secret
from functions.rotation.errors import RotationError
from functions.rotation.kind import Kind

PURPOSE = "a rotation's test"
TEXT = b"sealed to be opened"


class EncryptionKey(Kind):
    name = "ENCRYPTION_KEY"

    def first(self) -> str:
        return Keyring.new().dump()

    def following(self, current: str) -> str:
        return Keyring.parse(current).rotated().dump()

    def test(self, before: Secret, after: Secret) -> None:
        old, new = Keyring.parse(before.value()), Keyring.parse(after.value())
        lost = [version for version, key in old.keys.items() if new.keys.get(version) != key]
        if lost:
            raise RotationError(
                f"version {', '.join(lost)} of the key would be lost, and what is sealed under it"
            )
        for ring in (old, new):
            sealed = b"".join(seal(ring.data_key(PURPOSE), [TEXT]))
            key = new.data_key_of(sealed.partition(b"\n")[0], PURPOSE)
            if b"".join(unseal(key, [sealed])) != TEXT:
                raise RotationError(f"version {ring.current} opens something else")
