"""netlab: network programming with Python, a course that you run."""
