"""mediashim: an OpenAI-compatible proxy in front of Google's video, image and text models."""

__version__ = "0.1.0"
