import base64
from pathlib import Path

from openai import OpenAI

client = OpenAI(base_url="http://127.0.0.1:8317/v1", api_key="none")
answer = client.chat.completions.create(
    model="veo-3.1-generate-preview",
    messages=[{"role": "user", "content": "Waves rolling in below a lighthouse"}],
    modalities=["video", "text"],
    extra_body={"video_config": {"duration": 4, "aspect_ratio": "16:9", "resolution": "720p"}},
)
url = answer.choices[0].message.videos[0]["video_url"]["url"]
Path("video.mp4").write_bytes(base64.b64decode(url.split(",")[1]))
