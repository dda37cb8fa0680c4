/**
 * Bundles the console with all its dependencies into dist/, so that an installation is one package without
 * dependencies and the first frame does not wait for thousands of small files.
 */
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Optional packages that dependencies ask for and the console never uses. */
const UNUSED = /^(react-devtools-core|bufferutil|utf-8-validate)$/;

/** @type {import('esbuild').Plugin} */
const withoutUnused = {
  name: 'without-unused',
  setup(build) {
    build.onResolve({ filter: UNUSED }, ({ path }) => ({ path, namespace: 'unused' }));
    // A module that throws is what their callers expect of an optional package that is not installed.
    build.onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not bundled`)});`,
    }));
  },
};

/** @type {import('esbuild').BuildOptions} */
export const options = {
  absWorkingDir: root,
  entryPoints: { main: 'src/app/main.ts', 'demo-worker': 'src/demo/worker.ts' },
  outdir: 'dist',
  // Flat, so that code finds its neighbours (the worker of the embedded homelab) from any chunk.
  chunkNames: '[name]-[hash]',
  bundle: true,
  // Splitting keeps the Kubernetes client out of the file that draws the first frame.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  legalComments: 'none',
  logLevel: 'warning',
  define: {
    // React's development build costs three times the CPU per frame; DEV makes Ink look for devtools.
    'process.env.NODE_ENV': '"production"',
    'process.env.DEV': '"false"',
  },
  banner: {
    // Bundled CommonJS packages call require() for Node's own modules.
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  plugins: [withoutUnused],
};

/** Removes what older builds left in dist/, but not what this one wrote, so that a running console keeps its files. */
async function removeStale(/** @type {import('esbuild').Metafile} */ { outputs }) {
  const fresh = new Set(Object.keys(outputs).map((file) => basename(file)));
  for (const file of await readdir(resolve(root, 'dist'))) {
    if (!fresh.has(file)) await rm(resolve(root, 'dist', file), { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // esbuild has already printed what is wrong.
  const { metafile } = await esbuild.build({ ...options, metafile: true }).catch(() => process.exit(1));
  await removeStale(metafile);
  const scripts = Object.entries(metafile.outputs).filter(([file]) => file.endsWith('.js'));
  const bytes = scripts.reduce((sum, [, output]) => sum + output.bytes, 0);
  console.log(`dist/: ${scripts.length} files, ${Math.round(bytes / 1024)} KiB`);
}
