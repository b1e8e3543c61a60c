"""What a request says of a video, collected member by member before it is a VideoSpec."""

from typing import Any

from translators.errors import BadRequest


class Reader:
    """Collects the members of a VideoSpec with the names under which they were said, and what must be told."""

    def __init__(self) -> None:
        self.members: dict[str, Any] = {}
        self.named: dict[str, str] = {}
        self.warnings: list[str] = []
        self.follows_interaction = False
        """The video came as an interaction to go on from: that is to change it, in Google's words."""
        self.follows_job = False
        """The video came as a job to go on from: what is to be done with it was left open."""

    def put(self, member: str, value: Any, name: str) -> None:
        """Record one member; saying it twice with two values is an error."""
        if value is None:
            return
        if member in self.members and self.members[member] != value:
            both = [str(one) if isinstance(one, str) else one for one in (value, self.members[member])]
            # A picture's address may be signed: it is not repeated.
            shown = f" ({both[0]!r} and {both[1]!r})" if all(isinstance(one, int | str) for one in both) else ""
            raise BadRequest(
                f"{name} and {self.named[member]} say different things{shown}. Send one of them.", param=name
            )
        self.members[member] = value
        self.named.setdefault(member, name)


def name_of(where: str, member: str) -> str:
    """A member's name as the caller wrote it; `where` is empty for one that stands at the top of the request."""
    return f"{where}.{member}" if where else member
