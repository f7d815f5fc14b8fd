#!/usr/bin/env bash
# Installs the Debian packages that are missing. Does nothing where all are there.
# usage: scripts/debian_packages.sh WHO_NEEDS_THEM PACKAGE...
set -euo pipefail
who=$1
shift
packages=()
for package in "$@"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || packages+=("$package")
done
[ ${#packages[@]} -eq 0 ] && exit 0
install=(apt-get install -y -qq --no-install-recommends "${packages[@]}")
if [ "$(id -u)" -eq 0 ]; then as=(); elif command -v sudo >/dev/null; then as=(sudo); else
  echo "$who: apt-get install ${packages[*]}  (as root)" >&2
  exit 1
fi
echo "Installing ${packages[*]}"
"${as[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as[@]}" "${install[@]}" >/dev/null
