"""Clients of AWS services, made when first needed."""

# ruff: noqa: ANN401 - boto3 makes its clients' classes at run time.
from typing import Any


def client(service: str, *, seconds: float, attempts: int = 2, **options: object) -> Any:
    """A client that gives up after ``attempts`` of ``seconds`` each, within a request's time.

    boto3's own patience is five tries of a minute.
    """
    # Importing it takes longer than all else in a function together.
    import boto3
    from botocore.config import Config

    patience = Config(
        connect_timeout=seconds,
        read_timeout=seconds,
        retries={"total_max_attempts": attempts, "mode": "standard"},
        **options,
    )
    return boto3.client(service, config=patience)


def error_code(error: Exception) -> str:
    """The code AWS answered with, as botocore's ClientError holds it."""
    answer: dict[str, Any] = getattr(error, "response", {})
    return str(answer.get("Error", {}).get("Code", ""))
