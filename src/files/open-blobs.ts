import { join } from 'node:path'
import { type BlobStore, createDiskBlobs } from './blob-store.ts'
import { createS3Blobs, type S3Place } from './s3-blobs.ts'

/** Where the bytes of files lie: the bucket where one is set, else a folder of the data directory. */
export async function openBlobs(dataDir: string, s3: S3Place | undefined): Promise<BlobStore> {
  const folder = join(dataDir, 'files')
  return s3 ? createS3Blobs(s3, join(folder, 'incoming')) : createDiskBlobs(folder)
}
