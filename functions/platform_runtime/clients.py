"""Clients of AWS services, made when first needed."""

# ruff: noqa: ANN401 - boto3 makes its clients' classes at run time.
import socket
from typing import Any, Final

QUIET_SECONDS: Final = 300
"""What lies between forgets a connection that is quiet for longer, as NAT does after 350:
https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html"""
SIGN_SECONDS: Final = 60


def client(service: str, *, seconds: float, attempts: int = 2, **options: object) -> Any:
    """A client that gives up after ``attempts`` of ``seconds`` each, within a request's time; one
    that waits for long keeps its connection alive meanwhile.

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
    made = boto3.client(service, config=patience)
    if seconds > QUIET_SECONDS:
        _keep_alive(made)
    return made


def _keep_alive(made: Any) -> None:
    """botocore's own ``tcp_keepalive`` is the first of these alone, and Linux then waits for two
    hours: https://github.com/boto/botocore/issues/2916"""
    made._endpoint.http_session._socket_options += [
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, SIGN_SECONDS),
        (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, SIGN_SECONDS),
    ]


def error_code(error: Exception) -> str:
    """The code AWS answered with, as botocore's ClientError holds it."""
    answer: dict[str, Any] = getattr(error, "response", {})
    return str(answer.get("Error", {}).get("Code", ""))
