"""The whole configuration: every key, its type, its default and one sentence about it.

The descriptions are the documentation: `docs/config.md` is written from them, and `config.example.yaml` is checked
against them. Keys that CLIProxyAPI has too keep its names, its meaning and the values of its config.example.yaml
(2026-08) as defaults, so that a file moves over as it is; where a default differs, the description says why.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from proxy.config.base_url import WebUrl
from proxy.config.callers import CallerKey
from proxy.config.credential_entries import GeminiKey, RenamedModel, TrimmedSecret, VertexCredential, VertexKey
from proxy.config.quantities import ByteCount, Seconds, SecondsOrOff
from proxy.config.section import LocalPath, ProxyUrl, Section
from translators.resolve import RetiredModels
from translators.wire.call import Surface


class Strategy(StrEnum):
    """How credentials of equal priority share the work; CLIProxyAPI's three words."""

    ROUND_ROBIN = "round-robin"
    """Each in turn; of video jobs, whoever has fewest."""
    WEIGHTED_ROUND_ROBIN = "weighted-round-robin"
    """The same, as often as its weight says."""
    FILL_FIRST = "fill-first"
    """Always the first, until it must rest."""


class LogLevel(StrEnum):
    """The least severe lines that are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


_STRATEGY_SHORTHANDS = {"rr": "round-robin", "wrr": "weighted-round-robin", "ff": "fill-first"}


def _spelled_out(value: object) -> object:
    return _STRATEGY_SHORTHANDS.get(value, value) if isinstance(value, str) else value


def _without_repeats(entries: tuple[Any, ...]) -> tuple[Any, ...]:
    """Each entry once: CLIProxyAPI collapses repeats, and a repeated key must not count double in the pool."""
    return tuple(entry for index, entry in enumerate(entries) if entry not in entries[:index])


def _one_entry_a_key(entries: tuple[CallerKey, ...]) -> tuple[CallerKey, ...]:
    keys = [entry.key.get_secret_value() for entry in entries]
    repeated = next((index for index, key in enumerate(keys) if key in keys[:index]), None)
    if repeated is not None:
        raise ValueError(
            f"entries {keys.index(keys[repeated])} and {repeated} are the same key with different settings"
        )
    return entries


GeminiKeys = Annotated[tuple[GeminiKey, ...], AfterValidator(_without_repeats)]
VertexKeys = Annotated[tuple[VertexKey, ...], AfterValidator(_without_repeats)]
VertexCredentials = Annotated[tuple[VertexCredential, ...], AfterValidator(_without_repeats)]
CallerKeys = Annotated[tuple[CallerKey, ...], AfterValidator(_without_repeats), AfterValidator(_one_entry_a_key)]


class Tls(Section):
    """HTTPS on the listening port."""

    enable: bool = Field(default=False, description="Serve HTTPS instead of HTTP.")
    cert: LocalPath | None = Field(None, description="Certificate chain, PEM.")
    key: LocalPath | None = Field(None, description="Private key of the certificate, PEM.")

    @model_validator(mode="after")
    def _enabled_needs_both_files(self) -> Self:
        if self.enable and (self.cert is None or self.key is None):
            raise ValueError("enable: true needs both cert and key")
        return self


class Routing(Section):
    """How the pool chooses a credential."""

    strategy: Annotated[Strategy, BeforeValidator(_spelled_out)] = Field(
        Strategy.ROUND_ROBIN, description="`round-robin` (rr), `weighted-round-robin` (wrr) or `fill-first` (ff)."
    )
    session_affinity: bool = Field(
        default=False, description="Text and images: a conversation stays with the credential that served it last."
    )
    session_affinity_ttl: Seconds = Field(3_600.0, description="How long after its last answer.")


class Streaming(Section):
    """Server-sent events."""

    keepalive_seconds: SecondsOrOff = Field(
        10.0,
        description="Comment line every so often, from the first second on; 0 = off (CLIProxyAPI: 0). "
        "Clients and gateways give up after 15 to 60 silent seconds.",
    )


class Video(Section):
    """Video jobs."""

    timeout: Seconds = Field(900.0, description="Longest wait for Google to finish one video.")
    max_polls: int = Field(400, ge=1, description="Most status questions to Google about one video.")
    poll_min_interval: Seconds = Field(0.8, description="Shortest pause between two status questions.")
    poll_max_interval: Seconds = Field(20.0, description="Longest pause between two status questions.")
    polls_per_minute: int = Field(120, ge=2, description="Most status questions a minute by one credential.")
    dedupe_window: SecondsOrOff = Field(
        600.0,
        description="The same request again this soon after its caller was cut off joins the job instead of paying "
        "again; 0 = off.",
    )
    delivery: Literal["data", "url"] = Field("data", description="Answer with a data URI, or with a link to the file.")

    @model_validator(mode="after")
    def _intervals_are_in_order(self) -> Self:
        if self.poll_min_interval > self.poll_max_interval:
            raise ValueError("poll-min-interval is longer than poll-max-interval")
        return self


class ImageCache(Section):
    """Images that answer the same request again: one with a seed, or with `cache: true`."""

    max_entries: int = Field(256, ge=0, description="Answers that are kept, the oldest go first; 0 = none.")
    ttl: Seconds = Field(86_400.0, description="How long an answer is kept.")


class Images(Section):
    """Requests for images."""

    cache: ImageCache = Field(ImageCache(), description="Images that answer the same request again.")

    concurrency: int = Field(4, ge=1, description="Calls at one time for one request that asks for several images.")


class Jobs(Section):
    """The queue in front of Google."""

    concurrency: int = Field(2, ge=1, description="Videos at one time per API key and model.")
    vertex_concurrency: int = Field(10, ge=1, description="Videos at one time per Vertex credential and model.")
    submits_per_minute: int = Field(10, ge=1, description="Videos started per minute, credential and model.")
    queue_length: int = Field(100, ge=0, description="Videos that may wait; a further one is told to come back (429).")


class Media(Section):
    """Finished videos and images, kept in the data directory."""

    retention: Seconds = Field(604_800.0, description="How long a file is kept.")
    max_bytes: ByteCount = Field(20 * 10**9, description="Disk quota; the oldest delivered files go first.")
    url_lifetime: Seconds = Field(86_400.0, description="How long a link to a file works.")


class Fetch(Section):
    """Media that a caller names by URL and the proxy fetches."""

    allow_hosts: tuple[str, ...] = Field(
        (), description="Host names that may be on private addresses; all others must be public."
    )
    max_image_bytes: ByteCount = Field(20 * 10**6, description="Largest image or document.")
    max_video_bytes: ByteCount = Field(100 * 10**6, description="Largest video.")
    timeout: Seconds = Field(30.0, description="Longest time for one file, redirects included.")


class Uploads(Section):
    """Files that go to Google's File API: large inputs by themselves, and what callers upload to `/v1beta/files`."""

    inline_limit: ByteCount = Field(
        20 * 2**20, description="Largest request by a Gemini API key; inputs that do not fit are uploaded first."
    )
    vertex_inline_limit: ByteCount = Field(
        20 * 2**20, description="Largest request on Vertex AI, which has no File API; above it a 413 names the way out."
    )
    lifetime: Seconds = Field(86_400.0, description="How long an uploaded input is used again; Google keeps it 48 h.")
    ready_within: Seconds = Field(300.0, description="Longest wait for Google to prepare an uploaded input.")
    max_file_bytes: ByteCount = Field(2 * 10**9, description="Largest file a caller may upload; Google's own limit.")

    @model_validator(mode="after")
    def _used_while_google_has_it(self) -> Self:
        if self.lifetime > 47 * 3600:
            raise ValueError("lifetime must be at most 47h: Google keeps an uploaded file for 48 h")
        return self


class Webhooks(Section):
    """Calls to the `callback_url` of a video request."""

    secret: TrimmedSecret = Field(
        SecretStr(""), description="Signs each call (HMAC-SHA256); empty = unsigned, and the caller is told."
    )


class Chat(Section):
    """Chat completions."""

    video_content: Literal["text", "markdown"] = Field(
        "text", description="`markdown` also puts a playable link into `content`, for chat front-ends."
    )


class Log(Section):
    """Log lines, on standard error."""

    level: LogLevel = Field(LogLevel.INFO, description="`debug`, `info`, `warning` or `error`.")
    format: Literal["plain", "json"] = Field("plain", description="`plain` for people, `json` for machines.")


class Metrics(Section):
    """What Prometheus reads at `/metrics`."""

    enabled: bool = Field(default=True, description="Answer at `/metrics`.")
    key: TrimmedSecret = Field(
        SecretStr(""), description="The one key that opens it, and nothing else; empty = any of `api-keys` does."
    )


class Cors(Section):
    """Which web pages may call the proxy."""

    allow_origins: tuple[str, ...] = Field(
        ("*",), description="Origins such as `https://chat.example`; `*` = all, which is safe where keys are required."
    )


class ModelAlias(Section):
    """A public name for a model, with what its callers need not say."""

    alias: str = Field(min_length=1, description="The name callers use.")
    target: str = Field(min_length=1, description="The model it stands for.")
    display_name: str = Field("", description="The name shown in model lists.")
    defaults: dict[str, Any] = Field(
        default_factory=dict, description="Request fields that apply where the caller sets none, e.g. `video_config`."
    )


class FileCredentialAliases(Section):
    """Renamed models of the credentials that come from `auth-dir`; other providers' lists are accepted and ignored."""

    vertex: tuple[RenamedModel, ...] = Field((), description="Other names for models of Vertex files.")


class FileCredentialExclusions(Section):
    """Models that the credentials from `auth-dir` never serve."""

    vertex: tuple[str, ...] = Field((), description="On Vertex AI; ids, `*` stands for any text.")
    gemini_cli: tuple[str, ...] = Field((), description="The same, on `code-assist`.")

    def at(self, surface: Surface) -> tuple[str, ...]:
        """Those of one front door."""
        return self.gemini_cli if surface is Surface.CODE_ASSIST else self.vertex


class OAuthClient(Section):
    """The OAuth client of type "Desktop app" that `mediashim login` signs in with."""

    client_id: str = Field("", description="Its id.")
    client_secret: TrimmedSecret = Field(SecretStr(""), description="Its secret.")


class Config(Section):
    """The configuration of one proxy."""

    host: str = Field(
        "127.0.0.1",
        description="Address to listen on; empty = all. CLIProxyAPI's default is all; here a proxy that spends money "
        "must be opened on purpose.",
    )
    port: int = Field(8317, ge=0, le=65_535, description="Port to listen on; 0 = any free one.")
    workers: int = Field(
        1,
        ge=1,
        le=256,
        description="Processes that serve, one for each core that may be used; they share the address and `data-dir`.",
    )
    tls: Tls = Field(Tls(), description="HTTPS on the listening port.")
    api_keys: CallerKeys = Field(
        (), description="Keys that clients must show; none = open to all, on a loopback address only."
    )
    allow_open: bool = Field(default=False, description="Listen on other addresses although no key is asked for.")
    cors: Cors = Field(Cors(), description="Which web pages may call the proxy.")
    docs: bool = Field(
        default=True,
        description="Describe every route at `/openapi.json` and, for people, at `/docs`; no key is asked for.",
    )
    metrics: Metrics = Field(Metrics(), description="What Prometheus reads at `/metrics` (docs/metrics.md).")
    public_base_url: WebUrl | None = Field(None, description="How clients reach the proxy, for links to videos.")
    max_body_bytes: ByteCount = Field(150 * 10**6, description="Largest request body.")

    gemini_api_key: GeminiKeys = Field((), description="Gemini API keys.")
    interactions_api_key: GeminiKeys = Field((), description="Gemini API keys for Interactions only.")
    vertex_api_key: VertexKeys = Field((), description="Vertex AI API keys: text, images, Veo as last resort.")
    vertex: VertexCredentials = Field((), description="Vertex AI projects.")
    auth_dir: LocalPath | None = Field(
        None,
        description="Folder of CLIProxyAPI's credential files; none is read by default (there: ~/.cli-proxy-api).",
    )
    code_assist: bool = Field(
        default=False,
        description="Let Gemini CLI logins in `auth-dir` serve text and images through Gemini Code Assist too; against "
        "Google's terms for third-party software, and never a video (docs/code-assist.md).",
    )
    oauth_model_alias: FileCredentialAliases = Field(
        FileCredentialAliases(), description="Renamed models of the credentials in `auth-dir`."
    )
    oauth_excluded_models: FileCredentialExclusions = Field(
        FileCredentialExclusions(), description="Models the credentials in `auth-dir` never serve."
    )
    oauth_client: OAuthClient = Field(
        OAuthClient(), description="Your own OAuth client (Desktop app), for `mediashim login`."
    )
    proxy_url: ProxyUrl = Field(SecretStr(""), description="Outgoing proxy for all credentials.")
    force_model_prefix: bool = Field(default=False, description="Credentials with a prefix serve only `prefix/model`.")

    routing: Routing = Field(Routing(), description="How the pool chooses a credential.")
    request_retry: int = Field(
        3, ge=0, description="Further rounds over the credentials for text and images; a video is submitted once."
    )
    max_retry_credentials: int = Field(0, ge=0, description="Credentials tried in one round; 0 = all.")
    max_retry_interval: SecondsOrOff = Field(30.0, description="Longest wait for a cooling credential; 0 = none.")
    disable_cooling: bool = Field(default=False, description="Never rest a credential after a failure.")
    transient_error_cooldown_seconds: int = Field(
        0,
        ge=-1,
        description="Rest after a passing failure (408, 5xx); 0 = what Google asks for only (CLIProxyAPI: 60 s).",
    )

    models: tuple[ModelAlias, ...] = Field((), description="Other names for models.")
    catalog: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="Additions to and corrections of the model catalogue, by model id."
    )
    retired_models: RetiredModels = Field(
        RetiredModels.REDIRECT,
        description="A model Google switched off: `redirect` to its successor (and say so), `reject`, or `pass` it on.",
    )
    video: Video = Field(Video(), description="Video jobs.")
    images: Images = Field(Images(), description="Requests for images.")
    jobs: Jobs = Field(Jobs(), description="The queue in front of Google.")
    chat: Chat = Field(Chat(), description="Chat completions.")
    streaming: Streaming = Field(Streaming(), description="Server-sent events.")
    nonstream_keepalive_interval: SecondsOrOff = Field(
        0.0,
        description="Blank line every so often before a JSON answer; 0 = off, because it fixes the status 200.",
    )

    data_dir: LocalPath = Field(
        Path("~/.local/share/mediashim"), validate_default=True, description="Folder for jobs, videos and tokens."
    )
    media: Media = Field(Media(), description="Finished videos and images.")
    fetch: Fetch = Field(Fetch(), description="Media that a caller names by URL.")
    uploads: Uploads = Field(Uploads(), description="Files that go to Google's File API.")
    webhooks: Webhooks = Field(Webhooks(), description="Calls to the `callback_url` of a video request.")
    debug: bool = Field(default=False, description="The same as `log.level: debug`.")
    log: Log = Field(Log(), description="Log lines, on standard error.")

    @model_validator(mode="after")
    def _metrics_have_a_key_of_their_own(self) -> Self:
        key = self.metrics.key.get_secret_value()
        if key and any(key == entry.key.get_secret_value() for entry in self.api_keys):
            raise ValueError("metrics.key is one of api-keys, which opens everything; give the monitoring its own key")
        return self

    @property
    def log_level(self) -> LogLevel:
        """The level that applies: `debug: true` beats `log.level`."""
        return LogLevel.DEBUG if self.debug else self.log.level
