"""Thin: authenticate, parse, translate, call, translate, reply."""
