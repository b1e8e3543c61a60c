"""Anthropic's Messages API, by way of a chat completion."""
