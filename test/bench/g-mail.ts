import { freePort } from '../support/app-process.ts'
import { startSmtpStandIn } from '../support/smtp-stand-in.ts'
import { processTreeMs, residentMiB } from './cpu.ts'
import { deliverFor } from './mail-load.ts'
import { mailTo } from './mails.ts'
import { type EmptyApp, openInbox, startEmptyApp } from './measured-app.ts'
import { scaleOf } from './probe.ts'
import { type Bench, probe } from './rate.ts'
import type { Line } from './report.ts'
import { apart } from './stats.ts'

const address = 'support@desk.test'
const senders = 16

/** request-tracker5 5.0.3 with mails of this size on a machine of this kind, and how much better we mean to be. */
const peer = { mailsPerSecond: 11.5, cpuMs: 173 }
const better = 20
const tooFarApart = 1.3

interface MailFigures {
  readonly perSecond: number
  /** Of the app and of the database, ms a mail. */
  readonly appMs: number
  readonly pgMs: number
  readonly residentMiB: number
}

/** Another server delivers to ours over SMTP: read, kept on the disk, stored and only then answered. */
export async function mailIngest(bench: Bench): Promise<readonly Line[]> {
  const empty = await startEmptyApp(bench.server, 'mail')
  const platform = await startSmtpStandIn()
  try {
    const port = await freePort()
    const smtp = { host: '127.0.0.1', port: platform.port, security: 'none', user: 'support', password: 'secret' }
    const settings = { address, receive: 'smtp', listen: { host: '127.0.0.1', port }, smtp }
    await openInbox(empty, 'email', settings)
    await deliverFor({ port, connections: senders, ms: bench.probeTimes.warmMs, mail: () => mailTo(address) })
    const before = await probe(bench)
    const figures = await measure(bench, empty, port)
    const after = await probe(bench)
    return linesOf(figures, before.rate, after.rate)
  } finally {
    await empty.close()
    await platform.close()
  }
}

async function measure(bench: Bench, { app, pool }: EmptyApp, port: number): Promise<MailFigures> {
  const stored = async () => Number((await pool.query('select count(*) from message')).rows[0].count)
  await pool.query('analyze')
  const [had, appBefore, pgBefore] = [await stored(), processTreeMs(app.pid), processTreeMs(bench.server.pid)]
  const start = performance.now()
  const ms = 2 * bench.probeTimes.measuredMs
  const taken = await deliverFor({ port, connections: senders, ms, mail: () => mailTo(address) })
  const seconds = (performance.now() - start) / 1_000
  const appMs = (processTreeMs(app.pid) - appBefore) / taken
  const pgMs = (processTreeMs(bench.server.pid) - pgBefore) / taken
  const kept = (await stored()) - had
  if (kept !== taken) throw new Error(`${taken} mails were answered with 250 and ${kept} are stored`)
  return { perSecond: taken / seconds, appMs, pgMs, residentMiB: residentMiB(app.pid) }
}

function linesOf({ perSecond, appMs, pgMs, residentMiB: mib }: MailFigures, before: number, after: number): Line[] {
  const probeRate = (before + after) / 2
  // The peer would be as much slower here and now as the probe is.
  const scale = scaleOf(probeRate)
  const faster = (perSecond / peer.mailsPerSecond) * scale
  const lighter = (peer.cpuMs / (appMs + pgMs)) * scale
  const noisy = apart(before, after) > tooFarApart
  const judged = (ratio: number) => (noisy ? 'noisy' : ratio >= better ? 'ok' : 'missed')
  return [
    {
      goal: 'mail',
      what: `SMTP to stored, ${senders} senders`,
      measured: `${perSecond.toFixed(0)} mails/s`,
      bar: `>= ${better} x ${peer.mailsPerSecond}/s / ${scale.toFixed(2)}`,
      ratio: faster,
      result: judged(faster),
    },
    {
      goal: 'mail',
      what: 'CPU a mail: app + database',
      measured: `${appMs.toFixed(2)} + ${pgMs.toFixed(2)} ms`,
      bar: `<= ${peer.cpuMs} ms x ${scale.toFixed(2)} / ${better}`,
      ratio: lighter,
      result: judged(lighter),
    },
    {
      goal: 'mail',
      what: 'beside the probe; memory afterwards',
      measured: `${mib.toFixed(0)} MiB`,
      bar: '',
      ratio: perSecond / probeRate,
      result: 'info',
    },
  ]
}
