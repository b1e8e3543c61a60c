"""What every section of the configuration is: a frozen model with kebab-case keys that tolerates no unknown one."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr, ValidationInfo, model_validator


class Section(BaseModel):
    """Keys are kebab-case in files (`data-dir`) and snake_case in Python (`data_dir`); unknown keys are errors.

    `hide_input_in_errors`: the value that fails to validate may be a secret.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=lambda name: name.replace("_", "-"),
        validate_by_name=True,
        validate_by_alias=True,
        hide_input_in_errors=True,
        defer_build=True,  # the whole configuration is built once, and not each section of it as well
    )

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, value: Any) -> Any:
        """A key without a value is a key left out; so is `""` where there is no default (CLIProxyAPI's `cert: ""`)."""
        if not isinstance(value, dict):
            return value
        optional = {
            key for name, field in cls.model_fields.items() if field.default is None for key in (name, field.alias)
        }
        return {key: item for key, item in value.items() if item is not None and not (item == "" and key in optional)}


def _located(path: Path, info: ValidationInfo) -> Path:
    folder = (info.context or {}).get("folder")
    try:
        expanded = path.expanduser()
    except RuntimeError:
        raise ValueError("starts with ~, but this user has no home directory; write the whole path") from None
    return folder / expanded if isinstance(folder, Path) else expanded


LocalPath = Annotated[Path, AfterValidator(_located)]
"""A path: `~` is the home directory, and a relative one starts at the folder of the configuration file."""


def _proxy_url(value: SecretStr) -> SecretStr:
    text = value.get_secret_value().strip()
    schemes = ("http://", "https://", "socks5://", "socks5h://")
    if text and text not in {"direct", "none"} and not text.startswith(schemes):
        raise ValueError("must start with http://, https://, socks5:// or socks5h://, or be direct or none")
    return SecretStr(text)


ProxyUrl = Annotated[SecretStr, AfterValidator(_proxy_url)]
"""An outgoing proxy. Secret, because it may carry a password; `direct` and `none` bypass every other proxy setting."""
