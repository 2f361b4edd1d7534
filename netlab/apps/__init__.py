"""Ticker itself: the applications that the course builds and runs."""
