"""Stack files: which there are, and what one says or an engine hands over of it."""

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from config import keys, naming, reading
from config.loading import encrypted, load, not_a_stack
from config.model import StackConfig
from config.problems import KEY, REGION_KEY, ConfigError, Problem

ROOT = Path(__file__).resolve().parent.parent
"""Where the stacks that are deployed have their files."""
EXAMPLES = ROOT / "examples"
"""Those that tests, snapshots and generated documents stand on, whatever is deployed."""


@dataclass(frozen=True)
class StackFile:
    """``Pulumi.<stack>.yaml`` as read: the region and the one structured key, not yet checked, and
    what is wrong with the rest of it."""

    stack: str
    region: object
    values: Mapping[str, Any]
    found: Sequence[Problem] = ()

    @classmethod
    def given(
        cls, stack: str, settings: Mapping[str, str], secret: Collection[str] = ()
    ) -> "StackFile":
        """What an engine hands to the program, which holds no file; ``secret`` are the keys in
        which something was encrypted."""
        said: Any = settings.get(KEY, "")
        with suppress(ValueError):
            said = json.loads(said)
        found = [*keys.problems(settings), *(encrypted() for key in secret if key == KEY)]
        return cls(stack, settings.get(REGION_KEY), said, found)

    @property
    def source(self) -> str:
        """What errors call it."""
        return f"Pulumi.{self.stack}.yaml"

    def load(self) -> StackConfig:
        """Check it. Raises ConfigError with every problem at once."""
        found = [*naming.problems(self.stack), *self.found]
        try:
            config = load(self.values, region=self.region, source=self.source)
        except ConfigError as error:
            raise ConfigError(self.source, [*found, *error.problems]) from None
        if found:
            raise ConfigError(self.source, found)
        return config

    def pulumi_config(self) -> dict[str, str]:
        """The configuration a Pulumi engine would hand to the program."""
        return {REGION_KEY: str(self.region), KEY: json.dumps(self.values)}


def names(root: Path) -> list[str]:
    """The stacks that have a file in a folder."""
    files = (path.name for path in root.glob("Pulumi.?*.yaml"))
    return sorted(name.removeprefix("Pulumi.").removesuffix(".yaml") for name in files)


def read(stack: str, root: Path) -> StackFile:
    """Read a stack's file. Raises ConfigError where it holds no stack."""
    path, known = root / f"Pulumi.{stack}.yaml", names(root)
    if stack not in known:
        limit, reason = "a stack that has a file", "a stack is what its file says"
        problem = Problem((), stack, limit, reason, _known(stack, known), within="the stack's name")
        raise ConfigError(path.name, [problem])
    try:
        content = reading.read(path) or {}
    except reading.UnreadableError as error:
        problem = Problem(
            (), error.found, error.limit, error.reason, error.way_out, within="the file"
        )
        raise ConfigError(path.name, [problem]) from error
    content = content if isinstance(content, dict) else {}
    config = content.get("config")
    config = config if isinstance(config, dict) else {}
    found = [*keys.problems_of_a_file(content), *keys.problems(config)]
    values = config.get(KEY)
    if not isinstance(values, dict):
        raise ConfigError(path.name, found or [not_a_stack(values)])
    return StackFile(stack, config.get(REGION_KEY), values, found)


def _known(stack: str, stacks: Sequence[str]) -> str:
    new = "`python -m tools new-stack` writes"
    if not stacks:
        return f"{new} one"
    near = get_close_matches(stack, stacks, n=1)
    meant = f"did you mean {near[0]}? There are" if near else "use one of:"
    return f"{meant} {', '.join(stacks)}; {new} another"
