"""The origin lock: how a request proves to the origins that it came through CloudFront."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_random as random
from pulumi import ComponentResource, Output, ResourceOptions

from config.sections import Edge

LENGTH = 64


@dataclass(frozen=True, kw_only=True)
class OriginLockArgs:
    """The config's generation is the one CloudFront sends."""

    config: Edge


class OriginLock(ComponentResource):
    """One secret a generation; ``origin_digests`` is comma-separated and no secret.

    The origins accept the generations before and after the one sent. So while a generation is
    raised by one, whichever of CloudFront's locations and functions are updated first, each
    knows the other's value: one deploy rotates, in any order, forth and back.
    A value that leaked is refused once the generation is two above its own.
    """

    secret: Output[str]
    origin_digests: Output[str]

    def __init__(
        self, name: str, args: OriginLockArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("ma-platform:edge:OriginLock", name, None, opts)
        current = args.config.origin_secret_generation
        secrets = {
            generation: random.RandomPassword(
                # By its generation: raising it makes a new secret and leaves the others alone.
                f"{name}-{generation}",
                length=LENGTH,
                special=False,
                opts=ResourceOptions(parent=self),
            ).result
            for generation in accepted(current)
        }
        self.secret = secrets[current]
        self.origin_digests = Output.unsecret(Output.all(*secrets.values()).apply(digests))
        self.register_outputs({"secret": self.secret, "origin_digests": self.origin_digests})


def accepted(current: int) -> range:
    """The generations the origins accept; the first has none before it."""
    return range(max(1, current - 1), current + 2)


def digests(secrets: Sequence[str]) -> str:
    """Each secret's SHA-256 in hexadecimal: 64 random characters cannot be found from it."""
    return ",".join(hashlib.sha256(secret.encode()).hexdigest() for secret in secrets)
