// The reader behind Microsoft's editor for Azure pipelines: node azure.cjs CLIENTS SCHEMA FILE...
//
// It reads YAML by itself (a key given twice, a tab) and holds the result to SCHEMA, which the editor gets from the
// server: here the one of SchemaStore.  Prints what it objects to and ends with 1.
const { readFileSync } = require("node:fs");
const { resolve } = require("node:path");
const [clients, schemaFile, ...files] = process.argv.slice(2);
const modules = resolve(clients, "node_modules");
const { getLanguageService } = require(resolve(modules, "azure-pipelines-language-service/lib/yamlLanguageService"));
const { parse } = require(resolve(modules, "azure-pipelines-language-service/lib/parser/yamlParser"));
const { TextDocument } = require(resolve(modules, "vscode-languageserver-textdocument"));

const uri = "file:///schema.json";
const schema = JSON.parse(readFileSync(schemaFile, "utf8"));
const service = getLanguageService(async () => schema, [], async () => uri);
service.configure({ validate: true, schemas: [{ uri, fileMatch: ["*"], schema }] });
console.log = () => {}; // it tells about itself

(async () => {
	let objections = "";
	for (const file of files) {
		const document = TextDocument.create("file:///azure-pipelines.yml", "azure-pipelines", 1, readFileSync(file, "utf8"));
		for (const it of await service.doValidation(document, parse(document.getText())))
			objections += `${file}:${it.range.start.line + 1}: ${it.message}\n`;
	}
	process.stdout.write(objections);
	process.exit(objections ? 1 : 0);
})();
