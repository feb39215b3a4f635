import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { S3Client } from '@aws-sdk/client-s3'
import { ChannelError } from '../channel/errors.ts'
import {
  type BlobStore,
  type ByteRange,
  blobName,
  type Landed,
  land,
  type ReceivedBlob,
  sweepLanded,
} from './blob-store.ts'

/** A bucket of S3 or of what speaks like it. */
export interface S3Place {
  readonly endpoint: string
  readonly bucket: string
  readonly key: string
  readonly secret: string
}

const CONNECT_MS = 3_000
/** Until the answer begins; a whole file of 36 MB goes up in that time at 10 Mbit/s. */
const ANSWER_MS = 30_000
const PUT_TRIES = 3

type Sdk = typeof import('@aws-sdk/client-s3')
type Bucket = { readonly sdk: Sdk; readonly client: S3Client; readonly name: string }

/**
 * Bytes are received to `incoming` on the local disk first: only what is whole and hashed is put, in one request that
 * either makes the object or does not. The SDK is loaded with the first use.
 */
export async function createS3Blobs(place: S3Place, incoming: string): Promise<BlobStore> {
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  let opened: Promise<Bucket> | undefined
  const bucket = () => {
    opened ??= openBucket(place)
    return opened
  }
  return {
    receive: async (stream, maxBytes) => received(bucket, await land(incoming, stream, maxBytes)),
    read: (sha256, range) => Readable.from(read(bucket, keyOf(sha256), range), { objectMode: false }),
    size: (sha256) => size(bucket, keyOf(sha256)),
    remove: async (sha256) => {
      const { sdk, client, name } = await bucket()
      await said(client.send(new sdk.DeleteObjectCommand({ Bucket: name, Key: keyOf(sha256) })))
    },
    sweep: (olderThanMs) => sweepLanded(incoming, olderThanMs),
  }
}

/** Throws a sentence for whoever set it up. */
export async function checkBucket(place: S3Place): Promise<void> {
  const { sdk, client, name } = await openBucket(place)
  const key = 'tributary-check'
  await client.send(new sdk.PutObjectCommand({ Bucket: name, Key: key, Body: 'It works.' }))
  await client.send(new sdk.DeleteObjectCommand({ Bucket: name, Key: key }))
  client.destroy()
}

async function openBucket({ endpoint, bucket, key, secret }: S3Place): Promise<Bucket> {
  const sdk = await import('@aws-sdk/client-s3')
  const client = new sdk.S3Client({
    endpoint,
    region: regionOf(endpoint),
    // Names in the path work everywhere; names in the host need DNS that many servers do not have.
    forcePathStyle: true,
    credentials: { accessKeyId: key, secretAccessKey: secret },
    // The newer checksums are unknown to many servers; Content-MD5 is known to all.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // It would write to the console what is thrown anyway.
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
  })
  return { sdk, client, name: bucket }
}

function ignore(): void {}

/** As providers write it into the host: `s3.eu-central-1.…`. Everybody else takes the first region there was. */
export function regionOf(endpoint: string): string {
  return /^s3[.-]([a-z]+-[a-z-]+-\d+)\./.exec(new URL(endpoint).hostname)?.[1] ?? 'us-east-1'
}

function keyOf(sha256: string): string {
  return blobName(sha256).join('/')
}

function received(bucket: () => Promise<Bucket>, landed: Landed): ReceivedBlob {
  const { temporary, sha256, head } = landed
  let there = false
  const put = async () => {
    // What is whole already is left alone: not every server keeps the old object when the new one breaks off.
    if ((await size(bucket, keyOf(sha256))) !== landed.size) await putOnce(bucket, landed)
    there = true
  }
  return {
    sha256,
    size: landed.size,
    head,
    prepare: put,
    keep: async () => {
      if (!there) await put()
    },
    confirm: put,
    drop: () => rm(temporary, { force: true }),
  }
}

async function putOnce(bucket: () => Promise<Bucket>, { temporary, sha256, size: length }: Landed): Promise<void> {
  const { sdk, client, name } = await bucket()
  const md5 = createHash('md5')
  await pipeline(createReadStream(temporary), md5)
  const ContentMD5 = md5.digest('base64')
  const common = { Bucket: name, Key: keyOf(sha256), ContentLength: length, ContentMD5 }
  for (let tries = 1; ; tries++) {
    // The SDK does not repeat what came from a stream: it is read.
    const sending = client.send(new sdk.PutObjectCommand({ ...common, Body: createReadStream(temporary) }))
    try {
      return void (await said(sending))
    } catch (error) {
      if (tries === PUT_TRIES) throw error
    }
  }
}

async function size(bucket: () => Promise<Bucket>, key: string): Promise<number | null> {
  const { sdk, client, name } = await bucket()
  try {
    return (await client.send(new sdk.HeadObjectCommand({ Bucket: name, Key: key }))).ContentLength ?? null
  } catch (error) {
    if (statusOf(error) === 404) return null
    throw silence(error)
  }
}

async function* read(bucket: () => Promise<Bucket>, key: string, range?: ByteRange): AsyncGenerator<Buffer> {
  const { sdk, client, name } = await bucket()
  const part = range && { Range: `bytes=${range.start}-${range.end}` }
  const { Body } = await said(client.send(new sdk.GetObjectCommand({ Bucket: name, Key: key, ...part })))
  yield* Body as Readable
}

async function said<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    throw silence(error)
  })
}

/** What is not there now may be there in a moment: nothing happened, and whoever needs it tries again. */
function silence(cause: unknown): ChannelError {
  const name = cause instanceof Error ? cause.name : 'unknown'
  return new ChannelError({ kind: 'unavailable' }, `Files cannot be reached where they are kept (${name}).`, { cause })
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
}
