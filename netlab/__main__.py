"""`python -m netlab` is the `netlab` command."""

from netlab.course.cli import main

main()
