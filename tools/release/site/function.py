"""The CloudFront Function that holds the active release: read, changed, published."""

import json
import re
from typing import Any

from tools import ExpectedError
from tools.release.site.aws import plainly

RELEASE = re.compile(r'^const RELEASE = ("(?:[^"\\]|\\.)*");$', re.MULTILINE)


class ReleaseFunction:
    """Has two stages: what is being worked on, and, once published, what viewers meet.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/publish-function.html
    """

    def __init__(self, client: Any, name: str) -> None:  # noqa: ANN401  # boto3 has no types
        self._client, self.name = client, name

    def live(self) -> str:
        """The release that is served."""
        with plainly(f"reading CloudFront Function {self.name}"):
            answer = self._client.get_function(Name=self.name, Stage="LIVE")
            text = answer["FunctionCode"].read().decode()
        return release_in(text, self.name)

    def put(self, code: str) -> None:
        """Change and publish it, unless somebody else has changed it meanwhile."""
        with plainly(f"changing CloudFront Function {self.name}"):
            now = self._client.describe_function(Name=self.name, Stage="DEVELOPMENT")
            changed = self._client.update_function(
                Name=self.name,
                IfMatch=now["ETag"],
                FunctionConfig=now["FunctionSummary"]["FunctionConfig"],
                FunctionCode=code.encode(),
            )
        with plainly(f"publishing CloudFront Function {self.name}"):
            self._client.publish_function(Name=self.name, IfMatch=changed["ETag"])


def release_in(code: str, name: str) -> str:
    """The release that a function's code names."""
    found = RELEASE.search(code)
    if not found:
        raise ExpectedError(f"CloudFront Function {name} names no release: deploy the stack first")
    release: str = json.loads(found[1])
    return release
