curl -sS --fail-with-body http://127.0.0.1:8317/v1/chat/completions -H "Content-Type: application/json" -d '{
  "model": "veo-3.1-generate-preview",
  "messages": [{"role": "user", "content": "Waves rolling in below a lighthouse"}],
  "modalities": ["video", "text"],
  "video_config": {"duration": 4, "aspect_ratio": "16:9", "resolution": "720p"}
}' | grep -o 'base64,[^"]*' | cut -d, -f2 | base64 -d > video.mp4
