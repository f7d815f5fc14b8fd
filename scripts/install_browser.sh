#!/usr/bin/env bash
# Debian's Chromium and fonts for Chinese: what the end-to-end tests need. Does nothing where they are.
exec "$(dirname "$0")/debian_packages.sh" "The end-to-end tests need" chromium fonts-noto-cjk
