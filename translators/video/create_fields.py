"""What becomes of the fields of a Videos API request that `video_config` has not; those are in `fields.py`."""

from translators.field_fates import Fates

FATES = Fates(
    mapped={
        "model": "the model; where it is left out on edits, extensions and remixes, the one that made the source",
        "prompt": "what the video shows, or what changes; required, except where a first frame says enough",
        "callback_url": "called when the job has ended (OpenRouter); https and public hosts",
        "video_config": "the members above, as in a chat completion; a contradiction is a 400",
    },
    ignored={
        "user": "says who asks, not what",
        "metadata": "labels of the caller's own",
        "safety_identifier": "says who asks, not what",
        "session_id": "a tracing label (OpenRouter)",
        "trace": "a tracing label (OpenRouter)",
    },
    warned={"provider": "routing preferences for another gateway (OpenRouter)"},
    rejected={
        "upscale_factor": "no model here can do it; leave it out",
        "creativity": "no model here can do it; leave it out",
    },
)
"""Beside these, every member of `video_config` may stand at the top level; anything else is a 400."""
