#!/bin/sh
# Make a virtual environment with the newest Python there is, 3.11 or later.
# usage: venv.sh FOLDER [PYTHON]
# What is missing is said in one line; an environment that works is kept.
set -u
folder=$1
chosen=${2:-}

recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
complain() { echo "netlab: $1" >&2; exit 1; }

if recent "$folder/bin/python" && "$folder/bin/python" -m pip --version >/dev/null 2>&1; then exit 0; fi

python=
for candidate in ${chosen:-python3.13 python3.12 python3.11 python3}; do
    if recent "$candidate"; then python=$candidate; break; fi
done
[ -n "$python" ] || complain "no Python 3.11 or newer${chosen:+ is $chosen}. Install it (python.org, your package manager) or name it: make PYTHON=/path/to/python3"

"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    complain "$python cannot make virtual environments. On Debian or Ubuntu: sudo apt install python3-venv"

log=$("$python" -m venv --clear "$folder" 2>&1) ||
    complain "$python could not make the environment $folder: $(printf '%s' "$log" | tail -n 1)"
