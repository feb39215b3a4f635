import { chmodSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Gone after the test. Every account may enter it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-test-'))
  chmodSync(folder, 0o755)
  // A whole installation takes a slow disk minutes to forget.
  onTestFinished(() => rm(folder, { recursive: true, force: true }), 300_000)
  return folder
}

/** Some rules are about root alone; these tests run only as root (CI does). */
export const isRoot = process.getuid?.() === 0
