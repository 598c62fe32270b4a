"""Clients of AWS services, made when first needed."""

# ruff: noqa: ANN401 - boto3 makes its clients' classes at run time.
import socket
from collections.abc import Mapping
from typing import Any, Final

from functions.platform_runtime import deadline

BACKOFF_SECONDS: Final = 1
"""The most that botocore waits before its first retry:
https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html"""
QUIET_SECONDS: Final = 300
"""What lies between forgets a connection that is quiet for longer, as NAT does after 350:
https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html"""
SIGN_SECONDS: Final = 60
KEY_FAILED: Final = "DecryptionFailure"
"""How Secrets Manager says that KMS failed it; S3's codes of that begin with ``KMS.``:
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""


class AwayError(Exception):
    """A service that does not answer, fails, or asks for fewer calls; any other error is ours.

    ``service`` is boto3's name for it, or ``kms`` where it is that which failed the one asked.
    """

    def __init__(self, service: str, cause: object, response: Mapping[str, Any]) -> None:
        super().__init__(f"{service}: {cause}")
        self.service, self.response = service, response


def client(service: str, *, seconds: float, attempts: int = 2, **options: object) -> Any:
    """A client that gives up after ``attempts`` of ``seconds`` each, within a request's time; one
    that waits for long keeps its connection alive meanwhile. Its calls raise AwayError.

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
    _Watch(service, seconds).over(made)
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


def errors() -> tuple[type[Exception], ...]:
    """Whatever a call may raise: to be named in an ``except``, for botocore is imported by then."""
    from botocore.exceptions import BotoCoreError, ClientError

    return AwayError, BotoCoreError, ClientError


def error_code(error: Exception) -> str:
    """The code AWS answered with."""
    return _code(getattr(error, "response", {}))


def _code(answer: Mapping[str, Any]) -> str:
    return str(answer.get("Error", {}).get("Code", ""))


class _Watch:
    """Beside a client's calls: none begins that would outlive the request, and what says that the
    service is away is raised as that. What botocore would have tried again says so.
    """

    def __init__(self, service: str, seconds: float) -> None:
        self._service = service
        self._attempt = 2 * seconds
        """To connect, and to be answered."""

    def over(self, made: Any) -> None:
        events = made.meta.events
        events.register("before-call", self._begin)
        events.register_first("needs-retry", self._try_again)
        events.register("after-call", self._answered)
        events.register("after-call-error", self._failed)

    def _begin(self, **_: object) -> None:
        if deadline.left() < self._attempt:
            raise AwayError(self._service, "there is no time left to ask", {})

    def _try_again(
        self, response: tuple[Any, Any] | None, caught_exception: Any, **_: object
    ) -> None:
        """botocore's own handler comes next, and says whether to."""
        if deadline.left() >= self._attempt + BACKOFF_SECONDS:
            return
        if caught_exception is not None:
            self._failed(caught_exception)
        elif response is not None:
            self._answered(*response)

    def _answered(self, http_response: Any, parsed: Any, **_: object) -> None:
        code = _code(parsed)
        if code == KEY_FAILED or code.startswith("KMS"):
            raise AwayError("kms", parsed["Error"], parsed)
        if _passes(parsed_response=parsed, http_response=http_response):
            raise AwayError(self._service, parsed.get("Error"), parsed)

    def _failed(self, exception: Any, **_: object) -> None:
        if _passes(caught_exception=exception):
            raise AwayError(self._service, exception, {}) from exception


def _passes(**outcome: Any) -> bool:
    from botocore.retries import standard

    context = standard.RetryContext(attempt_number=1, **outcome)
    return bool(
        standard.TransientRetryableChecker().is_retryable(context)
        or standard.ThrottledRetryableChecker().is_retryable(context)
    )
