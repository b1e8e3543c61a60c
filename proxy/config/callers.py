"""The API keys that clients show the proxy, with what each of them may do."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr, model_validator

from proxy.config.credential_entries import RequiredSecret, TrimmedSecret
from proxy.config.section import Section

TEMPLATE_KEYS = frozenset({"your-api-key-1", "your-api-key-2", "your-api-key-3"})
"""The keys of CLIProxyAPI's example file, known to everyone. CLIProxyAPI starts and answers 403; we do not start."""


def _not_a_template(key: SecretStr) -> SecretStr:
    if key.get_secret_value() in TEMPLATE_KEYS:
        raise ValueError("is a key of a published example file, which anyone may know; replace it with one of your own")
    return key


class CallerKey(Section):
    """One inbound key: plain text as in CLIProxyAPI, or a mapping with `key` and what belongs to its holder."""

    key: Annotated[RequiredSecret, AfterValidator(_not_a_template)] = Field(
        description="What the client sends as its API key."
    )
    name: str = Field("", description="How logs and `mediashim jobs` call the holder; empty means a hash of the key.")
    priority: int = Field(0, description="Queue priority of the holder's jobs; higher goes first.")
    delivery: Literal["data", "url"] | None = Field(
        None, description="Overrides `video.delivery` for this key; `data` also fills `unsigned_urls`."
    )
    webhook_secret: TrimmedSecret | None = Field(
        None, description="Signs the calls to this holder's `callback_url`; overrides `webhooks.secret`."
    )

    @model_validator(mode="before")
    @classmethod
    def _plain_text_is_the_key(cls, value: Any) -> Any:
        match value:
            case str():
                return {"key": value}
            case dict() | CallerKey():
                return value
            case _:
                raise ValueError("must be text (put numbers in quotes), or a mapping with key")
