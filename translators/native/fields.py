"""What becomes of the fields of a video request in Google's own protocols; docs/compatibility.md is written from this.

Paths as their callers write them. `generateContent` and its like are not here: their bodies go to the model unread.
"""

from collections.abc import Mapping

from translators.field_fates import Fates

UNKNOWN = "Any other member is a 400: it would have been paid for in vain."

_MEDIUM = "`bytesBase64Encoded`, `encodedVideo`, `inlineData`, `gcsUri` or `uri`, with its `mimeType`"

VEO = Fates(
    mapped={
        "instances": "one request; several are a 400",
        "instances[0].prompt": "what the video shows",
        "instances[0].image": f"image, the first frame: {_MEDIUM}",
        "instances[0].lastFrame": "last_frame",
        "instances[0].referenceImages": "reference_images, by `referenceType` asset or style",
        "instances[0].video": "video: it is continued; the `uri` that this server gave out may be named",
        "instances[0].mask": "mask and, by `maskMode`, mask_mode",
        "parameters.durationSeconds": "duration_seconds",
        "parameters.aspectRatio": "aspect_ratio",
        "parameters.resolution": "resolution",
        "parameters.negativePrompt": "negative_prompt",
        "parameters.seed": "seed",
        "parameters.generateAudio": "generate_audio",
        "parameters.personGeneration": "person_generation",
        "parameters.enhancePrompt": "enhance_prompt",
        "parameters.sampleCount": "number_of_videos",
        "parameters.numberOfVideos": "number_of_videos (the Gemini API's REST documents)",
        "parameters.fps": "fps",
        "parameters.resizeMode": "resize_mode",
        "parameters.compressionQuality": "compression_quality",
        "parameters.storageUri": "storage_uri",
        "labels": "labels",
    },
    rejected={
        "parameters.webhookConfig": "callbacks are OpenRouter's `callback_url` here; ask for the operation",
        "parameters.pubsubTopic": "nothing is published; ask for the operation",
        "parameters.upscale": "no model here can do it; ask for a higher resolution",
    },
)
"""`:predictLongRunning`. What each member is worth on each backend stands in the table of `video_config`."""

INTERACTION = Fates(
    mapped={
        "model": "a model that makes videos; another is a 400 that names generateContent",
        "input": "a text, or contents of type text, image and video, plain or in steps of type user_input",
        "background": "true: the answer is the job's id; false: the answer waits for the video",
        "previous_interaction_id": "the earlier interaction whose video is changed",
        "labels": "labels",
        "generation_config": "its two members",
        "generation_config.seed": "seed",
        "generation_config.video_config": "its one member",
        "generation_config.video_config.task": "what the media are for; may be left out where only one is possible",
        "response_format": "one object, or a list of one",
        "response_format.type": "video",
        "response_format.duration": "duration_seconds",
        "response_format.aspect_ratio": "aspect_ratio",
        "response_format.resolution": "resolution",
        "response_format.delivery": "uri: an address; inline: the bytes, which is usual",
        "response_format.gcs_uri": "storage_uri",
    },
    rejected={
        "store": "a paid video is always stored: false is refused, and DELETE forgets it",
        "stream": "a video is not streamed: true is refused; send background",
    },
)
"""`interactions`."""


def notes(fates: Fates) -> Mapping[str, str]:
    """Path -> what becomes of it, in words."""
    return {
        **{path: f"Becomes: {words}." for path, words in fates.mapped.items()},
        **{path: f"Refused with 400: {words}." for path, words in fates.rejected.items()},
    }
