// Builds the two scripts that customers' browsers load: the loader, and the panel that it fetches when it is needed.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))
const out = fileURLToPath(new URL('../../../dist/widget/', import.meta.url))

async function bundle(entry, format, fileName, define) {
  const result = await build({
    root: here,
    configFile: false,
    logLevel: 'warn',
    define,
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      lib: { entry: `${here}${entry}`, formats: [format], name: 'TributaryLoader', fileName: () => fileName },
      rollupOptions: { output: { entryFileNames: fileName } },
    },
  })
  const chunk = [result].flat()[0]?.output[0]
  if (chunk?.type !== 'chunk') throw new Error(`${entry} gave no script`)
  return { fileName: chunk.fileName, code: chunk.code }
}

const panel = await bundle('panel.ts', 'es', 'panel-[hash].js', {})
// The loader is loaded everywhere and cached shortly; the panel it names never changes under its name.
const loader = await bundle('widget.ts', 'iife', 'widget.js', { __PANEL__: JSON.stringify(panel.fileName) })

await rm(out, { recursive: true, force: true })
await mkdir(out, { recursive: true })
for (const { fileName, code } of [loader, panel]) {
  await writeFile(`${out}${fileName}`, code)
  console.log(`${fileName} ${(gzipSync(code).length / 1000).toFixed(1)} kB gzip`)
}
