"""Who may call: API keys, access tokens, scopes, switched-off services, foreign projects."""

from proxy.simulator import errors
from proxy.simulator.call import Call
from proxy.simulator.models import Surface
from proxy.simulator.oauth import TokenDesk
from proxy.simulator.settings import CLOUD_PLATFORM, SimulatorSettings

GENERATIVE_LANGUAGE = "https://www.googleapis.com/auth/generative-language"
STORAGE_SCOPES = frozenset(
    {
        CLOUD_PLATFORM,
        "https://www.googleapis.com/auth/devstorage.read_only",
        "https://www.googleapis.com/auth/devstorage.read_write",
        "https://www.googleapis.com/auth/devstorage.full_control",
    }
)

# An API key on Vertex ("express mode") has no project to bill a long-running job to, nor a bucket to write to.
KEY_METHODS_ON_VERTEX = frozenset(
    {"generateContent", "streamGenerateContent", "countTokens", "predict", "getModel", "listModels"}
)

_LONG_RUNNING = frozenset({"predictLongRunning", "fetchPredictOperation"})


class Access:
    """Decides on one call's credential. Every refusal is a GoogleError in Google's own words."""

    def __init__(self, settings: SimulatorSettings, tokens: TokenDesk) -> None:
        self._settings = settings
        self._tokens = tokens

    def check(self, call: Call) -> None:
        """Let the call pass, or raise GoogleError 400, 401 or 403."""
        match call.surface:
            case Surface.GEMINI:
                self._check_gemini(call)
            case Surface.VERTEX:
                self._check_vertex(call)
            case Surface.CODE_ASSIST:
                self._check_code_assist(call)
            case Surface.OTHER:
                pass

    def _check_gemini(self, call: Call) -> None:
        service = errors.GEMINI_SERVICE
        if key := api_key(call):
            if key not in self._settings.api_keys:
                raise errors.api_key_invalid()
        elif token := bearer(call):
            scopes = self._tokens.scopes(token, service)
            # cloud-platform alone does not open the Gemini API's model methods.
            if not any(scope.startswith(GENERATIVE_LANGUAGE) for scope in scopes):
                raise errors.scope_insufficient(service, _rpc_method(call, "google.ai.generativelanguage.v1beta"))
        else:
            raise errors.unregistered_caller()
        self._check_enabled(service)

    def _check_vertex(self, call: Call) -> None:
        service = errors.VERTEX_SERVICE
        method = _rpc_method(call, "google.cloud.aiplatform.v1")
        if token := bearer(call):
            if CLOUD_PLATFORM not in self._tokens.scopes(token, service):
                raise errors.scope_insufficient(service, method)
            project = call.parts.get("project")
            if project is not None and project != self._settings.project:
                raise errors.permission_denied("aiplatform.endpoints.predict", call.path.lstrip("/").split("/", 1)[1])
        elif key := api_key(call):
            if call.verb not in KEY_METHODS_ON_VERTEX | (
                _LONG_RUNNING if self._settings.express_videos else frozenset()
            ):
                raise errors.api_key_not_supported(method)
            if key not in self._settings.api_keys:
                raise errors.api_key_invalid()
        else:
            raise errors.credentials_missing(service)
        self._check_enabled(service)

    def _check_code_assist(self, call: Call) -> None:
        service = errors.CODE_ASSIST_SERVICE
        method = _rpc_method(call, "google.internal.cloud.code.v1internal")
        token = bearer(call)
        if token is None:
            raise (
                errors.api_key_not_supported(method, service) if api_key(call) else errors.credentials_missing(service)
            )
        if CLOUD_PLATFORM not in self._tokens.scopes(token, service):
            raise errors.scope_insufficient(service, method)
        self._check_enabled(service)

    def _check_enabled(self, service: str) -> None:
        if service in self._settings.disabled_services:
            raise errors.service_disabled(service, self._settings.project)

    def check_storage(self, call: Call) -> None:
        """The same for a bucket."""
        token = bearer(call)
        service = "storage.googleapis.com"
        if token is None:
            raise errors.credentials_missing(service)
        if not self._tokens.scopes(token, service) & STORAGE_SCOPES:
            raise errors.scope_insufficient(service, f"google.storage.objects.{call.verb}")


def api_key(call: Call) -> str | None:
    """The API key, if one came."""
    return call.headers.get("x-goog-api-key") or call.query.get("key")


def bearer(call: Call) -> str | None:
    """The access token, if one came."""
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" and token else None


def credentials_shown(call: Call) -> frozenset[str]:
    """The places where a credential stood."""
    places = {name for name in ("x-goog-api-key", "authorization") if name in call.headers}
    return frozenset(places | ({"key"} if "key" in call.query else set()))


def _rpc_method(call: Call, package: str) -> str:
    return f"{package}.PredictionService.{call.verb[:1].upper()}{call.verb[1:]}"
