#!/usr/bin/env bash
# Debian's Chromium and fonts for Chinese: what the end-to-end tests need. Does nothing where they are.
set -euo pipefail
packages=()
for package in chromium fonts-noto-cjk; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || packages+=("$package")
done
[ ${#packages[@]} -eq 0 ] && exit 0
install=(apt-get install -y -qq --no-install-recommends "${packages[@]}")
if [ "$(id -u)" -eq 0 ]; then as=(); elif command -v sudo >/dev/null; then as=(sudo); else
  echo "The end-to-end tests need: apt-get install ${packages[*]}  (as root)" >&2
  exit 1
fi
echo "Installing ${packages[*]}"
"${as[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as[@]}" "${install[@]}" >/dev/null
