# What every file of this folder loads: a tiny suite in a folder of its own, and a way to run the program.
# LANEWRIGHT is the program under test.

: "${LANEWRIGHT:?set it to the path of the lanewright binary}"
LANEWRIGHT=$(realpath "$LANEWRIGHT")
SHOP=$(realpath "$BATS_TEST_DIRNAME/../../corpus/shop")

lanewright() { "$LANEWRIGHT" "$@"; }

# Fails with the output when the last `run` did not end with that code.
code() {
	if [ "$status" -ne "$1" ]; then
		echo "expected exit $1, got $status:"
		echo "$output"
		return 1
	fi
}

# Fails unless the output of the last `run` has that text.
says() {
	if [[ $output != *"$1"* ]]; then
		echo "expected to read: $1"
		echo "$output"
		return 1
	fi
}

never_says() {
	if [[ $output == *"$1"* ]]; then
		echo "expected not to read: $1"
		echo "$output"
		return 1
	fi
}

# A suite of five tests: two need postgres, one redis, two nothing.
make_suite() {
	mkdir -p tests/unit tests/db
	cat >lanewright.toml <<-'TOML'
		[services.postgres]
		[services.redis]

		[lanes.postgres]
		services = ["postgres"]

		[lanes.redis]
		services = ["redis"]

		[lanes.unit]
		services = []
	TOML
	cat >pytest.ini <<-'INI'
		[pytest]
		testpaths = tests
	INI
	cat >tests/conftest.py <<-'PY'
		import psycopg
		import pytest
		import redis


		@pytest.fixture
		def db():
		    with psycopg.connect("postgresql://localhost:5432/app") as connection:
		        yield connection


		@pytest.fixture
		def cache():
		    return redis.Redis.from_url("redis://localhost:6379/0")
	PY
	cat >tests/unit/test_sums.py <<-'PY'
		import pytest


		@pytest.mark.parametrize("n", [1, 2])
		def test_one(n):
		    assert n


		def test_two():
		    assert 2
	PY
	cat >tests/db/test_rows.py <<-'PY'
		def test_insert(db):
		    db.execute("insert")


		class TestSelect:
		    def test_all(self, db):
		        db.execute("select")
	PY
	cat >tests/db/test_cache.py <<-'PY'
		def test_get(cache):
		    cache.get("key")
	PY
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	make_suite
}

# Root reads every file: sets AS to what runs a command as somebody who does not, in a folder that he may enter,
# or skips.
as_nobody_if_root() {
	AS=()
	[ "$(id -u)" -eq 0 ] || return 0
	AS=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	OPEN=$(mktemp -d)
	cp "$LANEWRIGHT" "$OPEN/lanewright"
	LANEWRIGHT=$OPEN/lanewright
	cp -r . "$OPEN/suite"
	chmod -R a+rwX "$OPEN"
	cd "$OPEN/suite"
	"${AS[@]}" "$LANEWRIGHT" --version >/dev/null || skip "root reads every file, and nobody may not run the program"
}

# Gives the folder of `lanewright -C` something to fill up: a file system of 64 KiB, or a skip with the reason.
make_small_disk() {
	[ "$(id -u)" -eq 0 ] || skip "a small file system can only be mounted by root"
	SMALL_DISK=$BATS_TEST_TMPDIR/$1
	mkdir -p "$SMALL_DISK"
	if ! mount -t tmpfs -o size=64k tmpfs "$SMALL_DISK" 2>/dev/null; then
		SMALL_DISK=
		skip "mounting a tmpfs is not allowed here"
	fi
}

teardown() {
	cd /
	[ -z "${SMALL_DISK:-}" ] || umount "$SMALL_DISK"
	[ -z "${OPEN:-}" ] || rm -r "$OPEN"
}
