#!/usr/bin/env node
import { build } from './build.js'

const output = {
  say: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
}

// A reader that went away (`tributary … | head`) is no reason to end with a stack.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

async function buildAndRun(args) {
  await build(output.complain)
  const { run } = await import('../dist/src/cli/run.js')
  process.exitCode = await run(args, output)
}

async function develop(args) {
  const { develop } = await import('./dev.js')
  process.exit(await develop(args.filter((arg) => arg !== '--dev')))
}

try {
  const args = process.argv.slice(2)
  if (args.includes('--dev')) await develop(args)
  else await buildAndRun(args)
  // Nothing should be left that keeps the process alive; if something is, it does not.
  setTimeout(() => process.exit(), 3000).unref()
} catch (error) {
  output.complain(error.message)
  process.exitCode = 1
}
