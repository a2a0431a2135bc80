// CircleCI's own parser, with which it reads configs for its SDK: node circleci.cjs CLIENTS FILE
//
// Of a job's docker images it knows one (0.10.0-alpha.3 refuses any config with secondary images), so it is shown the
// first of each; the others are what test_systems.py asks the schema about.
const { readFileSync } = require("node:fs");
const { resolve } = require("node:path");
const modules = resolve(process.argv[2], "node_modules");
const yaml = require(resolve(modules, "yaml"));
const parser = require(resolve(modules, "@circleci/circleci-config-parser"));
const config = yaml.parse(readFileSync(process.argv[3], "utf8"));
for (const job of Object.values(config.jobs)) job.docker.splice(1);
const read = parser.parseConfig(yaml.stringify(config));
console.log(JSON.stringify({ jobs: read.jobs.map((it) => it.name), workflows: read.workflows.map((it) => it.name) }));
