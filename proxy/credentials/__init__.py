"""What the proxy shows Google: credentials, their tokens and headers, and the pool that chooses among them."""
