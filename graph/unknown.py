"""What can be said of two values of which only AWS knows a part."""

from collections import Counter

from graph.model import UNKNOWN, Data


def may_be(old: Data, new: Data) -> bool:
    """Whether they are one but for what is not known of either."""
    if UNKNOWN in (old, new):
        return True
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(may_be(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        if any(isinstance(item, (dict, list)) for item in (*old, *new)):
            return all(map(may_be, old, new))
        # In any order: what one has more is what the other does not know.
        less, more = (Counter(map(str, items)) for items in (old, new))
        gone, come = (less - more).keys(), (more - less).keys()
        unknown = {str(UNKNOWN)}
        return not (gone - unknown and come - unknown)
    return bool(old == new)
