"""Few rows in which each legal pair of values of two keys comes up."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

Values = Mapping[str, Any]
Row = dict[str, int]
"""By key, which of its values."""
Pair = frozenset[tuple[str, int]]


def pairs(row: Row) -> set[Pair]:
    return {frozenset(pair) for pair in combinations(row.items(), 2)}


def pairwise(
    families: Mapping[str, Sequence[Any]], legal: Callable[[Values], bool], *, most: int
) -> tuple[list[Values], list[Values]]:
    """The rows, and the pairs that are in none of them because ``legal`` takes no row with them.

    Greedy: a row begins with a pair that is still missing, by itself or in the place of what a row
    before has, and is filled key by key with what brings the most of the others. Raises ValueError
    where ``most`` rows do not do.
    """
    draw = random.Random(0)  # noqa: S311 - which rows is no secret
    keys = sorted(families)
    missing: set[Pair] = set()
    for one, other in combinations(keys, 2):
        for i in range(len(families[one])):
            missing |= {frozenset({(one, i), (other, j)}) for j in range(len(families[other]))}
    rows: list[Row] = []
    never: list[Pair] = []

    def values(row: Row) -> Values:
        return {key: families[key][at] for key, at in row.items()}

    def filled(row: Row, pair: Row) -> Row:
        for key in draw.sample(keys, len(keys)):
            choices = () if key in pair else range(len(families[key]))
            gains = {at: sum(each in missing for each in with_all(key, at, row)) for at in choices}
            for at in sorted(choices, key=gains.__getitem__, reverse=True):
                if legal(values({**row, key: at})):
                    row = {**row, key: at}
                    break
        return row

    while missing:
        pair = dict(min(missing, key=sorted))
        bases = ({**base, **pair} for base in ({}, *reversed(rows)))
        base = next((row for row in bases if legal(values(row))), None)
        if base is None:
            never.append(frozenset(pair.items()))
        else:
            rows.append(filled(base, pair))
        missing -= pairs(pair) if base is None else pairs(rows[-1])
        if len(rows) > most:
            raise ValueError(f"{len(missing)} pairs are in none of {most} rows")
    return [values(row) for row in rows], [values(dict(pair)) for pair in never]


def with_all(key: str, at: int, row: Row) -> Iterator[Pair]:
    return (frozenset({(key, at), each}) for each in row.items())
