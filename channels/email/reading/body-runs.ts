/** What we know of the library's insides; its version is pinned, and every test of mail goes through here. */
interface Inside {
  buf: ArrayBuffer
  readPos: number
  currentNode: {
    state: string
    contentDecoder: object | null
    contentTransferEncoding: { encoding: string }
  }
  readLine(): { bytes: Uint8Array; done: boolean }
}

/**
 * Bodies are taken in runs up to the next line that could be a boundary, and decoded whole. Line by line the library needs
 * 9 us for a line of text: ten seconds for 4 MB of short ones. Why it is done from inside: docs/decisions/0013-letters.md.
 */
export function readInRuns(parser: object): void {
  const inside = parser as Inside
  const readLine = inside.readLine.bind(parser)
  inside.readLine = () => {
    const { buf, readPos, currentNode } = inside
    if (currentNode.state !== 'body') return readLine()
    if (!(currentNode.contentDecoder instanceof Run))
      currentNode.contentDecoder = new Run(currentNode.contentTransferEncoding.encoding)
    const all = Buffer.from(buf)
    if (all[readPos] === 0x2d && all[readPos + 1] === 0x2d) return readLine()
    const at = all.indexOf('\n--', readPos)
    inside.readPos = at < 0 ? all.length : at + 1
    return { bytes: new Uint8Array(buf, readPos, inside.readPos - readPos), done: inside.readPos >= all.length }
  }
}

/** Stands where the library has a decoder; lines of one body lie next to each other. */
class Run {
  private from: number | null = null
  private to = 0
  private buf = new ArrayBuffer(0)
  private readonly encoding: string
  constructor(encoding: string) {
    this.encoding = encoding
  }
  update(line: Uint8Array<ArrayBuffer>): void {
    this.buf = line.buffer
    this.from ??= line.byteOffset
    this.to = line.byteOffset + line.length
  }
  async finalize(): Promise<ArrayBuffer> {
    let body = Buffer.from(this.buf, this.from ?? 0, this.to - (this.from ?? 0))
    // The end of the last line belongs to the boundary.
    if (body.at(-1) === 0x0a) body = body.subarray(0, -1)
    if (body.at(-1) === 0x0d) body = body.subarray(0, -1)
    const bytes = decoded(body, this.encoding)
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
  }
}

function decoded(body: Buffer, encoding: string): Buffer {
  const text = () => body.toString('latin1')
  if (encoding === 'base64') {
    // Several pieces one after the other, each with its own end: Node would stop at the first.
    const pieces = text().split(/=+(?=\s*[\w+/])/)
    return pieces.length === 1
      ? Buffer.from(pieces[0] ?? '', 'base64')
      : Buffer.concat(pieces.map((one) => Buffer.from(one, 'base64')))
  }
  if (encoding !== 'quoted-printable') return body
  const joined = text().replace(/=[ \t]*\r?\n|=$/g, '')
  return Buffer.from(
    joined.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}
