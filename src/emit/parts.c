/* Text of scripts; what varies in them are names that were checked, and JSON strings. */
#include "emit/parts.h"

#include "base/buf.h"
#include "base/json.h"
#include "emit/list.h"
#include "emit/plan_file.h"

struct str parts_coverage_file(struct arena *out, const struct plan *plan, const struct plan_shard *shard)
{
	return str_fmt(out, ".coverage.%.*s-%u", STR_ARG(plan->lanes.at[shard->lane].name), shard->number);
}

/* Read back by report/completion.h. */
static const char record[] =
        "import hashlib, json, os\n"
        "import xml.etree.ElementTree as xml\n"
        "\n"
        "def sha256(path):\n"
        "    with open(path, \"rb\") as file:\n"
        "        return hashlib.sha256(file.read()).hexdigest()\n"
        "\n"
        "env = os.environ\n"
        "shard = env[\"LANEWRIGHT_SHARD\"]\n"
        "report = folder + f\"junit-{shard}.xml\"\n"
        "counts = dict.fromkeys((\"tests\", \"failures\", \"errors\", \"skipped\"), 0)\n"
        "for suite in xml.parse(report).iter(\"testsuite\"):\n"
        "    for name in counts:\n"
        "        counts[name] += int(suite.get(name, 0))\n"
        "record = {\"version\": 1, \"lane\": env[\"LANEWRIGHT_LANE\"], \"shard\": shard,\n"
        "          \"commit\": env.get(\"LANEWRIGHT_COMMIT\", \"\"), \"list_sha256\": sha256(env[\"LANEWRIGHT_LIST\"]),\n"
        "          \"plan_sha256\": sha256(\"" PLAN_PATH "\"), \"report_sha256\": sha256(report), **counts}\n"
        "with open(folder + f\"lanewright-{shard}.json\", \"w\", encoding=\"utf-8\") as file:\n"
        "    print(json.dumps(record), file=file)\n";

struct str parts_record(struct arena *out, const char *dir)
{
	return str_fmt(out, "test -s \"%sjunit-$LANEWRIGHT_SHARD.xml\"\npython3 -c 'folder = \"%s\"\n%s'\n", dir, dir,
	               record);
}

/* Exactly the planned parts, each of them whole: the record of the list that ran, a report, a coverage that opens.
 * (One that names no file is fine: a lane may touch nothing of the source.)  `shards` and `others` stand above it. */
static const char checks[] =
        "parts = \"" PARTS_DIR "\"\n"
        "found = set(os.listdir(parts)) if os.path.isdir(parts) else set()\n"
        "wrong, planned = [], set()\n"
        "\n"
        "def sha256(path):\n"
        "    with open(path, \"rb\") as file:\n"
        "        return hashlib.sha256(file.read()).hexdigest()\n"
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
        "        planned_list = sha256(f\"" LIST_DIR "/{shard}.txt\")\n"
        "        try:\n"
        "            with open(record, encoding=\"utf-8\") as file:\n"
        "                ran = json.load(file)\n"
        "        except ValueError:\n"
        "            ran = None\n"
        "        ran = ran if isinstance(ran, dict) else {}\n"
        "        if ran.get(\"shard\") != shard or ran.get(\"list_sha256\") != planned_list:\n"
        "            wrong.append(f\"{record}: another list ran than the planned one\")\n"
        "        elif ran.get(\"plan_sha256\") != sha256(\"" PLAN_PATH "\"):\n"
        "            wrong.append(f\"{record}: it ran by another plan\")\n"
        "        elif ran.get(\"commit\", \"\") != os.environ.get(\"LANEWRIGHT_COMMIT\", \"\"):\n"
        "            wrong.append(f\"{record}: it ran another commit\")\n"
        "    if coverage and (path := need(coverage)):\n"
        "        check_coverage(path)\n"
        "for path in others:\n"
        "    if os.path.isfile(path):\n"
        "        check_coverage(path)\n"
        "    else:\n"
        "        wrong.append(f\"{path}: missing\")\n"
        "for name in sorted(found - planned):\n"
        "    shown = name if name.isprintable() else ascii(name)\n"
        "    wrong.append(f\"{shown}: not of this plan\")\n"
        "for line in wrong:\n"
        "    print(f\"- {line}\") # never first: a name could be a workflow command\n"
        "print(f\"{len(planned)} parts of {len(shards)} shards\" + \", not as planned\" * bool(wrong))\n"
        "sys.exit(1 if wrong else 0)\n";

/* plan.json as it is where the script runs. */
#define READ_PLAN                                                                                                      \
	"with open(\"" PLAN_PATH "\", encoding=\"utf-8\") as file:\n"                                                  \
	"    plan = json.load(file)\n"

#define NAME_COVERAGE "\".coverage.{}-{}\".format(it[\"lane\"], it[\"number\"])"

/* JSON's strings are Python's, too. */
static void add_shards(struct arena *out, struct buf *script, const struct plan *plan, bool has_coverage)
{
	if (!plan) {
		buf_fmt(script, READ_PLAN "shards = {it[\"name\"]: %s for it in plan[\"shards\"]}\n",
		        has_coverage ? NAME_COVERAGE : "\"\"");
		return;
	}
	buf_lit(script, "shards = {\n");
	for (size_t i = 0; i < plan->shards.n; i++) {
		const struct plan_shard *shard = &plan->shards.at[i];
		buf_lit(script, "    ");
		json_quote(script, shard->name);
		buf_lit(script, ": ");
		json_quote(script, has_coverage ? parts_coverage_file(out, plan, shard) : STR_NONE);
		buf_lit(script, ",\n");
	}
	buf_lit(script, "}\n");
}

struct str parts_script(struct arena *out, const struct plan *plan, bool has_coverage, const strs *others)
{
	struct buf script;
	buf_init(&script, out);
	buf_lit(&script, "import hashlib, json, os, sqlite3, sys\n\n");
	add_shards(out, &script, plan, has_coverage);
	buf_lit(&script, "others = [");
	for (size_t i = 0; i < others->n; i++) {
		buf_add(&script, i ? STR(", ") : STR_NONE);
		json_quote(&script, others->at[i]);
	}
	buf_lit(&script, "]\n");
	buf_add(&script, str_of(checks));
	return buf_str(&script);
}

struct str parts_shell(struct arena *out, const struct plan *plan, bool has_coverage)
{
	strs none = {0};
	struct str script = parts_script(out, plan, has_coverage, &none);
	return str_fmt(out, "python3 -c '%.*s'\n", STR_ARG(script));
}

struct str parts_prove(struct arena *out, const char *options)
{
	return str_fmt(out, "lanewright prove%s%s %s/junit-*.xml %s/lanewright-*.json", *options ? " " : "", options,
	               PARTS_DIR, PARTS_DIR);
}

/* The names of all parts, for the Python that combines them; its argument is the way up to them. */
static const char combine_planned[] =
        "import json, subprocess, sys\n"
        "up = \"%.*s\"\n"
        "with open(up + \"" PLAN_PATH "\", encoding=\"utf-8\") as file:\n"
        "    plan = json.load(file)\n"
        "names = [up + \"" PARTS_DIR "/\" + " NAME_COVERAGE " for it in plan[\"shards\"]]\n"
        "command = [sys.executable, \"-m\", \"coverage\", \"combine\", \"--keep\", *names, *sys.argv[1:]]\n"
        "sys.exit(subprocess.run(command).returncode)\n";

struct str parts_combine(struct arena *out, const struct plan *plan, const struct test_command *command,
                         const strs *others)
{
	struct buf script;
	struct str python = command->python, up = command->up;
	buf_init(&script, out);
	if (command->dir.n)
		buf_fmt(&script, "cd %.*s\n", STR_ARG(command->dir));
	if (plan) {
		buf_fmt(&script, "%.*s -m coverage combine --keep", STR_ARG(python));
	} else {
		buf_fmt(&script, "%.*s -c '", STR_ARG(python));
		buf_fmt(&script, combine_planned, STR_ARG(up));
		buf_char(&script, '\'');
	}
	for (size_t i = 0; plan && i < plan->shards.n; i++)
		buf_fmt(&script, " \\\n  %.*s%s/%.*s", STR_ARG(up), PARTS_DIR,
		        STR_ARG(parts_coverage_file(out, plan, &plan->shards.at[i])));
	for (size_t i = 0; i < others->n; i++)
		buf_fmt(&script, " \\\n  %.*s%.*s", STR_ARG(up), STR_ARG(others->at[i]));
	buf_fmt(&script, "\n%.*s -m coverage xml", STR_ARG(python));
	if (command->dir.n)
		buf_fmt(&script, " -o %.*scoverage.xml", STR_ARG(up));
	buf_fmt(&script, "\n%.*s -m coverage report\n", STR_ARG(python));
	return buf_str(&script);
}
