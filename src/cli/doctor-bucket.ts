import type { Config } from '../../config/index.ts'
import { checkBucket } from '../files/s3-blobs.ts'
import type { Report } from './doctor-report.ts'
import { oneLine } from './one-line.ts'

/** Writes and deletes a small object: what is only read today must be written tomorrow. */
export async function checkFiles({ s3 }: Pick<Config, 's3'>, report: Report): Promise<void> {
  if (!s3) return
  const where = `${s3.bucket} at ${s3.endpoint}`
  await checkBucket(s3).then(
    () => report.good('bucket', `${where} takes and deletes files`),
    (error: unknown) =>
      report.bad('bucket', `${where} does not take files: ${oneLine(error)}; see S3_* in docs/configuration.md`),
  )
}
