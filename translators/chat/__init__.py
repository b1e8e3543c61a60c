"""Chat completions of text and images <-> generateContent.

`parse` reads the bytes, `fields` says what becomes of each field, `request` builds Google's body, `response` and
`stream` build OpenAI's answer, whole or in chunks.
"""
