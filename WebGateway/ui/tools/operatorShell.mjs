// Writes the service worker of the operator page: the page, everything it imports, and a version that changes with any of it.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const page = 'operator.html';
const beside = ['icon.svg', 'operator/app.webmanifest', 'operator/icon-192.png', 'operator/icon-512.png', 'operator/icon-maskable.png'];

/** @returns {import('vite').Plugin} */
export const operatorShell = () => ({
  name: 'operator-shell',
  apply: 'build',
  writeBundle({ dir }, bundle) {
    const entry = Object.values(bundle).find(chunk => chunk.type === 'chunk' && chunk.facadeModuleId?.endsWith(`/${page}`));
    const assets = new Set();
    collect(entry.fileName, bundle, assets);
    const files = [...assets].sort();
    const source = readFileSync(join(root, 'src/operator/serviceWorker.js'), 'utf8');
    const hash = createHash('sha256').update(source);
    for (const file of [page, ...files, ...beside]) {
      hash.update(file).update(readFileSync(join(dir, file)));
    }
    const shell = ['/operator', ...files.map(file => `/${file}`), ...beside.map(file => `/${file}`)];
    writeFileSync(join(dir, 'operator-sw.js'), source
      .replace('__VERSION__', hash.digest('hex').slice(0, 16))
      .replace('__SHELL__', JSON.stringify(shell)));
  },
});

function collect(file, bundle, assets) {
  const chunk = bundle[file];
  if (chunk === undefined || assets.has(file)) {
    return;
  }
  assets.add(file);
  if (chunk.type === 'chunk') {
    const { importedCss = [], importedAssets = [] } = chunk.viteMetadata ?? {};
    [...chunk.imports, ...chunk.dynamicImports, ...importedCss, ...importedAssets].forEach(next => collect(next, bundle, assets));
  }
}
