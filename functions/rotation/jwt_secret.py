"""JWT_SECRET: a keyring. The keys before sign nothing more, and end no token by their end."""

from functions.platform_runtime.identity import tokens
from functions.platform_runtime.identity.tokens import WorkerTokens
from functions.platform_runtime.secrets.store import Secret, SigningKeys
from functions.rotation.kind import Kind


class JwtSecret(Kind):
    name = "JWT_SECRET"

    def first(self) -> str:
        return SigningKeys.new().dump()

    def following(self, current: str) -> str:
        return SigningKeys.parse(self.name, current).rotated().dump()

    def test(self, before: Secret, after: Secret) -> None:
        accepted = WorkerTokens(after)
        for signer in (before, after):
            accepted.principal(tokens.issue(signer.signing_keys()))
