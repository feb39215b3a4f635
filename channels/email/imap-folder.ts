import type { ImapFlow } from 'imapflow'
import type { InboundEvent, InboundSink } from '../../src/channel/contract.ts'
import { headOfLarge, type Intake, largestRead, type Taken } from './intake.ts'

/** How far a folder is accounted for. UIDs mean something only under their validity. */
export interface Place {
  readonly uidValidity: string
  readonly lastUid: number
}

export interface FolderRun {
  readonly client: ImapFlow
  readonly folder: 'inbox' | 'sent'
  readonly path: string
  readonly importFrom: Date
  readonly clock: () => Date
  readonly intake: Intake
  readonly sink: InboundSink
  /** The cursor when this folder is accounted for up to `place`. */
  cursorAt(place: Place): unknown
  /** A commit was done, or the server answered. */
  stopped(): boolean
}

// One commit, one question to the server: so many mails or bytes, unless a single mail has more.
const mostMails = 50
const mostBytes = 4 * 1024 * 1024
const day = 24 * 60 * 60_000

interface Listed {
  readonly uid: number
  readonly size: number
  readonly receivedAt: Date
}

/** Everything of the folder behind `place`: stored, or ignored with a reason. Answers how many mails there were, and the new place. */
export async function readFolder(run: FolderRun, place: Place | undefined): Promise<{ place: Place; mails: number }> {
  const { client } = run
  const lock = await client.getMailboxLock(run.path, { readOnly: run.folder === 'inbox' })
  try {
    // Right after opening, the count of mails may be wrong.
    await client.noop()
    const box = client.mailbox
    if (!box) throw new Error('The folder is not open.')
    const uidValidity = String(box.uidValidity)
    let at: Place = place?.uidValidity === uidValidity ? place : { uidValidity, lastUid: 0 }
    const uids = box.exists === 0 ? [] : await unseen(run, at.lastUid)
    for (const page of pages(uids)) {
      if (run.stopped()) break
      at = await readPage(run, page, at)
    }
    return { place: at, mails: uids.length }
  } finally {
    lock.release()
  }
}

interface Candidate {
  readonly uid: number
  /** Surely received before the inbox's start. */
  readonly old: boolean
}

/** `n:*` always names the last mail, also when n is higher. */
async function unseen({ client, importFrom }: FolderRun, lastUid: number): Promise<Candidate[]> {
  const uid = `${lastUid + 1}:*`
  const all = ((await client.search({ uid }, { uid: true })) || []).filter((one) => one > lastUid)
  if (all.length === 0) return []
  // Servers compare days, in their own time zone.
  const since = new Date(importFrom.getTime() - 2 * day)
  const recent = new Set(
    importFrom.getTime() <= 2 * day ? all : (await client.search({ uid, since }, { uid: true })) || [],
  )
  return all.sort((a, b) => a - b).map((one) => ({ uid: one, old: !recent.has(one) }))
}

function* pages(all: readonly Candidate[]): Generator<Candidate[]> {
  let page: Candidate[] = []
  let fresh = 0
  for (const one of all) {
    page.push(one)
    if (!one.old) fresh += 1
    if (fresh < mostMails) continue
    yield page
    page = []
    fresh = 0
  }
  if (page.length > 0) yield page
}

async function readPage(run: FolderRun, page: readonly Candidate[], before: Place): Promise<Place> {
  const wanted = page.filter((one) => !one.old).map((one) => one.uid)
  const listed = await list(run.client, wanted)
  const fresh = listed.filter((one) => latest(run, one) >= run.importFrom)
  const ignored: string[] = Array(page.length - wanted.length + listed.length - fresh.length).fill(
    'before the start of the inbox',
  )
  for (let gone = wanted.length - listed.length; gone > 0; gone--) ignored.push('deleted before it was read')
  let place = before
  for (const group of groups(fresh)) {
    if (run.stopped()) return place
    place = { ...place, lastUid: group.at(-1)!.uid }
    await commit(run, await readGroup(run, group), place)
  }
  const lastUid = page.at(-1)!.uid
  if (ignored.length === 0 && place.lastUid === lastUid) return place
  place = { ...place, lastUid }
  await commit(
    run,
    ignored.map((reason) => ({ ignored: reason })),
    place,
  )
  return place
}

async function list(client: ImapFlow, uids: readonly number[]): Promise<Listed[]> {
  if (uids.length === 0) return []
  const found = await client.fetchAll(uids.join(','), { uid: true, size: true, internalDate: true }, { uid: true })
  const listed = found.map(({ uid, size, internalDate }) => ({
    uid,
    size: size ?? 0,
    receivedAt: new Date(internalDate ?? Date.now()),
  }))
  return listed.sort((a, b) => a.uid - b.uid)
}

/** Servers tell whole seconds: what came in the second in which the inbox began came after it. */
function latest({ clock }: FolderRun, { receivedAt }: Listed): Date {
  return new Date(Math.min(receivedAt.getTime() + 999, Math.max(receivedAt.getTime(), clock().getTime())))
}

function* groups(listed: readonly Listed[]): Generator<Listed[]> {
  let group: Listed[] = []
  let bytes = 0
  for (const one of listed) {
    if (group.length > 0 && bytes + one.size > mostBytes) {
      yield group
      group = []
      bytes = 0
    }
    group.push(one)
    bytes += one.size
  }
  if (group.length > 0) yield group
}

async function readGroup(run: FolderRun, group: readonly Listed[]): Promise<Taken[]> {
  const [first] = group
  if (first && first.size > largestRead) return [await readLarge(run, first)]
  const uids = group.map((one) => one.uid).join(',')
  const fetched = await run.client.fetchAll(uids, { uid: true, source: true }, { uid: true })
  const sources = new Map(fetched.map(({ uid, source }) => [uid, source]))
  return Promise.all(
    group.map((one) => {
      const raw = sources.get(one.uid)
      if (raw === undefined) return { ignored: 'deleted before it was read' }
      return run.intake.take({ raw, folder: run.folder, receivedAt: latest(run, one) })
    }),
  )
}

async function readLarge(run: FolderRun, one: Listed): Promise<Taken> {
  const uid = String(one.uid)
  const head = await run.client.fetchOne(
    uid,
    { uid: true, source: { start: 0, maxLength: headOfLarge } },
    { uid: true },
  )
  if (!head || head.source === undefined) return { ignored: 'deleted before it was read' }
  const { content } = await run.client.download(uid, undefined, { uid: true })
  if (!content) return { ignored: 'deleted before it was read' }
  return run.intake.take({ raw: head.source, whole: content, folder: run.folder, receivedAt: latest(run, one) })
}

async function commit(run: FolderRun, taken: readonly Taken[], place: Place): Promise<void> {
  const events: InboundEvent[] = taken.flatMap((one) => ('event' in one ? [one.event] : []))
  const reasons = new Map<string, number>()
  // What we sent before the inbox began was never a mail to it.
  for (const one of taken) {
    if ('ignored' in one && run.folder === 'inbox') reasons.set(one.ignored, (reasons.get(one.ignored) ?? 0) + 1)
  }
  const ignored = [...reasons].map(([reason, count]) => ({ reason, count }))
  await run.sink.commit({ events, ...(ignored.length > 0 && { ignored }), cursor: run.cursorAt(place) })
}
