import base64
from pathlib import Path

from openai import OpenAI

client = OpenAI(base_url="http://127.0.0.1:8317/v1", api_key="none")
answer = client.chat.completions.create(
    model="gemini-nano-banana-2.1",
    messages=[{"role": "user", "content": "A lighthouse on a cliff at dusk"}],
    modalities=["image", "text"],
    extra_body={"image_config": {"aspect_ratio": "16:9", "image_size": "1K"}},
)
url = answer.choices[0].message.images[0]["image_url"]["url"]
Path("image.png").write_bytes(base64.b64decode(url.split(",")[1]))
