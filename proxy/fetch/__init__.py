"""Media that a caller names by URL, fetched without letting the caller into this network."""

from proxy.fetch.fetcher import FetchedMedia, MediaFetcher, MediaKind

__all__ = ["FetchedMedia", "MediaFetcher", "MediaKind"]
