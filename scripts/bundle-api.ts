// Joins the compiled API with the packages it uses into a few files, `apps/api/dist/bundle`, and the command `bangui` into
// `dist/bundle-cli`: finding, reading and compiling 3,000 modules one by one is more than half of a start. Threads and children
// of both still run the modules in `apps/api/dist`.
import { readFile, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { checkout } from './lib/paths.ts';

const compiled = join(checkout, 'apps/api/dist');

/**
 * Kept as packages: a native module; what loads files of its own beside it; and what Nest asks for by name while it runs, which
 * must be the same instance as ours.
 */
const external = ['better-sqlite3', 'pino', 'pino-pretty', 'class-validator', 'class-transformer', '@fastify/static'];

/** A module of ours finds its files from where it was compiled to, not from the bundle's folder. */
const ownPlaces = (outdir: string): Plugin => ({
  name: 'own-places',
  setup(builder) {
    builder.onLoad({ filter: /\/(?:apps|libs)\/[^/]+\/dist\/.*\.js$/ }, async ({ path }) => {
      const url = (place: string): string => `new URL(${JSON.stringify(relative(outdir, place))}, import.meta.url)`;
      const text = await readFile(path, 'utf8');
      return {
        contents: text
          .replaceAll(/\bimport\.meta\.url\b/g, () => `${url(path)}.href`)
          .replaceAll(
            /\bimport\.meta\.dirname\b/g,
            () => `process.getBuiltinModule('node:url').fileURLToPath(${url(dirname(path))})`,
          ),
      };
    });
  },
});

/** Packages try others that are not installed here (Nest its transports, TypeORM its drivers) and go on without them. */
const optionalPackages: Plugin = {
  name: 'optional-packages',
  setup(builder) {
    builder.onResolve({ filter: /^[^./]/ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      if (pluginData === optionalPackages || !importer.includes('/node_modules/')) return undefined;
      const found = await builder.resolve(path, { kind, importer, resolveDir, pluginData: optionalPackages });
      return found.errors.length > 0 ? { path, external: true } : found;
    });
  },
};

await Promise.all([bundle('main.js', 'bundle'), bundle('cli/bangui.js', 'bundle-cli')]);

/** Two bundles and not one of two entries, whose parts would be cut smaller: each start would open hundreds of files. */
async function bundle(entry: string, folder: string): Promise<void> {
  const outdir = join(compiled, folder);
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: [join(compiled, entry)],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Entities, providers and the API's description go by the names of classes.
    keepNames: true,
    external,
    plugins: [ownPlaces(outdir), optionalPackages],
    // Packages in the older module format ask for others with `require`.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    // The compiler's own output says some keys of decorators twice.
    logOverride: { 'duplicate-object-key': 'silent' },
    logLevel: 'warning',
  });
}
