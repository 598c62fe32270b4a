"""What Pulumi.yaml must be for a stack file to say all that an engine is told."""

from pathlib import Path

from config import reading
from config.problems import PROJECT
from tools import ExpectedError

ELSEWHERE = ("config", "stackConfigDir")
"""https://www.pulumi.com/docs/iac/concepts/projects/project-file/"""


def check(root: Path) -> None:
    """Raise ExpectedError where it is missing, or another one."""
    path = root / "Pulumi.yaml"
    try:
        content = reading.read(path)
    except reading.UnreadableError as error:
        raise ExpectedError(
            f"Pulumi.yaml: {error}; `git checkout Pulumi.yaml` brings it back"
        ) from error
    content = content if isinstance(content, dict) else {}
    if content.get("name") != PROJECT:
        raise ExpectedError(
            f"Pulumi.yaml: the project is called {content.get('name')}, and what is deployed is "
            f"called after {PROJECT}: leave that name"
        )
    for key in ELSEWHERE:
        if key in content:
            raise ExpectedError(
                f"Pulumi.yaml: {key} tells an engine what no review of a stack file sees: say it "
                "in Pulumi.<stack>.yaml"
            )
