"""Makes one release the one that is served: the stack file, the function, and the proof."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from tools import ExpectedError
from tools.release.site import verify
from tools.release.site.function import ReleaseFunction
from tools.release.site.history import index_key
from tools.release.site.stack_file import Edit
from tools.release.site.store import Store
from tools.release.site.upload import Say


@dataclass(frozen=True, kw_only=True)
class Activation:
    """``code`` is what the program declares once the file is edited, so that the next deployment
    finds it; ``refresh`` has Pulumi's state know it, and says whether it does."""

    release: str
    edit: Edit
    code: str
    function: ReleaseFunction
    store: Store
    url: str
    refresh: Callable[[], bool]
    wait: Callable[[str, str], None] = verify.wait

    def run(self, say: Say) -> bool:
        """The file first: whoever deploys after an interruption brings the new release, which is
        there as a whole. The other way about they would take it back, unasked."""
        self.edit.write()
        say(f"{self.edit.path.name} names {self.release}")
        try:
            self.function.put(self.code)
        except ExpectedError:
            if not self._published():
                self.edit.undo()
                raise
        say(f"CloudFront Function {self.function.name} published")
        refreshed = self.refresh()
        say(
            "Pulumi's state has it too"
            if refreshed
            else "Pulumi's state has the function as it was: add --refresh to the next `pulumi up`"
        )
        index = self.store.get(index_key(self.release))
        self.wait(self.url, hashlib.sha256(index).hexdigest())
        say(f"{self.url} serves {self.release}")
        return refreshed

    def _published(self) -> bool:
        """An answer that got lost is no failure."""
        try:
            return self.function.live() == self.release
        except ExpectedError:
            return False
