"""Where an operation is: all that the routes have to know of the description."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A path with its parameters in braces, a method, and the name of the operation that is there."""

    path: str
    method: str
    operation: str
