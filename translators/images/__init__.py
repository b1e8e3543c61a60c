"""OpenAI's Images API, on Gemini's image models and Imagen, by way of a chat completion."""
