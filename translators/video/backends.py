"""The three ways Google makes videos, side by side: how each is asked, asked again, read and cancelled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from translators.resolve import Backend
from translators.video.interaction import read_interaction, read_interaction_id
from translators.video.omni import to_omni
from translators.video.operation import read_operation, read_operation_name
from translators.video.outcome import Outcome
from translators.video.spec import VideoSpec
from translators.video.veo import to_veo
from translators.wire.call import GoogleCall, Surface


class ToSubmit(Protocol):
    """VideoSpec -> the one paid POST."""

    def __call__(
        self, spec: VideoSpec, model: str, surface: Surface, *, storage_uri: str | None = None
    ) -> GoogleCall: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoBackend:
    """One backend as the runner uses it. `keeps` is how long Google keeps a finished video."""

    to_submit: ToSubmit
    read_name: Callable[[Mapping[str, Any]], str | None]
    to_poll: Callable[[str], GoogleCall]
    read: Callable[[Mapping[str, Any]], Outcome]
    to_cancel: Callable[[str], GoogleCall] | None = None
    keeps: timedelta | None = None


def _get(name: str) -> GoogleCall:
    return GoogleCall(resource=name, method="GET")


def _fetch_predict_operation(name: str) -> GoogleCall:
    """Publisher-model operations answer to this POST only; a GET is a 404 or a 400 (Vertex docs, 2026-11)."""
    model_path = name.rpartition("/operations/")[0]
    return GoogleCall(resource=f"{model_path}:fetchPredictOperation", body={"operationName": name})


def _get_interaction(name: str) -> GoogleCall:
    return GoogleCall(resource=f"interactions/{name}", method="GET")


def _cancel_interaction(name: str) -> GoogleCall:
    return GoogleCall(resource=f"interactions/{name}/cancel", body={})


BACKENDS: Mapping[Backend, VideoBackend] = {
    Backend.GEMINI: VideoBackend(
        to_submit=to_veo,
        read_name=read_operation_name,
        to_poll=_get,
        read=read_operation,
        keeps=timedelta(days=2),  # Gemini API docs, video, 2026-11
    ),
    Backend.VERTEX: VideoBackend(
        to_submit=to_veo,
        read_name=read_operation_name,
        to_poll=_fetch_predict_operation,
        read=read_operation,
    ),
    Backend.OMNI: VideoBackend(
        to_submit=to_omni,
        read_name=read_interaction_id,
        to_poll=_get_interaction,
        read=read_interaction,
        to_cancel=_cancel_interaction,
        keeps=timedelta(days=2),  # Files API, 2026-11
    ),
}
