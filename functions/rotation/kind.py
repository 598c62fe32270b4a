"""What rotating one kind of secret means."""

from typing import ClassVar, Protocol

from functions.platform_runtime.secrets.store import Secret


class Kind(Protocol):
    """How its values are made and tried. Whatever is given here is never logged."""

    name: ClassVar[str]
    """What readers call the secret in errors."""

    def first(self) -> str:
        """A value for a secret that is empty."""

    def following(self, current: str) -> str:
        """The value after ``current``. Raises where that is no value of this kind."""

    def apply(self, value: str) -> None:  # noqa: ARG002
        """Have whoever is shown the value accept it. Most look it up themselves."""
        return

    def test(self, before: Secret, after: Secret) -> None:
        """Raise unless readers can use ``after``, and still what they have from ``before``."""
