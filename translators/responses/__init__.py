"""OpenAI's Responses API, by way of a chat completion."""
