"""Which function answers which of Google's methods: the one table that joins routes and behaviour."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from proxy.simulator import (
    catalogue_routes,
    content_routes,
    download_routes,
    interaction_routes,
    operations,
    storage_routes,
    token_route,
    upload_routes,
)
from proxy.simulator.call import Call
from proxy.simulator.errors import invalid
from proxy.simulator.models import Surface
from proxy.simulator.replies import Reply
from proxy.simulator.world import World

Handler: TypeAlias = Callable[[Call, World], Awaitable[Reply | dict[str, Any]]]


async def _fetch_operation(call: Call, world: World) -> Reply | dict[str, Any]:
    if call.surface is not Surface.VERTEX:
        raise invalid("fetchPredictOperation is not supported by this API.")
    return await operations.poll_vertex(call, world)


HANDLERS: Mapping[str, Handler] = {
    "listModels": catalogue_routes.list_models,
    "getModel": catalogue_routes.get_model,
    "generateContent": content_routes.generate,
    "streamGenerateContent": content_routes.stream,
    "countTokens": content_routes.count_tokens,
    "predict": content_routes.predict,
    "predictLongRunning": operations.submit,
    "getOperation": operations.poll_gemini,
    "fetchPredictOperation": _fetch_operation,
    "getPublisherOperation": operations.refuse_publisher_operation,
    "getOperationByNumber": operations.refuse_operation_by_number,
    "listFiles": download_routes.list_files,
    "getFile": download_routes.get_file,
    "deleteFile": download_routes.delete_file,
    "downloadFile": download_routes.redirect_to_content,
    "downloadContent": download_routes.send_content,
    "startUpload": upload_routes.start,
    "uploadChunk": upload_routes.take_chunk,
    "createInteraction": interaction_routes.create,
    "getInteraction": interaction_routes.get,
    "cancelInteraction": interaction_routes.cancel,
    "deleteInteraction": interaction_routes.delete,
    "token": token_route.exchange,
    "consent": token_route.consent,
    "user": token_route.user,
    "projects": token_route.projects,
    "getObject": storage_routes.get_object,
    "listObjects": storage_routes.list_objects,
}
