curl -sS --fail-with-body http://127.0.0.1:8317/v1/chat/completions -H "Content-Type: application/json" -d '{
  "model": "gemini-nano-banana-2.1",
  "messages": [{"role": "user", "content": "A lighthouse on a cliff at dusk"}],
  "modalities": ["image", "text"],
  "image_config": {"aspect_ratio": "16:9", "image_size": "1K"}
}' | grep -o 'base64,[^"]*' | cut -d, -f2 | base64 -d > image.png
