"""Big media: kept on disk, embedded in answers, cut out of Google's JSON, and looked into.

    store.py           blobs in a local folder: atomic writes, sidecars, quota, retention
    json_base64.py     Google's base64 out of a JSON stream, chunk by chunk
    json_splice.py     Google's base64 from one JSON body into another, as it is
    base64_stream.py   a stored file as base64 text, chunk by chunk
    probe.py           what an MP4 says about itself, without a decoder
    thumbnail.py       a still and a sprite sheet (the `media` extra)

Nothing here holds more of a medium than one chunk.
"""
