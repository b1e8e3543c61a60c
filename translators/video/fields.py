"""What becomes of every member of `video_config` on each backend; docs/compatibility.md is written from this."""

from collections.abc import Mapping
from dataclasses import dataclass

REFUSED = "400"
FOLDED = "written into the prompt, with a warning"
LEFT_OUT = "left out, with a warning"
ALREADY = "not sent; 400 for what the model does not do by itself"


@dataclass(frozen=True, slots=True)
class Fate:
    """The values a member takes and where it goes on each backend."""

    values: str
    gemini: str
    vertex: str
    omni: str


def _everywhere(values: str, gemini: str, vertex: str | None = None, omni: str = REFUSED) -> Fate:
    return Fate(values, gemini, vertex or gemini, omni)


_DURATION = _everywhere('8, "8", "8s"', "parameters.durationSeconds", omni="response_format.duration")
_SAMPLES = Fate("1; up to 4 on Vertex AI", "parameters.sampleCount", "parameters.sampleCount", "400 above 1")
_RESOLUTION = _everywhere("360p, 720p, 1080p, 4k", "parameters.resolution", omni="response_format.resolution")
_MEDIUM = "data URI, http(s) URL, gs:// (Vertex AI), a file made here"
_CLIP = f"{_MEDIUM}, the id of a job"
_FIRST_FRAME = _everywhere(_MEDIUM, "instances[0].image", omni="input: image")

FIELDS: Mapping[str, Fate] = {
    "duration_seconds": _DURATION,
    "duration": _DURATION,
    "seconds": _DURATION,
    "length": _DURATION,
    "video_length": _DURATION,
    "aspect_ratio": _everywhere("16:9, 9:16", "parameters.aspectRatio", omni="response_format.aspect_ratio"),
    "resolution": _RESOLUTION,
    "resolution_name": _RESOLUTION,
    "size": _everywhere(
        '"1280x720" and the like',
        "parameters.aspectRatio and resolution",
        omni="response_format.aspect_ratio and resolution",
    ),
    "negative_prompt": _everywhere("text", "parameters.negativePrompt", omni=FOLDED),
    "seed": Fate("0 to 4294967295", REFUSED, "parameters.seed", "generation_config.seed (1.2)"),
    "generate_audio": Fate("true, false", ALREADY, "parameters.generateAudio", ALREADY),
    "person_generation": Fate(
        "allow_all, allow_adult, dont_allow",
        "parameters.personGeneration",
        "parameters.personGeneration",
        f"{LEFT_OUT}; 400 for dont_allow",
    ),
    "enhance_prompt": _everywhere("true, false", "parameters.enhancePrompt", omni=LEFT_OUT),
    "number_of_videos": _SAMPLES,
    "n": _SAMPLES,
    "fps": Fate("24", REFUSED, "parameters.fps", REFUSED),
    "resize_mode": Fate("pad, crop", REFUSED, "parameters.resizeMode", REFUSED),
    "compression_quality": Fate("optimized, lossless", REFUSED, "parameters.compressionQuality", REFUSED),
    "labels": Fate("object of texts", REFUSED, "labels", "labels (1.2)"),
    "image": _FIRST_FRAME,
    "first_frame": _FIRST_FRAME,
    "last_frame": _everywhere(_MEDIUM, "instances[0].lastFrame", omni="input: a second image"),
    "reference_images": _everywhere(
        f"up to 3 of: {_MEDIUM}, or {{image, type: asset | style}}",
        "instances[0].referenceImages",
        omni="input: images (up to 6)",
    ),
    "video": _everywhere(_CLIP, "instances[0].video", omni="input: video; an edit of a job: previous_interaction_id"),
    "mask": Fate(_MEDIUM, REFUSED, "instances[0].mask (Veo 2)", REFUSED),
    "mask_mode": Fate("insert, remove", REFUSED, "instances[0].mask.maskMode (Veo 2)", REFUSED),
    "task": Fate(
        "text_to_video, image_to_video, reference_to_video, edit, extend",
        "400 for what does not fit the media",
        "400 for what does not fit the media",
        "generation_config.video_config.task",
    ),
    "input_reference": _FIRST_FRAME,
    "frame_images": _everywhere(
        "up to 2 of {image_url, frame_type: first_frame | last_frame}",
        "instances[0].image and lastFrame",
        omni="input: images",
    ),
    "input_references": _everywhere(
        "parts of type image_url or video_url; without effect beside frame_images, with a warning",
        "instances[0].referenceImages, or video",
        omni="input: images, or a video",
    ),
    "previous_job_id": _everywhere(
        "the id of a job: an edit where the model can, else an extension, with a warning",
        "instances[0].video",
        omni="previous_interaction_id, or input: video",
    ),
    "previous_interaction_id": Fate(
        "the id of a job: an edit", REFUSED, REFUSED, "previous_interaction_id, or input: video"
    ),
    "delivery": Fate("data, url", "the answer", "the answer", "the answer"),
    "storage_uri": Fate("gs://bucket/folder", REFUSED, "parameters.storageUri", "response_format.gcs_uri (Vertex AI)"),
}

CHAT_FIELDS: Mapping[str, str] = {
    "model": "the model; it alone is enough to ask for a video",
    "messages": "the last user message: its text is the prompt, its pictures the first frame, last frame or references",
    "stream": "progress, then the video, as server-sent events",
    "modalities": 'may be left out; must have "video" in it otherwise',
    "video_config": "see below",
    "n": "above 1: the number of videos",
    "service_tier": "`priority` goes before, `flex` after other jobs in the queue",
    "seed": "video_config.seed",
}
"""Fields of a chat completion that a video request reads; the others have no counterpart in a video and are ignored."""
