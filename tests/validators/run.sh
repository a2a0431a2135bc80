#!/bin/sh
# Judges what the emitters write with programs that are not ours:
#
#	run.sh BUILD
#
# BUILD is a build tree with emit_test_samples in it; clients and samples go into folders of it.
set -eu

here=$(dirname "$0")
build=$1
export LANEWRIGHT_CLIENTS="$build/clients" LANEWRIGHT_SAMPLES="$build/samples"
mkdir -p "$LANEWRIGHT_SAMPLES"
"$here/install.sh" "$LANEWRIGHT_CLIENTS"
"$build/emit_test_samples" "$LANEWRIGHT_SAMPLES"
exec python3 "$here/test_emitted.py"
