import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report } from './doctor-report.ts'
import { lastBackup } from './last-backup.ts'
import { oneLine } from './one-line.ts'
import type { Site } from './site.ts'

const scarceBytes = 2_000_000_000
const scarceShare = 0.1
const dayMs = 24 * 3_600_000
const staleDays = 7

type Place = Pick<Site, 'dataDir' | 'config'>

/** What lies in DATA_DIR and how much room there is. */
export async function checkMachine(site: Place, report: Report, now = new Date()): Promise<void> {
  await checkSpace(site, report)
  await checkFiles(site, report)
  checkKey(site, report)
  checkBackups(site, report, now)
}

async function checkSpace({ dataDir }: Place, report: Report): Promise<void> {
  try {
    const { bavail, blocks, bsize } = await statfs(dataDir)
    const free = bavail * bsize
    const share = bavail / blocks
    const said = `${(free / 1e9).toFixed(1)} GB (${Math.round(share * 100)} %) free in ${dataDir}`
    if (free >= scarceBytes && share >= scarceShare) report.good('disk', said)
    else report.warn('disk', `only ${said}; free some or move DATA_DIR: a full disk stops everything`)
  } catch (error) {
    report.warn('disk', oneLine(error))
  }
}

async function checkFiles({ dataDir }: Place, report: Report): Promise<void> {
  const folder = join(dataDir, 'files')
  const probe = join(folder, 'incoming', randomUUID())
  try {
    await mkdir(join(folder, 'incoming'), { recursive: true, mode: 0o700 })
    await writeFile(probe, 'doctor', { flush: true })
    report.good('files', `${folder} can be written`)
  } catch (error) {
    report.bad('files', `${folder} cannot be written (${oneLine(error)}); give it to the account that runs Tributary`)
  } finally {
    await rm(probe, { force: true }).catch(() => {})
  }
}

function checkKey({ dataDir, config }: Place, report: Report): void {
  const file = join(dataDir, 'secret.key')
  if (config.secretKey !== undefined) report.good('key', 'given by SECRET_KEY')
  else if (!existsSync(file)) report.good('key', 'none yet; the first start makes one')
  else
    report.warn(
      'key',
      `it lies beside the data that it opens (${file}): keep a copy apart, and give it by SECRET_KEY where others may copy ${dataDir}`,
    )
}

function checkBackups({ dataDir }: Place, report: Report, now: Date): void {
  const last = lastBackup(dataDir)
  const mend = 'run tributary backup FILE every day, and keep the file on another machine'
  if (!last) {
    report.warn('backup', `none was taken from here by tributary backup; ${mend}`)
    return
  }
  const days = Math.floor((now.getTime() - last.takenAt.getTime()) / dayMs)
  const said = `the last one is of ${last.takenAt.toISOString()} (${last.file})`
  if (days < staleDays) report.good('backup', said)
  else report.warn('backup', `${said}, ${days} days old; ${mend}`)
}
