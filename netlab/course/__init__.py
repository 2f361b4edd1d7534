"""The course around the lessons: catalogue, workspace, runner, slides, lint and the `netlab` command."""
