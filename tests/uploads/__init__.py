"""Photos over links that break: the tus protocol against real servers, real proxies and somebody else's client."""
