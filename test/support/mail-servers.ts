import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

/** A real pair of mail servers on 127.0.0.1: Dovecot for IMAP, Postfix for SMTP, for desk.test and example.test. */
export interface MailServers {
  readonly imapPort: number
  readonly smtpPort: number
  /** A mailbox of its own, password "secret", at both domains. */
  account(): string
  /** Puts mails into a mailbox as if they had been received at that moment, without SMTP. */
  put(account: string, mails: readonly (string | Buffer)[], receivedAt?: Date): void
  /** `kill -9` of Dovecot with everything it started. */
  killImap(): Promise<void>
  startImap(): void
  /** Of the processes that serve logged-in clients. */
  signalImap(signal: NodeJS.Signals): number
  /** Mails that Postfix has taken to this day, from whomever. */
  relayed(): number
  /** The server forgets the numbers it gave the mails: while it is down. */
  renumber(account: string): void
  stop(): Promise<void>
}

const script = 'test/support/mail-servers.sh'
const mostAccounts = 100
const needed = ['dovecot', 'postfix']

export async function startMailServers(): Promise<MailServers> {
  if (process.getuid?.() !== 0) throw new Error('Tests with real mail servers need root: run `npm test` without them.')
  const missing = needed.filter((name) => !existsSync(`/usr/sbin/${name}`))
  if (missing.length > 0) {
    throw new Error(
      `Real mail servers are missing (${missing.join(', ')}): install dovecot-imapd dovecot-lmtpd postfix.`,
    )
  }
  const dir = mkdtempSync(join(tmpdir(), 'tributary-mail-'))
  chmodSync(dir, 0o755)
  const [imapPort, smtpPort] = [await freePort(), await freePort()]
  await run(['start', dir, String(imapPort), String(smtpPort)], dir)
  // Now, before anybody asks: Dovecot may not see for a second that the file has grown, and bounces until then.
  const boxes = Array.from({ length: mostAccounts }, (_, n) => `box${n + 1}:{PLAIN}secret::::::\n`)
  appendFileSync(join(dir, 'passwd'), boxes.join(''))
  const vmail = Number(execFileSync('id', ['-u', 'vmail']))
  const masterPid = () => Number(readFileSync(join(dir, 'run/master.pid'), 'utf8'))
  let accounts = 0
  let mails = 0
  return {
    imapPort,
    smtpPort,
    account: () => {
      accounts += 1
      if (accounts > mostAccounts) throw new Error('The tests have no more mailboxes.')
      return `box${accounts}`
    },
    put: (account, given, receivedAt = new Date()) => {
      for (const folder of ['', 'tmp', 'cur', 'new']) {
        mkdirSync(join(dir, 'mail', account, folder), { recursive: true })
        chownSync(join(dir, 'mail', account, folder), vmail, vmail)
      }
      for (const mail of given) {
        mails += 1
        const file = join(dir, 'mail', account, 'new', `${1_000_000 + mails}.M${mails}.test`)
        writeFileSync(`${file}.part`, mail)
        chownSync(`${file}.part`, vmail, vmail)
        utimesSync(`${file}.part`, receivedAt, receivedAt)
        renameSync(`${file}.part`, file)
      }
    },
    killImap: async () => {
      const pids = [masterPid(), ...familyOf(masterPid()).map(({ pid }) => pid)]
      for (const pid of pids) process.kill(pid, 'SIGKILL')
      while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 10))
      rmSync(join(dir, 'run/master.pid'), { force: true })
    },
    startImap: () => void execFileSync('/usr/sbin/dovecot', ['-c', join(dir, 'dovecot.conf')], { stdio: 'ignore' }),
    signalImap: (signal) => {
      const serving = familyOf(masterPid()).filter(({ name }) => name === 'imap')
      for (const { pid } of serving) process.kill(pid, signal)
      return serving.length
    },
    relayed: () =>
      readFileSync(join(dir, 'postfix.log'), 'utf8').match(/postfix\/cleanup\[.*message-id=/g)?.length ?? 0,
    renumber: (account) => {
      const folder = join(dir, 'mail', account)
      for (const name of readdirSync(folder)) if (name.startsWith('dovecot')) rmSync(join(folder, name))
    },
    stop: async () => {
      await run(['stop', dir], dir)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Its output goes to a file: the servers it leaves behind would hold a pipe open. */
async function run(args: readonly string[], dir: string): Promise<void> {
  const log = `${dir}.log`
  const file = openSync(log, 'a')
  const child = spawn(script, args, { stdio: ['ignore', file, file] })
  const [code] = (await once(child, 'exit')) as [number | null]
  const said = readFileSync(log, 'utf8')
  rmSync(log, { force: true })
  if (code !== 0) throw new Error(`${script} ${args[0]} failed: ${said}`)
}

function familyOf(parent: number): { pid: number; name: string }[] {
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry)
    const stat = Number.isInteger(pid) ? statOf(pid) : null
    return stat?.parent === parent ? [{ pid, name: stat.name }] : []
  })
}

function statOf(pid: number): { name: string; parent: number; state: string } | null {
  try {
    const [, name = '', state = '', parent = ''] =
      /\((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return { name, state, parent: Number(parent) }
  } catch {
    return null
  }
}

/** Nobody may have collected it yet. */
function isAlive(pid: number): boolean {
  const stat = statOf(pid)
  return stat !== null && stat.state !== 'Z'
}
