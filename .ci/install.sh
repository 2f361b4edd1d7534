#!/bin/sh
# Install the course, and the packages it needs in the versions that constraints.txt pins, into an environment.
# usage: install.sh PYTHON WHAT       WHAT is . or .[dev] or .[instructor]
# pip's own words go to a log; what went wrong is said in one line.
set -u
python=$1
what=$2
log=$(dirname "$python")/../pip.log

echo "netlab: installing what is needed, once; this takes a minute or two (log: .venv/pip.log)"
if "$python" -m pip install --disable-pip-version-check --retries 2 --timeout 20 \
    --constraint constraints.txt --editable "$what" >"$log" 2>&1; then
    exit 0
fi
unreachable='failed to (establish|resolve)|name resolution|connection (refused|reset|error)|max retries'
unreachable="$unreachable|timed out|proxyerror|network is unreachable|from versions: none"
if grep -qiE "$unreachable" "$log"; then
    reason="pip cannot reach its package index. Check the network or the proxy, then run make again"
elif grep -qi 'No space left' "$log"; then
    reason="the disk is full. Free about 1 GB, then run make again"
else
    reason="pip failed: $(grep -iE '^ *error' "$log" | tail -n 1 | sed 's/^ *//')"
fi
echo "netlab: $reason (details: .venv/pip.log)" >&2
exit 1
