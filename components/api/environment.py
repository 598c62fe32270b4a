"""A function's environment variables, chosen by its contract."""

from collections.abc import Mapping

import pulumi
from pulumi import Input

from contract.function import Function
from contract.settings import Setting


class MissingSettingError(pulumi.RunError):
    """A function needs a setting that the program has no value for."""


def environment(spec: Function, settings: Mapping[Setting, Input[str]]) -> dict[str, Input[str]]:
    """Exactly the settings the function names. Raises MissingSettingError."""
    missing = [key for key in spec.settings if key not in settings]
    if missing:
        raise MissingSettingError(
            f"function {spec.name} needs {', '.join(missing)}, which the program does not set: "
            "give it a value in `_settings` of layers/functions.py, or take it out of the "
            "function's settings in contract/functions.py"
        )
    return {key.value: settings[key] for key in spec.settings}
