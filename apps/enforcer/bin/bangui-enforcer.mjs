#!/usr/bin/env node
// The command `bangui-enforcer`. It is here and not compiled, because npm links only programs that it finds.
await import('../dist/main.js');
