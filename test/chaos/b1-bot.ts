import { setTimeout as pause } from 'node:timers/promises'
import { knowledgeVersion, readModel } from '../../src/store/bot-knowledge.ts'
import { publishedArticle } from '../support/published-article.ts'
import { botEnds, endOne, type Helper, startHelper, threadsThatDied } from './bot-ends.ts'
import { calm } from './calm.ts'
import type { Campaign, CampaignResult } from './campaign.ts'
import { voiceIn } from './customers.ts'
import { rowsOf } from './database.ts'
import { openStage, type Stage } from './stage.ts'

/**
 * While the bot answers: kill -9 of the program, the end of the machine that writes for it, the end of the thread that learns.
 * Nobody is left without somebody.
 */
export const killBot: Campaign = async (wish) => {
  const helper = await startHelper()
  const env = { LLM_URL: helper.url, LLM_MODEL: 'chaos', CHAOS_THREADS: 'short' }
  const plans = [{ name: 'bot', door: 'webhook', switches: { idempotent: true } } as const]
  const stage = await openStage({ ...wish, campaign: 'B1', plans, env })
  try {
    await openBot(stage)
    for (let round = 1; round <= wish.rounds; round += 1) {
      // Every other round the program, so that it asks the machine again that it had left alone.
      const end = round % 2 === 1 ? 'app' : (botEnds[1 + ((round / 2) % 2)] ?? 'app')
      await helper.back()
      helper.hangMostly(stage.random)
      const dying = end === 'endpoint' ? endOne(stage, end, helper) : null
      await Promise.all(questions.map((text, index) => askAnew(stage, `round${round}-${index}`, text)))
      await (dying ?? endOne(stage, end, helper))
    }
    await helper.back()
    helper.hangMostly(() => 0)
    const restless = [...(await calm(stage)), ...(await settled(stage))]
    return await judged(stage, { rounds: wish.rounds, restless, helper })
  } finally {
    await stage.close()
    await helper.close()
  }
}

/** What it is sure of, twice what it is not (and asks elsewhere), and what is for people. */
const questions = [
  'I forgot my password',
  'withdrawal cost or limit',
  'withdrawal fees limits',
  'I want to talk to a human',
]

async function openBot({ pool }: Stage): Promise<void> {
  await publishedArticle(pool, 'password', 'Reset your password', ['I forgot my password'])
  await publishedArticle(pool, 'fees', 'Withdrawal fees', ['what does a withdrawal cost'])
  await publishedArticle(pool, 'limits', 'Withdrawal limits', ['what is my daily withdrawal limit'])
  await publishedArticle(pool, 'news', 'News', ['what is news 0'])
  await pool.query('update inbox set bot = true')
}

async function askAnew(stage: Stage, place: string, text: string): Promise<void> {
  const [inbox] = stage.inboxes
  if (!inbox) throw new Error('no inbox')
  const speak = await voiceIn(stage, inbox, place)
  await speak(text)
}

/** Longer than any turn may last. */
const patienceMs = 60_000

async function settled({ pool }: Stage): Promise<string[]> {
  const end = Date.now() + patienceMs
  for (;;) {
    const rows = await rowsOf<{ what: string }>(
      pool,
      `select 'turn ' || message_id || ' is ' || outcome as what from bot_turn where outcome = 'asked'
       union all select 'job ' || id || ' ' || kind || ' waits' from job where kind like 'bot-%' and state < 2
       union all select 'delivery ' || id || ' is ' || state from delivery where state in ('pending', 'sending')`,
    )
    const version = await knowledgeVersion(pool)
    const learned = version !== null && (await readModel(pool, version)) !== null
    if (rows.length === 0 && learned) return []
    const rest = [...rows.map(({ what }) => what), ...(learned ? [] : ['what is published is not learned'])]
    if (Date.now() > end) return rest.map((what) => `${what} after ${patienceMs} ms`)
    await pause(200)
  }
}

// Each conversation has one question here, so one turn and one word of the bot.
const wrongs = `
  select 'conversation ' || c.id || ' has nobody: ' || c.holder || ', ' || coalesce(b.outcome, 'never asked') as what
    from conversation c join message m on m.conversation_id = c.id and m.direction = 'in'
    left join bot_turn b on b.message_id = m.id
   where c.status = 'open' and not (c.holder = 'bot' and b.outcome in ('answered', 'offered', 'askedBack')
      or c.holder = 'queue' and c.routed_at is not null and b.outcome = 'handedOver' and exists (
        select from assignment a where a.conversation_id = c.id and a.until is null))
  union all
  select 'conversation ' || conversation_id || ' heard ' || count(*) || ' answers' from message
   where direction = 'out' group by conversation_id having count(*) > 1
  union all
  select 'message ' || r.id || ' came late' from bot_turn b join message r on r.id = b.reply_id
   where b.outcome <> 'handedOver' and r.created_at > b.deadline
  union all
  select 'conversation ' || c.id || ' heard nothing' from conversation c
   where not exists (select from message r where r.conversation_id = c.id and r.direction = 'out')`

interface Seen {
  readonly rounds: number
  readonly restless: readonly string[]
  readonly helper: Helper
}

async function judged(stage: Stage, { rounds, restless, helper }: Seen): Promise<CampaignResult> {
  const { pool, inboxes, ledger } = stage
  const wrong = await rowsOf<{ what: string }>(pool, wrongs)
  const [counts] = await rowsOf<Record<string, string>>(
    pool,
    `select count(*) as n, count(*) filter (where outcome = 'answered') as answered, count(*) filter (where outcome = 'offered') as
       offered, count(*) filter (where reason = 'late') as late, count(*) filter (where outcome = 'handedOver') as people from bot_turn`,
  )
  const heard = (inboxes[0]?.platform?.state.held ?? []).map(({ chat }) => chat)
  const twice = heard.length - new Set(heard).size
  const violations = [...restless, ...wrong.map(({ what }) => what)]
  if (twice > 0) violations.push(`${twice} customers heard two answers`)
  const [interrupted, threads] = [helper.interrupted(), threadsThatDied(stage)]
  if (rounds >= 20 && (interrupted === 0 || threads === 0)) {
    violations.push(`${interrupted} answers and ${threads} trainings were interrupted: it proves nothing`)
  }
  if (violations.length > 0) stage.keep = true
  return {
    rounds,
    kills: ledger.kills.length,
    acknowledged: rounds * questions.length,
    stored: Number(counts?.['n']),
    lost: rounds * questions.length - Number(counts?.['n']),
    twice,
    disordered: 0,
    uncertainExpected: '0',
    uncertainSeen: 0,
    violations,
    note: `answered ${counts?.['answered']}, offered ${counts?.['offered']}, people ${counts?.['people']}, of these late ${counts?.['late']}; ${interrupted} answers from elsewhere and ${threads} trainings interrupted`,
  }
}
