"""Where everything is: the one list that GET /, /openapi.json and the messages about missing paths are made from."""

import re
from collections.abc import Iterable, Iterator

from starlette.routing import BaseRoute, Route

from proxy.openapi.place import Place
from proxy.routes.failures import NOTHING
from proxy.routes.native.content import CONTENT_METHODS
from proxy.routes.native.routes import VIDEO_METHODS

_SEVERAL = {
    "model_method": [("{method}", method, method) for method in (*CONTENT_METHODS, *VIDEO_METHODS)],
    # One path of OpenAI's and Google's: described as what it is for Google's clients.
    "files_of_v1": [("", "", "list_files")],
    "get_file": [("{file}", "{file}", "get_file"), ("{file}", "{file}:download", "download_file")],
    NOTHING: [],
}
"""Endpoints that are several operations, or none: what of the path is replaced by what, and the operation's name."""


def places_of(routes: Iterable[BaseRoute]) -> Iterator[Place]:
    """Each path and method of the routes; HEAD behind its GET."""
    for route in routes:
        if isinstance(route, Route):
            path = re.sub(r"\{(\w+):path\}", r"{\1}", route.path)
            for part, instead, operation in _SEVERAL.get(route.name, [("", "", route.name)]):
                for method in sorted(route.methods or ()):
                    yield Place(path=path.replace(part, instead), method=method, operation=operation)
