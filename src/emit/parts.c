/* The script is Python, which whoever runs pytest has. */
#include "emit/parts.h"

#include "base/buf.h"
#include "emit/json.h"

struct str parts_coverage_file(struct arena *out, const struct plan *plan, const struct plan_shard *shard)
{
	return str_fmt(out, ".coverage.%.*s-%u", STR_ARG(plan->lanes.at[shard->lane].name), shard->number);
}

struct str parts_record(struct arena *out, const char *dir)
{
	return str_fmt(
	        out,
	        "test -s \"%sjunit-$LANEWRIGHT_SHARD.xml\"\n"
	        "sha256=$(python3 -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())' \\\n"
	        "  <\"$LANEWRIGHT_LIST\")\n"
	        "printf '{\"version\": 1, \"lane\": \"%%s\", \"shard\": \"%%s\", \"list_sha256\": \"%%s\"}\\n' \\\n"
	        "  \"$LANEWRIGHT_LANE\" \"$LANEWRIGHT_SHARD\" \"$sha256\" >\"%slanewright-$LANEWRIGHT_SHARD.json\"\n",
	        dir, dir);
}

/* Exactly the planned parts, each of them whole: the record of the list that ran, a report, a coverage that opens.
 * (One that names no file is fine: a lane may touch nothing of the source.)  `shards` and `others` stand above it. */
static const char checks[] = "parts = \"" PARTS_DIR "\"\n"
                             "found = set(os.listdir(parts)) if os.path.isdir(parts) else set()\n"
                             "wrong, planned = [], set()\n"
                             "\n"
                             "def need(name):\n"
                             "    planned.add(name)\n"
                             "    path = os.path.join(parts, name)\n"
                             "    if os.path.isfile(path) and os.path.getsize(path):\n"
                             "        return path\n"
                             "    wrong.append(f\"{name}: missing or empty\")\n"
                             "\n"
                             "def check_coverage(path):\n"
                             "    try:\n"
                             "        with sqlite3.connect(f\"file:{path}?mode=ro\", uri=True) as data:\n"
                             "            data.execute(\"select path from file\").fetchall()\n"
                             "    except sqlite3.Error as error:\n"
                             "        wrong.append(f\"{path}: {error}\")\n"
                             "\n"
                             "for shard, coverage in shards.items():\n"
                             "    need(f\"junit-{shard}.xml\")\n"
                             "    record = need(f\"lanewright-{shard}.json\")\n"
                             "    if record:\n"
                             "        with open(f\".lanewright/shards/{shard}.txt\", \"rb\") as file:\n"
                             "            planned_list = hashlib.sha256(file.read()).hexdigest()\n"
                             "        try:\n"
                             "            with open(record, encoding=\"utf-8\") as file:\n"
                             "                ran = json.load(file)\n"
                             "        except ValueError:\n"
                             "            ran = {}\n"
                             "        if ran.get(\"shard\") != shard or ran.get(\"list_sha256\") != planned_list:\n"
                             "            wrong.append(f\"{record}: another list ran than the planned one\")\n"
                             "    if coverage and (path := need(coverage)):\n"
                             "        check_coverage(path)\n"
                             "for path in others:\n"
                             "    if os.path.isfile(path):\n"
                             "        check_coverage(path)\n"
                             "    else:\n"
                             "        wrong.append(f\"{path}: missing\")\n"
                             "wrong += [f\"{name}: not of this plan\" for name in sorted(found - planned)]\n"
                             "print(\"\\n\".join(wrong) or f\"{len(planned)} parts of {len(shards)} shards\")\n"
                             "sys.exit(1 if wrong else 0)\n";

/* JSON's strings are Python's, too. */
struct str parts_script(struct arena *out, const struct plan *plan, bool has_coverage, const strs *others)
{
	struct buf script;
	buf_init(&script, out);
	buf_lit(&script, "import hashlib, json, os, sqlite3, sys\n\nshards = {\n");
	for (size_t i = 0; i < plan->shards.n; i++) {
		const struct plan_shard *shard = &plan->shards.at[i];
		buf_lit(&script, "    ");
		json_quote(&script, shard->name);
		buf_lit(&script, ": ");
		json_quote(&script, has_coverage ? parts_coverage_file(out, plan, shard) : STR_NONE);
		buf_lit(&script, ",\n");
	}
	buf_lit(&script, "}\nothers = [");
	for (size_t i = 0; i < others->n; i++) {
		buf_add(&script, i ? STR(", ") : STR_NONE);
		json_quote(&script, others->at[i]);
	}
	buf_lit(&script, "]\n");
	buf_add(&script, str_of(checks));
	return buf_str(&script);
}
