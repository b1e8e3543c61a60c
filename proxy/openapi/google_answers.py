"""The shapes of answers in Google's own protocols."""

from collections.abc import Mapping

from proxy.openapi.operation import Schema, ref
from proxy.openapi.shapes import OBJECT, SWITCH, TEXT, WHOLE, a_list, about, always, an_object

_FILE = ("name", "mimeType", "sizeBytes", "createTime", "updateTime", "uri")

GOOGLE_SCHEMAS: Mapping[str, Schema] = {
    "GenerateContentAnswer": an_object(
        {}, {"candidates": a_list(OBJECT), "usageMetadata": OBJECT, "modelVersion": TEXT, "responseId": TEXT}
    ),
    "GenerateContentAnswers": about(a_list("GenerateContentAnswer"), "Without `alt=sse`: one list."),
    "CountTokensAnswer": an_object({}, {"totalTokens": WHOLE, "promptTokensDetails": a_list(OBJECT)}),
    "PredictAnswer": an_object({}, {"predictions": a_list(OBJECT)}),
    "GoogleOperation": an_object(
        {"name": TEXT},
        {
            "done": about(SWITCH, "Absent while it is going on."),
            "error": an_object({"code": WHOLE, "message": TEXT}, {"details": a_list(OBJECT)}, "google.rpc.Status."),
            "response": an_object(
                {"@type": TEXT},
                {
                    "generateVideoResponse": about(OBJECT, "Gemini API: `generatedSamples[].video.uri`."),
                    "videos": about(a_list(OBJECT), "Vertex AI: `bytesBase64Encoded` or `gcsUri`."),
                },
                "The videos.",
            ),
        },
    ),
    "Interaction": an_object(
        {
            "id": TEXT,
            "object": always("interaction"),
            "model": TEXT,
            "status": TEXT,
            "created": TEXT,
            "updated": TEXT,
            "steps": a_list(OBJECT),
        },
        {"usage": OBJECT, "error": OBJECT},
    ),
    "PassedInteraction": an_object(
        {},
        {"id": TEXT, "object": TEXT, "model": TEXT, "agent": TEXT, "status": TEXT, "steps": a_list(OBJECT)},
        "One that makes no video: Google's own answer.",
    ),
    "AnyInteraction": {"anyOf": [ref("Interaction"), ref("PassedInteraction")]},
    "InteractionEvent": an_object(
        {"event_type": TEXT},
        {
            **dict.fromkeys(("event_id", "interaction_id", "status"), TEXT),
            **dict.fromkeys(("interaction", "step", "delta", "error"), OBJECT),
            "index": WHOLE,
        },
    ),
    "Nothing": {**an_object({}), "maxProperties": 0},
    "GoogleFile": an_object(
        dict.fromkeys(_FILE, TEXT),
        {
            **dict.fromkeys(("displayName", "downloadUri", "state", "source", "expirationTime", "sha256Hash"), TEXT),
            "videoMetadata": OBJECT,
        },
    ),
    "UploadedFile": an_object({}, {"file": ref("GoogleFile")}),
    "FilePage": an_object({}, {"files": a_list("GoogleFile"), "nextPageToken": TEXT}),
    "GeminiModel": an_object({"name": TEXT, "displayName": TEXT, "supportedGenerationMethods": a_list(TEXT)}),
    "GeminiModelPage": an_object({"models": a_list("GeminiModel")}, {"nextPageToken": TEXT}),
    "PublisherModel": an_object({"name": TEXT}),
    "PublisherModelPage": an_object({"publisherModels": a_list("PublisherModel")}, {"nextPageToken": TEXT}),
}
