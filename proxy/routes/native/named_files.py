"""Files of this proxy that a body in Google's own words names: its caller's uploads, and what was made here."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from proxy.routes.context import caller_of, services_of
from proxy.routes.earlier_media import own_copies
from proxy.routes.media_urls import own_bases
from proxy.routes.uploaded_files import Named, at_google, uploads_named
from translators.content import Media, Medium


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFiles:
    """What links stand for, by link."""

    uploads: Mapping[str, Named]
    copies: Mapping[str, Media]

    @property
    def media(self) -> dict[str, Medium]:
        """All of them, as Google can have them."""
        return {**at_google(self.uploads), **self.copies}


async def files_of(request: Request, links: Mapping[str, str]) -> NamedFiles:
    """The caller's files among these links (link -> field). Raises BadRequest, NotFound and Conflict."""
    services, caller = services_of(request), caller_of(request).id
    bases = own_bases(services, request)
    return NamedFiles(
        uploads=await uploads_named(services, caller, links, bases),
        copies=await own_copies(services, caller, links, bases),
    )
