"""The record beside each medium: what it is, and what its maker wants remembered (prompt, model, cost, remote URI)."""

from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from proxy.media.stored import StoredMedia

SIDECAR_SUFFIX = ".json"


class Sidecar(BaseModel):
    """`<name>.json`. `metadata` is the caller's and opaque to the store."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    size: int
    sha256: str
    mime_type: str
    created_at: AwareDatetime
    metadata: dict[str, JsonValue] = Field(default_factory=dict)

    def media(self) -> StoredMedia:
        """The record without the caller's metadata."""
        return StoredMedia(
            name=self.name,
            size=self.size,
            sha256=self.sha256,
            mime_type=self.mime_type,
            created_at=self.created_at,
        )

    def content(self) -> bytes:
        """The file's bytes: JSON that a person can read."""
        return self.model_dump_json(indent=1).encode()


def sidecar_path(media_path: Path) -> Path:
    """`x.mp4` -> `x.mp4.json`."""
    return media_path.with_name(media_path.name + SIDECAR_SUFFIX)
