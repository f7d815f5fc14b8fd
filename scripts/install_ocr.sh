#!/usr/bin/env bash
# Debian's text recognition for English and Chinese, for scanned pages. Does nothing where it is.
set -euo pipefail
packages=()
for package in tesseract-ocr tesseract-ocr-chi-tra tesseract-ocr-chi-sim; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || packages+=("$package")
done
[ ${#packages[@]} -eq 0 ] && exit 0
install=(apt-get install -y -qq --no-install-recommends "${packages[@]}")
if [ "$(id -u)" -eq 0 ]; then as=(); elif command -v sudo >/dev/null; then as=(sudo); else
  echo "Text recognition needs: apt-get install ${packages[*]}  (as root)" >&2
  exit 1
fi
echo "Installing ${packages[*]}"
"${as[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as[@]}" "${install[@]}" >/dev/null
