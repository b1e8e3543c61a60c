"""Chat completions with images -> the Images API's answer (openai-python 3.52: `ImagesResponse`)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from translators.content import HoldsMedia, Media, is_data_uri, parse_data_uri, sniff_base64
from translators.errors import ApiError, BadRequest, UpstreamFailed
from translators.image_dimensions import dimensions
from translators.images.read import ImageOrder

Completion = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One image. `pixels` are None where its header does not tell them."""

    media: Media
    pixels: tuple[int, int] | None
    revised_prompt: str | None = None

    @property
    def output_format(self) -> str:
        """OpenAI's word for the type: "png"."""
        return self.media.mime_type.partition("/")[2]

    @property
    def size(self) -> str | None:
        """ "1024x1024"."""
        return f"{self.pixels[0]}x{self.pixels[1]}" if self.pixels else None


def pictures_of(completion: Completion) -> list[Picture]:
    """The images of one call.

    Raises BadRequest when Google's filter withheld them all, and UpstreamFailed when there is none for another reason.
    """
    found = [
        _picture(image)
        for choice in completion["choices"]
        for image in choice["message"].get("images", ())
        if is_data_uri(image["image_url"]["url"])
    ]
    if not found:
        raise _why_none(completion["choices"][0])
    return found


def _picture(image: Mapping[str, Any]) -> Picture:
    media = parse_data_uri(image["image_url"]["url"], param="data")
    # By its bytes, for the type decides the file's name; Google's own word where they do not tell.
    mime_type = sniff_base64(media.data) or media.mime_type
    return Picture(
        media=Media(mime_type=mime_type, data=media.data),
        pixels=dimensions(media.data),
        revised_prompt=image.get("revised_prompt"),
    )


def _why_none(choice: Mapping[str, Any]) -> ApiError:
    error = choice.get("error")
    if error is None:
        said = choice["message"]["content"]
        words = f" It said: {said}" if said else ""
        return UpstreamFailed(f"The model answered without an image.{words}", code="no_image")
    if choice["finish_reason"] == "content_filter":
        return BadRequest(error["message"], param="prompt", code=error["code"], should_retry=False)
    return UpstreamFailed(error["message"], code=error["code"])


def differences(order: ImageOrder, pictures: Sequence[Picture]) -> list[str]:
    """Where what was made is not what was asked for, in dimensions or type."""
    return list(dict.fromkeys(told for picture in pictures for told in _differences(order, picture)))


def _differences(order: ImageOrder, picture: Picture) -> Iterable[str]:
    asked = order.shape.pixels
    if asked is not None and picture.pixels is not None and asked != picture.pixels:
        yield f"size: {asked[0]}x{asked[1]} was asked for, and {picture.size} was made."
    if order.output_format is not None and order.output_format != picture.output_format:
        yield f"output_format: {order.output_format} was asked for, and {picture.output_format} was made."


def not_made(failures: Sequence[ApiError], calls: int) -> list[str]:
    """Some of the calls failed, and the answer has fewer images than were asked for."""
    if not failures:
        return []
    reasons = " ".join(dict.fromkeys(failure.message for failure in failures))
    return [f"n: {len(failures)} of {calls} calls made no image. {reasons}"]


def usage_of(completions: Sequence[Completion], *, has_inputs: bool) -> dict[str, Any] | None:
    """The Images API's `usage` of all calls together, with `cost` in dollars where every call has one.

    None when Google told nothing. How the input divides into words and images is told only where it is certain.
    """
    told = [completion["usage"] for completion in completions if "usage" in completion]
    counted = [usage for usage in told if "prompt_tokens" in usage]
    costs = [usage["cost"] for usage in told if "cost" in usage]
    cost = {"cost": round(sum(costs), 6)} if costs and len(costs) == len(completions) else {}
    if not counted:
        return cost or None
    prompt = sum(usage["prompt_tokens"] for usage in counted)
    thinking = sum(_detail(usage, "reasoning_tokens") for usage in counted)
    images = sum(_detail(usage, "image_tokens") for usage in counted)
    made = sum(usage["completion_tokens"] for usage in counted)
    return {
        "input_tokens": prompt,
        "output_tokens": made + thinking,
        "total_tokens": sum(usage["total_tokens"] for usage in counted),
        **({"input_tokens_details": split} if (split := _input_split(counted, has_inputs=has_inputs)) else {}),
        "output_tokens_details": {"text_tokens": made - images + thinking, "image_tokens": images},
        **cost,
    }


def _input_split(counted: Sequence[Mapping[str, Any]], *, has_inputs: bool) -> dict[str, int] | None:
    pictures = [usage.get("prompt_tokens_details", {}).get("image_tokens") for usage in counted]
    if has_inputs and None in pictures:
        return None
    images = sum(count or 0 for count in pictures)
    return {"text_tokens": sum(usage["prompt_tokens"] for usage in counted) - images, "image_tokens": images}


def _detail(usage: Mapping[str, Any], name: str) -> int:
    count: int = usage.get("completion_tokens_details", {}).get(name, 0)
    return count


def to_images_response(
    pictures: Sequence[Picture],
    *,
    created: int,
    model: str,
    usage: Mapping[str, Any] | None,
    warnings: Sequence[str],
    links: Sequence[str] | None = None,
    cached: bool = False,
) -> dict[str, Any]:
    """Build the answer. `created` is unix seconds; with `links` it has those instead of base64; `cached` says that all
    were made before.

    `size` and `output_format` are those of the first image: what was made, whatever was asked for.
    """
    first = pictures[0]
    return {
        "created": created,
        "model": model,
        "data": [
            HoldsMedia(
                **({"url": links[index]} if links is not None else {"b64_json": picture.media.data}),
                **({"revised_prompt": picture.revised_prompt} if picture.revised_prompt else {}),
            )
            for index, picture in enumerate(pictures)
        ],
        "background": "opaque",
        "output_format": first.output_format,
        **({"size": first.size} if first.size else {}),
        **({"usage": usage} if usage else {}),
        **({"cached": True} if cached else {}),
        **({"warnings": list(warnings)} if warnings else {}),
    }
