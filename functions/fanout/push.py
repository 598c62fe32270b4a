"""Sends a message to connections, through the WebSocket API."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

from aws_lambda_powertools import Logger

Outcome = Literal["sent", "gone", "failed"]

THREADS = 16
CALL_SECONDS = 3.0


class Push:
    """The connections' side of the WebSocket API."""

    def __init__(self, url: str, logger: Logger) -> None:
        import boto3
        from botocore.config import Config

        patience = Config(
            connect_timeout=CALL_SECONDS,
            read_timeout=CALL_SECONDS,
            retries={"total_max_attempts": 2, "mode": "standard"},
            max_pool_connections=THREADS,
        )
        self._api = boto3.client("apigatewaymanagementapi", endpoint_url=url, config=patience)
        self._logger = logger

    def send(self, connection_ids: Iterable[str], message: str) -> dict[str, Outcome]:
        """Send to all of them, whatever becomes of one."""
        ids, data = list(connection_ids), message.encode()
        with ThreadPoolExecutor(THREADS) as pool:
            return dict(zip(ids, pool.map(lambda i: self._send(i, data), ids), strict=True))

    def _send(self, connection_id: str, data: bytes) -> Outcome:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._api.post_to_connection(ConnectionId=connection_id, Data=data)
        except self._api.exceptions.GoneException:
            return "gone"
        except (ClientError, BotoCoreError) as error:
            extra = {"connection_id": connection_id, "cause": str(error)}
            self._logger.warning("not pushed", extra=extra)
            return "failed"
        return "sent"
