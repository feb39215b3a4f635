// `tributary start --dev`: builds again and restarts when a source changes.
import { spawn } from 'node:child_process'
import { existsSync, watch } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from './build.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const watched = ['src', 'channels', 'config', 'web'].map((folder) => join(root, folder))
/** An editor that saves several files is waited for, ms. */
const calm = 300

export async function develop(args, log = console.error) {
  let changed = () => {}
  for (const folder of watched.filter((path) => existsSync(path)))
    watch(folder, { recursive: true }, (_kind, name) => {
      if (!/(^|\/)(dist|node_modules)(\/|$)/.test(name ?? '')) changed()
    })
  for (;;) {
    const change = new Promise((resolve) => {
      changed = resolve
    })
    // What does not build leaves nothing running: an old program would hide the mistake.
    const child = await buildAndRun(args, log)
    const end = await Promise.race([change, child?.exited].filter(Boolean))
    // It ended by itself: Ctrl-C, or it could not start.
    if (typeof end === 'number') return end
    await sleep(calm)
    child?.process.kill('SIGTERM')
    await child?.exited
  }
}

async function buildAndRun(args, log) {
  try {
    await build(log)
  } catch (error) {
    log(error.message)
    return undefined
  }
  const env = { LOG_LEVEL: 'debug', ...process.env }
  const child = spawn(process.execPath, [join(root, 'bin/tributary.js'), ...args], { cwd: root, env, stdio: 'inherit' })
  const exited = new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1))
  })
  return { process: child, exited }
}

// The program ends itself; we end after it.
process.on('SIGINT', () => {})
