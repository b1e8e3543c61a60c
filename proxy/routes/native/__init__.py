"""Google's own protocols: what google-genai calls when the proxy is its `base_url`."""
