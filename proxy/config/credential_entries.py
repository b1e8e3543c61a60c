"""The Google credentials a configuration file can hold, and the model names each of them serves."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, Secret, SecretStr, model_validator

from proxy.config.base_url import BaseUrl
from proxy.config.section import LocalPath, ProxyUrl, Section


def _trimmed(value: SecretStr) -> SecretStr:
    return SecretStr(value.get_secret_value().strip())


def _single_segment(prefix: str) -> str:
    trimmed = prefix.strip().strip("/")
    if "/" in trimmed:
        raise ValueError("must be a single segment without a slash")
    return trimmed


def _inherit_when_negative(value: object) -> object:
    return None if isinstance(value, int) and value < 0 else value


def _not_empty(value: SecretStr) -> SecretStr:
    if not value.get_secret_value():
        raise ValueError("must not be empty")
    return value


TrimmedSecret = Annotated[SecretStr, AfterValidator(_trimmed)]
RequiredSecret = Annotated[TrimmedSecret, AfterValidator(_not_empty)]


class ServedModel(Section):
    """One model that a credential serves, and the name its callers know it by."""

    name: str = Field(min_length=1, description="Google's id of the model.")
    alias: str = Field("", description="The name callers use; empty means `name`.")
    display_name: str = Field("", description="The name shown in model lists.")


class RenamedModel(ServedModel):
    """A model of the file-based Vertex credentials under another name."""

    fork: bool = Field(default=False, description="Keep the model under its own name too.")


class PoolMember(Section):
    """What each credential says about its place in the pool."""

    base_url: BaseUrl | None = Field(
        None,
        description="Another host that speaks Google's API; with or without `/v1beta`. Model ids go there as sent.",
    )
    proxy_url: ProxyUrl = Field(
        SecretStr(""), description="Outgoing proxy of this credential; `direct` bypasses the global one."
    )
    prefix: Annotated[str, AfterValidator(_single_segment)] = Field(
        "", description="Callers may write `prefix/model` to choose this credential."
    )
    priority: int = Field(0, description="Higher goes first; lower ones serve only when all higher ones cannot.")
    weight: int = Field(1, le=1_000_000, description="Share under `weighted-round-robin`; 0 or less is never chosen.")
    headers: dict[str, SecretStr] = Field(
        default_factory=dict,
        description="Extra headers to Google; `$Name` as a value copies the caller's header `Name`.",
    )
    models: tuple[ServedModel, ...] = Field((), description="Serve only these models; empty means all.")
    excluded_models: tuple[str, ...] = Field((), description="Never serve these; `*` stands for any text.")
    disable_cooling: bool | None = Field(None, description="Overrides the global `disable-cooling`.")
    request_retry: Annotated[int | None, BeforeValidator(_inherit_when_negative)] = Field(
        None, description="Overrides the global `request-retry`; negative = the global one."
    )
    concurrency: int | None = Field(None, ge=1, description="Overrides `jobs.concurrency` for this credential.")
    submits_per_minute: int | None = Field(
        None, ge=1, description="Overrides `jobs.submits-per-minute` for this credential."
    )


class GeminiKey(PoolMember):
    """A Gemini API key, or a gateway that needs none (`base-url` alone)."""

    api_key: TrimmedSecret = Field(SecretStr(""), description="The key; may be empty when `base-url` names a gateway.")

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if not self.api_key.get_secret_value() and self.base_url is None:
            raise ValueError("needs an api-key, or the base-url of a gateway that asks for none")
        return self


class VertexKey(PoolMember):
    """A Vertex AI API key ("express mode"): text and images; Veo where no other credential makes it; no Gemini Omni."""

    api_key: RequiredSecret = Field(description="The key.")


class VertexCredential(PoolMember):
    """A Vertex AI project, reached as a service account, authorised user, workload identity, or the machine's own."""

    credentials_file: LocalPath | None = Field(
        None, description="JSON of a service account, authorised user or workload identity; its `token_uri` is obeyed."
    )
    service_account: Secret[dict[str, Any]] | None = Field(
        None, description="The service account's JSON, inline as a mapping."
    )
    application_default: bool = Field(
        default=False, description="Use the machine's identity (Application Default Credentials)."
    )
    project: str | None = Field(None, description="Google Cloud project; without it, the one in the credential.")
    location: str = Field(
        "us-central1", min_length=1, description="Region; Veo is served in us-central1, Gemini Omni goes to global."
    )
    storage_uri: str | None = Field(
        None, pattern=r"^gs://[^/]+", description="Let Vertex write videos to this bucket: `gs://bucket/folder`."
    )

    @model_validator(mode="after")
    def _has_one_identity(self) -> Self:
        given = [self.credentials_file is not None, self.service_account is not None, self.application_default]
        if sum(given) != 1:
            raise ValueError(
                "needs exactly one of credentials-file, service-account (inline JSON), application-default: true"
            )
        return self
