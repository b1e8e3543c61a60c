"""Hypothesis strategies for JSON as a stranger might send it."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
)


def json_values(names: Sequence[str], words: Sequence[str] = ()) -> st.SearchStrategy[Any]:
    """Any JSON whose object keys are often among `names`, and whose strings are often among `words`."""
    keys = st.one_of(st.sampled_from(list(names)), st.text(max_size=5))
    leaves = st.one_of(scalars, st.sampled_from(list(words))) if words else scalars
    return st.recursive(
        leaves,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=6)),
        max_leaves=25,
    )


def json_objects(names: Sequence[str], words: Sequence[str] = ()) -> st.SearchStrategy[dict[str, Any]]:
    """Any JSON object of that kind."""
    keys = st.one_of(st.sampled_from(list(names)), st.text(max_size=5))
    return st.dictionaries(keys, json_values(names, words), max_size=8)
