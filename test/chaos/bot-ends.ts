import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startLlm } from '../support/stand-ins/llm.ts'
import { killOnce } from './f1-kill-app.ts'
import { between } from './random.ts'
import { threadDied } from './short-lives.ts'
import { type Stage, slowness } from './stage.ts'

/** What dies in a round: the program, the machine elsewhere in the middle of an answer, or the thread that learns. */
export const botEnds = ['app', 'endpoint', 'thread'] as const
export type BotEnd = (typeof botEnds)[number]

/** A machine elsewhere that mostly hangs, and can die. */
export interface Helper {
  readonly url: string
  /** In the middle of so many answers it died. */
  readonly interrupted: () => number
  hangMostly(random: () => number): void
  /** Once somebody waits for its answer, of which half is written; or nobody asks. Answers whether somebody did. */
  die(): Promise<boolean>
  back(): Promise<void>
  close(): Promise<void>
}

const nobodyAsksMs = 4_000

export async function startHelper(): Promise<Helper> {
  let llm = await startLlm()
  const { url, port } = llm
  let gone = false
  let interrupted = 0
  const close = async () => {
    if (!gone) await llm.close()
    gone = true
  }
  return {
    url,
    interrupted: () => interrupted,
    hangMostly: (random) => llm.say(random() < 0.7 ? () => {} : '{"sentences":[]}'),
    die: async () => {
      const asked = new Promise<boolean>((resolve) => {
        llm.say((answer) => {
          answer.write('{"choices":[{"message":{"role":"assist')
          resolve(true)
        })
      })
      const inTime = await Promise.race([asked, pause(nobodyAsksMs, false)])
      if (inTime) interrupted += 1
      await close()
      return inTime
    },
    back: async () => {
      if (gone) llm = await startLlm(port)
      gone = false
    },
    close,
  }
}

export async function endOne(stage: Stage, end: BotEnd, helper: Helper): Promise<void> {
  if (end === 'endpoint') return void (await helper.die())
  if (end === 'thread') return threadDies(stage)
  await pause(between(stage.random, 0, 900) * slowness(stage))
  await killOnce(stage)
}

const learningMs = 8_000
let news = 0

/** There is something new to learn, and whoever learns it dies or has learned it: the next try is two seconds later. */
async function threadDies(stage: Stage): Promise<void> {
  news += 1
  await stage.pool.query(`update article_phrasing set text = $1 where text like 'what is news %'`, [
    `what is news ${news}`,
  ])
  const before = threadsThatDied(stage)
  const end = Date.now() + learningMs * slowness(stage)
  while (threadsThatDied(stage) === before && Date.now() < end) await pause(200)
}

export function threadsThatDied({ folder }: Pick<Stage, 'folder'>): number {
  return readFileSync(join(folder, 'node-0.log'), 'utf8').split(threadDied).length - 1
}
