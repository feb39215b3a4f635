import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import typescript from 'typescript'

const { ModuleKind, ScriptTarget, transpile } = typescript

/** Called by Node for every module. */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context)
  const options = { module: ModuleKind.ESNext, target: ScriptTarget.ES2023, verbatimModuleSyntax: true }
  return {
    format: 'module',
    shortCircuit: true,
    source: transpile(await readFile(fileURLToPath(url), 'utf8'), options),
  }
}
