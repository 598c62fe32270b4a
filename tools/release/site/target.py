"""One stack's site: its file, its buckets, its function, and what the program says of a release."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.problems import ConfigError
from config.stack import StackFile
from graph.model import Graph, Resource
from tools import ExpectedError
from tools.release.site import exports, stack_file
from tools.release.site.activate import Activation
from tools.release.site.aws import CLOUDFRONT_REGION, client
from tools.release.site.exports import Exports
from tools.release.site.function import ReleaseFunction, release_in
from tools.release.site.store import Store

Record = Callable[[StackFile], Graph]
"""What the program declares for a stack file."""

FUNCTION = ("aws:cloudfront/function:Function", "cdn-rewrite")


@dataclass(frozen=True, kw_only=True)
class Site:
    """``record`` runs the program offline."""

    file: StackFile
    root: Path
    record: Record
    exports: Exports
    outputs: Path | None
    store: Store
    maps: Store
    function: ReleaseFunction

    @property
    def maps_prefix(self) -> str:
        return self.exports.maps[1]

    @property
    def named(self) -> str:
        """The release that the stack file names."""
        return self.file.load().site.release

    def activation(self, release: str) -> Activation:
        """Everything that makes it the active one, checked, and nothing written yet."""
        edit = stack_file.edit(self.root, self.file.stack, release)
        function = declared(self.record(checked(self.file, release)))
        code = str(function.inputs.get("code"))
        if release_in(code, function.name) != release:
            raise ExpectedError(f"the program's {function.name} does not name {release}")
        return Activation(
            release=release,
            edit=edit,
            code=code,
            function=self.function,
            store=self.store,
            url=self.exports.url,
            refresh=lambda: self._refresh(function.urn),
        )

    def _refresh(self, urn: str) -> bool:
        # Whoever brings the exports in a file has the state elsewhere.
        return self.outputs is None and exports.refresh(self.file.stack, urn, self.root)


def site(file: StackFile, root: Path, record: Record, outputs: Path | None) -> Site:
    """Where the stack says that its site is."""
    found = exports.read(file.stack, root, outputs)
    s3 = client("s3", str(file.region))
    return Site(
        file=file,
        root=root,
        record=record,
        exports=found,
        outputs=outputs,
        store=Store(s3, found.site_bucket),
        maps=Store(s3, found.maps[0]),
        function=ReleaseFunction(client("cloudfront", CLOUDFRONT_REGION), found.site_function),
    )


def checked(file: StackFile, release: str) -> StackFile:
    """The stack file with that release. Raises ExpectedError if its id is not one."""
    edited = stack_file.with_release(file, release)
    try:
        edited.load()
    except ConfigError as error:
        raise ExpectedError(f"{release!r} is no release's id: {error.problems[0].limit}") from error
    return edited


def declared(graph: Graph) -> Resource:
    """The function that holds the release."""
    kind, name = FUNCTION
    for resource in graph.by_type(kind):
        if resource.name == name:
            return resource
    raise ExpectedError(f"the program declares no {name}")
