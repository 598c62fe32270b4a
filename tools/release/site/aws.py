"""Clients of AWS, made when they are needed, and their errors as one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tools import ExpectedError

CLOUDFRONT_REGION = "us-east-1"


def client(service: str, region: str) -> Any:  # noqa: ANN401  # boto3 has no types
    """boto3 is a tool's dependency, not the program's."""
    try:
        import boto3
    except ImportError as error:
        raise ExpectedError("boto3 is missing: `make setup` installs it") from error
    with plainly(f"signing in to AWS for {service}"):
        return boto3.client(service, region_name=region)


@contextmanager
def plainly(doing: str) -> Iterator[None]:
    """What AWS refuses, or what does not reach it, as an expected failure."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        said = error.response.get("Error", {})
        text = f"{said.get('Code', '?')}: {said.get('Message', '')}".rstrip(": ")
        raise ExpectedError(f"{doing}: {text}") from error
    except BotoCoreError as error:
        raise ExpectedError(f"{doing}: {' '.join(str(error).split())}") from error
