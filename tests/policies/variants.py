"""Stacks with one resource changed or gone, which know from the stack before what stayed."""

from collections.abc import Callable

from graph.model import Resource
from policies.references import Index, refers
from policies.stack import Stack
from tests.policies.mutants import Mutant


class Variant(Stack):
    """The stack with a mutant in it: only what concerns the mutant is looked for again."""

    def __init__(self, sound: Stack, mutant: Mutant) -> None:
        super().__init__(mutant.of(sound.graph), sound.today)
        self._sound, self._mutant = sound, mutant

    def of(self, *types: str) -> list[Resource]:
        if self._mutant.type in types:
            return super().of(*types)
        return self._sound.of(*types)

    def companions(self, resource: Resource, kind: str, by: str) -> list[Resource]:
        if resource is self._mutant.new:
            return super().companions(resource, kind, by)
        found = self._sound.companions(resource, kind, by)
        if kind != self._mutant.type:
            return found
        return self._exchanged(found, lambda new: refers(new, by, resource))

    def targets(self, resource: Resource, by: str, *types: str) -> list[Resource]:
        if resource is self._mutant.new:
            return super().targets(resource, by, *types)
        found = self._sound.targets(resource, by, *types)
        if self._mutant.type not in types:
            return found
        return self._exchanged(found, lambda new: refers(resource, by, new))

    def naming(self, kind: str, by: str) -> Index:
        same = kind != self._mutant.type
        return self._sound.naming(kind, by) if same else super().naming(kind, by)

    def nameable(self, kind: str) -> Index:
        same = kind != self._mutant.type
        return self._sound.nameable(kind) if same else super().nameable(kind)

    def statements(self, resource: Resource, by: str):
        if resource is self._mutant.new:
            return super().statements(resource, by)
        return self._sound.statements(resource, by)

    def _exchanged(
        self, found: list[Resource], still: Callable[[Resource], bool]
    ) -> list[Resource]:
        """With the mutant in the place of what it was made of, if it is still one of these."""
        old, new = self._mutant.old, self._mutant.new
        kept = [each for each in found if each is not old]
        if new is None or not still(new):
            return kept
        return [*kept, new] if len(kept) == len(found) else [new if r is old else r for r in found]
