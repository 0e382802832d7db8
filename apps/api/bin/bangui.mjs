#!/usr/bin/env node
// The command `bangui`. An old Node must be told so before anything is loaded that it does not understand.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(
    `BanGUI needs Node 24.15 or later; this is Node ${process.versions.node}. Use: npx bangui …, in its folder.\n`,
  );
  process.exit(1);
}
await import('../dist/bundle-cli/bangui.js');
