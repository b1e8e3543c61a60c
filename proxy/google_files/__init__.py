"""Google's File API: files that callers upload through the proxy, and inputs that are too large for a request."""
