import { z } from 'zod'

/**
 * A gzipped tar. First `tributary-backup.json` (the head), then `tables/<table>/<n>` (what COPY writes as text, cut into pieces),
 * then `files/<sha256>`, then `manifest.json` with the SHA-256 of what stands before it, last `manifest.sha256`. An archive without
 * its last member is not one.
 */
export const formatVersion = 1
export const headName = 'tributary-backup.json'
export const manifestName = 'manifest.json'
export const sealName = 'manifest.sha256'

/** Of a piece of a table: what is held in memory, bytes. */
export const pieceBytes = 4 * 1024 * 1024

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const whole = z.number().int().nonnegative()

export const headSchema = z.object({
  format: z.number(),
  takenAt: z.string(),
  postgresVersion: z.string(),
  migrations: z.array(z.string()).min(1),
})
export type ArchiveHead = z.infer<typeof headSchema>

const pieceSchema = z.object({ name: z.string(), size: whole, sha256 })
export type Piece = z.infer<typeof pieceSchema>

export const manifestSchema = z.object({
  head: sha256,
  tables: z.array(
    z.object({ name: z.string(), columns: z.array(z.string()), rows: whole, pieces: z.array(pieceSchema) }),
  ),
  sequences: z.array(z.object({ name: z.string(), lastValue: z.string().regex(/^-?\d+$/), called: z.boolean() })),
  files: z.object({
    /** False: they were left where they were. */
    inside: z.boolean(),
    count: whole,
    bytes: whole,
    /** Of the names in the order in which they lie here. */
    names: sha256,
    /** Contents that the database names and nobody has any more; those that were found altered lie here all the same. */
    missing: z.array(sha256),
  }),
})
export type Manifest = z.infer<typeof manifestSchema>
export type TableInManifest = Manifest['tables'][number]

export const pieceName = (table: string, index: number): string =>
  `tables/${table}/${String(index).padStart(6, '0')}.copy`
export const fileName = (content: string): string => `files/${content}`
