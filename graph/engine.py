"""Runs a Pulumi program as it is, offline: no account, no network, no Pulumi CLI."""

import asyncio
import contextlib
import contextvars
import gc
import logging
import runpy
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from pulumi.runtime import Settings, reset_options, resource, run_in_stack, set_all_config
from pulumi.runtime.mocks import MockEngine
from pulumi.runtime.proto.source_pb2 import StackTrace

from graph.model import Graph, parents_first
from graph.monitor import EngineError, Monitor

__all__ = ["EngineError", "run"]

Program = Path | Callable[[], object]
Progress = Callable[[int, str], None]

_TRACE: Final = "_get_stack_trace"
"""The SDK's own name; where it takes a trace by another, a test fails and a preview is slow."""


def run(
    program: Program,
    *,
    project: str,
    stack: str,
    config: Mapping[str, str],
    unknown: bool = False,
    progress: Progress | None = None,
    root: Path | None = None,
    keep: Collection[str] = (),
) -> Graph:
    """Run a program to its end and return what it declared.

    ``config`` has Pulumi's namespaced keys. With ``unknown`` the run is a first preview, in which
    nothing that AWS computes is known. A file runs in ``root``, its own folder if not given, as
    in a fresh process; packages to ``keep``, which must hold nothing of a run, are imported once.
    Raises what the program raises, also in ``apply``, and EngineError.
    """
    monitor = Monitor(
        project=project,
        stack=stack,
        region=config.get("aws:region", "us-east-1"),
        unknown=unknown,
        progress=progress,
    )
    body: Callable[[], object]
    if isinstance(program, Path):
        root = (root or program.parent).resolve()
        body = partial(runpy.run_path, str(program.resolve()), run_name="__main__")
    else:
        body = program
    with _collector_paused(), _untraced(), _home(root, keep):
        # The SDK keeps its state in context variables: in a copy, nothing of a run outlives it.
        contextvars.copy_context().run(_drive, body, monitor, config, root)
    return Graph(project, stack, parents_first(monitor.registered.values()))


def _drive(
    body: Callable[[], object],
    monitor: Monitor,
    config: Mapping[str, str],
    root: Path | None,
) -> None:
    """What the CLI's language host does around a program, with our monitor for its engine."""
    reset_options()
    Settings(
        project=monitor.project,
        stack=monitor.stack,
        monitor=monitor,
        engine=MockEngine(logging.getLogger("pulumi")),
        dry_run=monitor.unknown,
        organization="organization",
        root_directory=str(root) if root else None,
    )
    set_all_config(dict(config), [])
    raised: list[Exception] = []
    loop = _Loop()

    async def program() -> None:
        try:
            body()
        except Exception as error:
            raised.append(error)
            raise
        await loop.settled()

    try:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(run_in_stack(program))
    except Exception as error:
        raised.append(error)
    # What is outstanding when a program fails may fail too; the first cause is what helps.
    for cause in (monitor.refusal, *raised):
        if cause is not None:
            raise cause


class _Loop(asyncio.SelectorEventLoop):
    """Makes the SDK's calls where they arise: without threads, registrations have one order."""

    def __init__(self) -> None:
        super().__init__()
        # Of many failures one is raised; asyncio would print the others.
        self.set_exception_handler(lambda *_: None)

    async def settled(self) -> None:
        """Returns when nothing is left to do. The SDK's own way of waiting goes over all that is
        outstanding each time one of it is done, which is a third of a run."""
        while self._ready:  # type: ignore[attr-defined]
            await asyncio.sleep(0)

    def run_in_executor(
        self,
        executor: object,  # noqa: ARG002
        func: Callable[..., Any],
        *args: object,
    ) -> asyncio.Future[Any]:
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Keeps the collector from going over a provider's SDK, half a million immortal objects, as
    it is imported, which is a third of the import, and ever after."""
    enabled, modules = gc.isenabled(), len(sys.modules)
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if len(sys.modules) > modules:
                gc.collect()
                gc.freeze()
            gc.enable()


@contextlib.contextmanager
def _untraced() -> Iterator[None]:
    """Keeps the SDK from taking a trace of the stack for each resource, a seventh of a run: it is
    for a real engine's messages."""
    taken = getattr(resource, _TRACE, None)
    setattr(resource, _TRACE, StackTrace)
    try:
        yield
    finally:
        setattr(resource, _TRACE, taken)


@contextlib.contextmanager
def _home(root: Path | None, keep: Collection[str]) -> Iterator[None]:
    """A program's folder is where it runs and first on its path; its modules are forgotten."""
    if root is None:
        yield
        return
    before = set(sys.modules)
    with contextlib.chdir(root):
        sys.path.insert(0, str(root))
        try:
            yield
        finally:
            sys.path.remove(str(root))
            for name in set(sys.modules) - before:
                file = Path(getattr(sys.modules[name], "__file__", None) or "/")
                if _own(file, root) and name.partition(".")[0] not in keep:
                    del sys.modules[name]


def _own(file: Path, root: Path) -> bool:
    return file.is_relative_to(root) and "site-packages" not in file.parts
