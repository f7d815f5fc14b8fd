#!/usr/bin/env bash
# Debian's text recognition for English and Chinese, for scanned pages. Does nothing where it is.
exec "$(dirname "$0")/debian_packages.sh" "Text recognition needs" \
  tesseract-ocr tesseract-ocr-chi-tra tesseract-ocr-chi-sim
