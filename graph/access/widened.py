"""What somebody may do after a change who could not before.

Nothing is evaluated: what is said anew counts unless one thing that was said covers it, wildcards
and conditions included, and so does what is no longer denied. What only several together covered is
told, and what another policy forbids all the same: there may be less to it than is said, not more.

Not looked at beside what each module names: where data flows by itself (subscriptions, replicas,
log destinations), shares (RAM, snapshots, images), what is in policies written elsewhere, who is in
a group of users, and identities' own limits (MFA, passwords, sessions).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from graph.access.decision import counts, decides
from graph.access.documents import unknown_documents
from graph.access.model import Access, Widening
from graph.access.names import Names
from graph.access.reach import accesses
from graph.access.sentences import sentence
from graph.model import Graph, Resource
from graph.pairs import matched
from graph.unknown import may_be

Key = tuple[bool, str]


def widened(before: Graph, after: Graph) -> list[Widening]:
    """By the resource through which it is so: the new one or, if that kept somebody out, the old.

    What is the same in both records is not looked at, nor is what the engine leaves in AWS.
    """
    return [*_Comparison(before, after).widenings()]


@dataclass
class _Record:
    """One record's access, of all resources or of some."""

    graph: Graph
    names: Names
    _read: dict[str, list[Access]] = field(default_factory=dict)

    def of(self, resources: Iterable[Resource]) -> Iterator[Access]:
        for resource in resources:
            if resource.urn not in self._read:
                self._read[resource.urn] = [*accesses(resource, self.names)]
            yield from self._read[resource.urn]

    @cached_property
    def all(self) -> Mapping[Key, list[Access]]:
        """By what it is of."""
        found: dict[Key, list[Access]] = defaultdict(list)
        for each in self.of(self.graph.resources):
            found[each.denies, each.target].append(each)
        return found

    def covering(self, wanted: Access, *, conditional: bool = True) -> Iterator[Access]:
        """What says all that is wanted."""
        for each in self.all.get((wanted.denies, wanted.target), ()):
            if each.covers(wanted, conditional=conditional):
                yield each


class _Comparison:
    def __init__(self, before: Graph, after: Graph) -> None:
        pairs, self._created, deleted = matched(before, after)
        self._deleted = [old for old in deleted if not old.retain_on_delete]
        called = {old.urn: new.label for old, new in pairs}
        self._before = _Record(before, Names(before, called))
        self._after = _Record(after, Names(after))
        self._changed = [pair for pair in pairs if not self._same(*pair)]

    def widenings(self) -> Iterator[Widening]:
        yield from self._told(self._granted(), self._before)
        yield from self._told(self._undenied(), self._after)

    def _granted(self) -> Iterator[Access]:
        """What is allowed now and was not."""
        known = self._before.names.existing
        for each in self._after.of([*(new for _, new in self._changed), *self._created]):
            if each.denies or each.through.urn in self._untold:
                continue
            if counts(each, known) and not any(self._before.covering(each)):
                yield each

    def _undenied(self) -> Iterator[Access]:
        """What was denied, of what is still there, and is not now."""
        known = self._after.names.existing
        for each in self._before.of([*(old for old, _ in self._changed), *self._deleted]):
            if (
                not each.denies
                or each.through.urn in self._untold
                or not _there(each.target, known)
            ):
                continue
            if not any(self._after.covering(each)):
                yield each

    def _same(self, old: Resource, new: Resource) -> bool:
        """Whether nothing differs but what a record does not know, and that is from the same."""
        if old.inputs == new.inputs:
            return True
        return all(
            old.inputs.get(key) == new.inputs.get(key)
            or (self._as_sourced(old, new, key) and may_be(old.inputs.get(key), new.inputs[key]))
            for key in new.inputs
        ) and not (old.inputs.keys() - new.inputs.keys())

    def _as_sourced(self, old: Resource, new: Resource, key: str) -> bool:
        return self._before.names.sources(old, key) == self._after.names.sources(new, key)

    @cached_property
    def _untold(self) -> frozenset[str]:
        """What may be the same for all that is known: a document of the same resources' outputs."""
        return frozenset(
            one.urn
            for old, new in self._changed
            if (keys := {*unknown_documents(old), *unknown_documents(new)})
            and all(self._as_sourced(old, new, key) for key in keys)
            for one in (old, new)
        )

    def _told(self, found: Iterable[Access], other: _Record) -> Iterator[Widening]:
        """One sentence for what differs in actions or resources only."""
        known = self._before.names.existing
        groups: dict[tuple[object, ...], list[Access]] = defaultdict(list)
        for each in found:
            key = (each.through.urn, each.who, each.conditions, each.denies, each.untold)
            groups[key].append(each)
        for several in groups.values():
            first = several[0]
            nearest = next(other.covering(first, conditional=False), None)
            yield Widening(
                urn=first.through.urn,
                message=sentence(several, nearest),
                who=first.who,
                decide=any(decides(each, known) for each in several),
            )


def _there(target: str, known: frozenset[str]) -> bool:
    """Whether what a policy belonged to is still there; of what no record declares, it is."""
    name = target.removesuffix(" in").removesuffix(" out")
    return name in known or not name.startswith("<")
