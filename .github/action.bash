#!/usr/bin/env bash
# Installs pm-sync from the Action's own folder, once for each version of it and of Python, and runs the Action's step.
# Needs nothing but a python3 of 3.11 or newer, and a pip that reaches an index or a folder of packages.
set -euo pipefail

say_and_stop() {
  echo "::error title=pm-sync::$1"
  exit 2
}

find_python() { # Prints the path of the first Python that is new enough.
  local name
  for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
    "$name" -I -c 'import sys; sys.version_info < (3, 11) and sys.exit(1); print(sys.executable)' 2>/dev/null && return
  done
  return 1
}

fingerprint() { # Of all that is installed: our own files, the versions they ask for, and Python's own version.
  "$python" -I - "$GITHUB_ACTION_PATH" <<'PY'
import hashlib, pathlib, sys
root = pathlib.Path(sys.argv[1])
files = [root / "pyproject.toml", root / "tests" / "constraints.txt", *sorted((root / "pm_sync").rglob("*"))]
digest = hashlib.sha256(sys.version.encode() + sys.executable.encode())
for file in files:
    if file.is_file() and "__pycache__" not in file.parts:
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
print(digest.hexdigest()[:20])
PY
}

install() { # Into a folder beside the wanted one, so that no run ever finds half an installation.
  local new="$1.$$" wanted=("--constraint" "$GITHUB_ACTION_PATH/tests/constraints.txt" "$GITHUB_ACTION_PATH")
  local options=(install --quiet --no-input --disable-pip-version-check --no-compile)
  mkdir -p "$(dirname "$1")"
  if "$python" -I -m pip --python "$python" --version >/dev/null 2>&1; then
    "$python" -I -m venv --without-pip "$new"
    "$python" -I -m pip --python "$new/bin/python" "${options[@]}" "${wanted[@]}"
  else
    "$python" -I -m venv "$new"
    "$new/bin/python" -I -m pip "${options[@]}" "${wanted[@]}"
  fi
  # Another job on this machine may have been faster; its installation is the same.
  mv -T "$new" "$1" 2>/dev/null || rm -rf "$new"
}

python=$(find_python) || say_and_stop "no Python of 3.11 or newer is on the PATH"
home="${RUNNER_TOOL_CACHE:-${RUNNER_TEMP:-/tmp}}/pm-sync/$(fingerprint)"
[[ -x "$home/bin/python" ]] || install "$home" || say_and_stop "pm-sync could not be installed; the log above tells why"
exec "$home/bin/python" -I -m pm_sync.cli.action
