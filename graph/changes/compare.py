"""What Pulumi's engine would do with one record where another is deployed.

As pkg/resource/deploy/step_generator.go does it: a resource is found by its URN or an alias; what
is in ``ignoreChanges`` stays; what is replaced makes unknown what others have from it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graph.access.model import Widening
from graph.access.widened import widened
from graph.changes import aws
from graph.changes.model import ABSENT, KINDS, Change, Difference, Kind, Risk
from graph.changes.plan import applicable, settled, told
from graph.changes.properties import Names, depends, differences
from graph.changes.provider import verdict
from graph.model import UNKNOWN, Data, Graph, Resource
from graph.pairs import matched


def compare(
    before: Graph | None, after: Graph, access: Iterable[Widening] | None = None
) -> list[Change]:
    """All changes, the gravest first; none for what stays as it is.

    ``access`` is what ``widened`` says of the two, where that is known already.
    """
    if before is None:
        return [Change(before=None, after=r, kinds=("create",)) for r in after.resources]
    by_urn: dict[str, list[Widening]] = defaultdict(list)
    for each in widened(before, after) if access is None else access:
        by_urn[each.urn].append(each)
    changes = _together(list(_Comparison(before, after).changes()))
    found = [_widening(each, by_urn) for each in changes]
    return sorted(found, key=lambda c: (gravest(c), c.resource.type, c.resource.name))


def _widening(change: Change, access: Mapping[str, list[Widening]]) -> Change:
    """With what it lets whom do; what kept somebody out is under the URN that it had."""
    urns = {each.urn for each in (change.after, change.before) if each}
    found = tuple(each for urn in sorted(urns) for each in access.get(urn, ()))
    if not found:
        return change
    kinds = tuple(kind for kind in KINDS if kind in {*change.kinds, "widens"})
    why = (*change.why, *(each.message for each in found))
    return replace(change, kinds=kinds, why=why, widens=found)


def gravest(change: Change) -> int:
    """Its place in KINDS."""
    return min(KINDS.index(kind) for kind in change.kinds)


@dataclass
class _Pair:
    """A resource before and after; ``replaced`` says why it is made anew."""

    old: Resource
    new: Resource
    properties: list[Difference] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)

    @property
    def operation(self) -> Kind:
        """By the provider's table and what spreads to it."""
        if self.replaced:
            return "replace"
        return "update" if any(each.verdict != "ignored" for each in self.properties) else "same"


class _Comparison:
    def __init__(self, before: Graph, after: Graph) -> None:
        self._before = {r.urn for r in before.resources if not r.external}
        self._plan = applicable(before, after)
        pairs, created, deleted = matched(before, after, self._plan)
        # What is only read is not made, and not taken away when it is read no more.
        taken = [new for old, new in pairs if old.external and not new.external]
        left = [old for old, new in pairs if new.external and old.id != new.id]
        self._created = [new for new in (*created, *taken) if not new.external]
        # The engine makes a provider for what names none, and takes it away by itself.
        gone = (*deleted, *left)
        self._deleted = [old for old in gone if not old.is_provider and not old.external]
        ours = ((old, new) for old, new in pairs if not old.external and not new.external)
        self._pairs = {new.urn: _Pair(old, new) for old, new in ours}
        called = {urn: pair.new.label for urn, pair in self._pairs.items()}
        self._was = Names(before, {pair.old.urn: pair.new.label for pair in self._pairs.values()})
        self._now = Names(after, called)

    def changes(self) -> Iterator[Change]:
        for pair in self._pairs.values():
            self._differ(pair)
        self._spread()
        for new in self._created:
            yield Change(before=None, after=new, kinds=("create",), why=(*self._made(new),))
        for old in self._deleted:
            yield from self._delete(old)
        for pair in self._pairs.values():
            yield from self._change(pair)

    def _differ(self, pair: _Pair) -> None:
        """Components have no state but what they are made of."""
        if not pair.new.custom:
            return
        for plain in differences(pair.old, pair.new, self._was, self._now):
            if _ignored(plain.path, pair.new.ignore_changes):
                continue
            said = verdict(pair.new.type, plain.path, plain.old, plain.new)
            if UNKNOWN in (plain.old, plain.new) and said.verdict == "replaces":
                said = said._replace(verdict="unknown")
            each = Difference(**plain._asdict(), verdict=said.verdict, judged=said.judged)
            pair.properties.append(each)
            if each.verdict == "replaces":
                pair.replaced.append(f"{each.path} cannot be changed in place")

    def _made(self, new: Resource) -> Iterator[str]:
        said = self._plan.get(new.urn)
        if new.import_id:
            yield f"it is in AWS already, as {new.import_id}: it is imported"
            if said and said.changing:
                yield f"once imported it is updated: {', '.join(said.changing)}"
        elif said and not self._before.isdisjoint((new.urn, *new.aliases)):
            yield "the engine will create it; by its URN and aliases it is deployed already"

    def _spread(self) -> None:
        """To what has from a replaced resource what only AWS gives."""
        waiting = [urn for urn, pair in self._pairs.items() if self._replaces(pair)]
        seen = {*waiting}
        while waiting:
            source = self._pairs[waiting.pop()].new
            for urn, pair in self._pairs.items():
                reached = not pair.replaced and self._reached(pair, source)
                if reached and urn not in seen and self._replaces(pair):
                    waiting.append(urn)
                    seen.add(urn)

    def _replaces(self, pair: _Pair) -> bool:
        """Whether it is made anew: if the engine has said, as it says."""
        said = self._plan.get(pair.new.urn)
        return said.operation == "replace" if said else bool(pair.replaced)

    def _reached(self, pair: _Pair, source: Resource) -> bool:
        """Adds what changes with the source; whether that replaces it."""
        for key in pair.new.property_dependencies:
            if source.urn not in depends(pair.new, key) or _ignored(key, pair.new.ignore_changes):
                continue
            value = self._now.source(pair.new.inputs.get(key, ABSENT), (source.urn,))
            for path in _from(key, value, source):
                if any(each.path == path for each in pair.properties):
                    continue
                said = verdict(pair.new.type, path, "one", "another")
                pair.properties.append(
                    Difference(
                        path=path,
                        old=f"<{source.label}>",
                        new=f"<{source.label}, made anew>",
                        verdict=said.verdict,
                        judged=said.judged,
                    )
                )
                if said.verdict == "replaces":
                    pair.replaced.append(f"its {path} comes from {source.label}, which is replaced")
        return bool(pair.replaced)

    def _delete(self, old: Resource) -> Iterator[Change]:
        if old.retain_on_delete:
            why = "it leaves the stack and stays in AWS: retainOnDelete"
            yield Change(before=old, after=None, kinds=("delete",), why=(why,))
            return
        yield _judged(Change(before=old, after=None, kinds=("delete",)))

    def _change(self, pair: _Pair) -> Iterator[Change]:
        """What becomes of it: as the engine says, else as the provider's table does."""
        said, ours = self._plan.get(pair.new.urn), pair.operation
        if not pair.new.custom or (ours == "same" and not pair.properties and not said):
            return
        theirs = ours
        if said and said.operation != "import":
            theirs = said.operation
        properties: Sequence[Difference] = pair.properties
        why = pair.replaced
        if said and theirs != "same":
            properties = settled(said, pair.old, pair.new, properties)
        if said and theirs != ours:
            why = [told(said, ours, pair.properties, properties)]
        change = Change(
            before=pair.old,
            after=pair.new,
            kinds=("update" if theirs == ours == "same" else theirs,),
            properties=tuple(properties),
            why=tuple(why),
        )
        # What nobody sends to AWS it does not refuse.
        judged = change if theirs == "same" != ours else _judged(change)
        # AWS may refuse even what the provider does not show.
        if not theirs == ours == "same" or judged.kinds != ("update",):
            yield judged


def _judged(change: Change) -> Change:
    """With what AWS says of it."""
    return _with(change, tuple(aws.risks(change)))


def _together(changes: list[Change]) -> list[Change]:
    """With what AWS says of one beside another."""
    said: dict[int, list[Risk]] = defaultdict(list)
    for change, risk in aws.together(changes):
        said[id(change)].append(risk)
    return [_with(each, tuple(said.get(id(each), ()))) for each in changes]


def _with(change: Change, risks: tuple[Risk, ...]) -> Change:
    kinds = {*change.kinds, *(each.kind for each in risks)}
    sources = (*change.source, *(each.source for each in risks if each.source))
    return replace(
        change,
        kinds=tuple(kind for kind in KINDS if kind in kinds),
        why=(*change.why, *(each.sentence for each in risks)),
        source=tuple(dict.fromkeys(sources)),
        risks=(*change.risks, *risks),
    )


def _ignored(path: str, ignored: tuple[str, ...]) -> bool:
    return any(path == each or path.startswith((f"{each}.", f"{each}[")) for each in ignored)


def _from(path: str, value: Data, source: Resource) -> Iterator[str]:
    """Where in a value is what AWS draws of the source: what the program gives it stays."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _from(f"{path}.{key}", item, source)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _from(f"{path}[{at}]", item, source)
    elif value is UNKNOWN:
        yield path
    elif isinstance(value, str):
        given = {f"<{source.label}.{key}>" for key in source.inputs}
        marks = {part + ">" for part in value.split(">") if f"<{source.label}." in part}
        if any(mark[mark.rindex("<") :] not in given for mark in marks):
            yield path
