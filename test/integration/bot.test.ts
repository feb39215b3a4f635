import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BotDesk, stockedDesk } from '../support/bot-desk.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

let ground: TestDatabase
let desk: Awaited<ReturnType<typeof stockedDesk>>
const db = () => ground.db

beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())
beforeEach(async () => {
  desk = await stockedDesk(db())
})

const held = async (from: BotDesk = desk) => {
  const { holder, status, team_id } = await from.conversation()
  return { holder, status, team_id }
}
const summary = async () =>
  (await desk.one(`select data from activity where kind = 'botHandedOver' order by id desc limit 1`))?.data

describe('a question that an article answers', () => {
  it('is answered in the article’s words, with its source, by somebody who says that it is a bot, once', async () => {
    const [first] = await desk.ask('How do I withdraw bitcoin?')
    expect(first).toBe(
      'I am a bot and answer from our help articles. Write “human” at any time and a person takes over.\n\n' +
        'Open Wallet, choose Withdraw, enter the address and confirm by mail.\n\nOpen **Wallet**.\n\n' +
        'A withdrawal takes ten minutes.\n\nSource: [Withdraw coins](https://help.example/help/en/withdraw)',
    )
    const [second] = await desk.ask('how much is the withdrawal fee?')
    expect(second).toMatch(/^Each network.*Source: \[Withdrawal fees\]/s)
    expect(await held()).toMatchObject({ holder: 'bot', status: 'open' })
    expect((await desk.turns()).map((turn) => [turn.outcome, turn.article_id, turn.phrasing])).toEqual([
      ['answered', desk.articles.withdraw, 'how do I withdraw bitcoin'],
      ['answered', desk.articles.fees, 'how much is the withdrawal fee'],
    ])
    expect(
      await desk.one('select priority, count(*)::int as n from delivery where inbox_id = $1 group by 1', desk.inboxId),
    ).toEqual({ priority: 1, n: 2 })
  })

  it('is answered in the customer’s language', async () => {
    const [answer] = await desk.ask('请问怎么提币？')
    expect(answer).toMatch(/^我是机器人.*打开钱包.*来源： \[如何提币\]\(https:\/\/help.example\/help\/zh\/withdraw\)$/s)
  })

  it('that is not there in their language goes to people, whatever other languages say', async () => {
    expect(await desk.ask('私の一日の出金限度額はいくらですか？')).toEqual([
      '私は自動応答ボットです。\n\nこの件は担当者がお受けします。ご質問を引き継ぎましたので、このままお待ちください。',
    ])
    expect(await summary()).toMatchObject({ reason: 'language' })
    await db().pool.query('delete from conversation_tag')
    const [zh] = await desk.ask(desk.say('我的每日提币限额是多少？', { chat: 'zh-limit' }))
    expect(zh).not.toContain('1,000 USDT')
  })

  it('is answered once, however often its jobs run', async () => {
    await desk.receive(desk.say('I forgot my password'))
    await desk.routeAll()
    const [job] = await desk.claim()
    await Promise.all([desk.run(job!), desk.run(job!), desk.run(job!)])
    await desk.run(job!)
    expect(await desk.spoken()).toHaveLength(1)
  })

  it('is never answered with the same article twice: a person has it then', async () => {
    await desk.ask('I forgot my password')
    const [again] = await desk.ask('how do I reset my password')
    expect(again).toMatch(/^This is for a person/)
    expect(await held()).toMatchObject({ holder: 'queue', team_id: desk.teamId })
    expect(await summary()).toMatchObject({ reason: 'repeated' })
  })

  it('leaves thanks alone', async () => {
    await desk.ask('I forgot my password')
    expect(await desk.ask('thank you!', '谢谢')).toEqual([])
    expect(await held()).toMatchObject({ holder: 'bot' })
  })

  it('names the page about data with the first automatic word', async () => {
    await db().pool.query(`update inbox set privacy_url = 'https://x.example/privacy' where id = $1`, [desk.inboxId])
    const told = await desk.ask('I forgot my password', 'how do I withdraw bitcoin')
    expect(told.map((text) => text.includes('https://x.example/privacy'))).toEqual([true, false])
  })
})

describe('an offer', () => {
  const offer = async () => {
    const [text] = await desk.ask('withdrawal')
    const [{ choices }] = await desk.all(
      'select choices from message where choices is not null order by id desc limit 1',
    )
    return { text, choices: choices as { id: string; label: string }[] }
  }

  it('names up to three articles and people, and a typed number or a pressed button picks one', async () => {
    const { text, choices } = await offer()
    expect(text).toMatch(/Which of these do you mean\?$/)
    expect(choices.at(-1)).toEqual({ id: 'none', label: 'None of these: ask a person' })
    expect(choices.length).toBeGreaterThan(1)
    const [answer] = await desk.ask('1')
    expect(answer).toContain(`[${choices[0]!.label}]`)
    expect((await desk.turns()).map((turn) => [turn.outcome, turn.chosen])).toEqual([
      ['offered', false],
      ['answered', true],
    ])
    const other = await stockedDesk(db())
    await other.ask('withdrawal')
    const [pressed] = await other.ask(choices[0]!.label)
    expect(pressed).toContain(`[${choices[0]!.label}]`)
  })

  it('of which none fits goes to people, who read what was offered', async () => {
    const { choices } = await offer()
    expect(await desk.ask(String(choices.length))).toEqual(['Of course. A person from our team will answer you here.'])
    const { reason, turns } = await summary()
    expect(reason).toBe('noneFits')
    expect(turns[0]).toMatchObject({ outcome: 'offered', offered: choices.map(({ label }) => label) })
  })
})

describe('people have it', () => {
  it.each([
    ['I want to talk to a human', 'Of course. A person'],
    ['人工', '好的，我们的客服人员'],
    ['オペレーターにつないでください', 'かしこまりました'],
    ['상담원 연결해 주세요', '네, 담당자가'],
    ['Позовите оператора', 'Конечно. Сотрудник'],
  ])('at once when asked: %s', async (text, words) => {
    const [told] = await desk.ask(text)
    expect(told).toContain(words)
    expect(await held()).toEqual({ holder: 'queue', status: 'open', team_id: desk.teamId })
    expect(await summary()).toMatchObject({ reason: 'human' })
    expect(await desk.ask('how do I withdraw bitcoin')).toEqual([])
  })

  it.each([
    ['my account was hacked, how do I reset my password', 'account', 'share no passwords'],
    ['I will call my lawyer', 'legal', 'A person from our team looks at this'],
    ['I want to kill myself', 'selfHarm', 'local emergency number'],
    ['this is fucking ridiculous, where can I withdraw my money', 'anger', 'This is for a person'],
  ])('when it is nothing for a program: %s', async (text, reason, words) => {
    const [told] = await desk.ask(text)
    expect(told).toContain(words)
    expect(await summary()).toMatchObject({ reason })
    expect(await held()).toMatchObject({ holder: 'queue' })
  })

  it('after one question back that did not help', async () => {
    const told = await desk.ask('I cannot see my thing', 'it is about my things and stuff')
    expect(told[0]).toContain('What exactly would you like to know?')
    expect(told[1]).toMatch(/^This is for a person/)
    const { turns } = await summary()
    expect(turns.map((turn: { outcome: string }) => turn.outcome)).toEqual(['askedBack', 'handedOver'])
  })

  it('when they send what a program cannot read', async () => {
    await desk.ask(desk.say('', { attachments: [{ name: 'screen.png', type: 'image/png', size: 4, ref: 'x' }] }))
    expect(await summary()).toMatchObject({ reason: 'files' })
  })

  it('by the command, also where it is the first word', async () => {
    await desk.ask(desk.say('/human', { command: { name: 'human' } }))
    expect(await held()).toMatchObject({ holder: 'queue', team_id: desk.teamId })
    expect(await desk.turns()).toEqual([])
  })

  it('and are told where they asked by command in the middle', async () => {
    await desk.ask('I forgot my password')
    await desk.ask(desk.say('/human', { command: { name: 'human' } }))
    expect(await held()).toMatchObject({ holder: 'queue' })
    const { reason, turns } = await summary()
    expect([reason, turns.length]).toEqual(['human', 1])
  })
})

describe('the bot is not asked', () => {
  const untouched = async (...events: Parameters<BotDesk['ask']>) => {
    expect(await desk.ask(...events)).toEqual([])
    expect(await desk.turns()).toEqual([])
    expect(await held()).toMatchObject({ holder: 'queue' })
  }
  const question = 'I forgot my password'

  it('where the inbox does not want it', async () => {
    await db().pool.query('update inbox set bot = false where id = $1', [desk.inboxId])
    await untouched(question)
  })
  it('where others listen', async () => {
    await untouched(desk.say(question, { thread: { key: 'group', kind: 'group', audience: 'shared' } }))
    await untouched(desk.say(question, { thread: { key: 'post', kind: 'post', audience: 'public' } }))
  })
  it('about what is old or what a program wrote', async () => {
    await untouched(desk.say(question, { occurredAt: new Date(desk.now().getTime() - 16 * 60_000) }))
    await untouched(desk.say(question, { automatic: true, chat: 'robot' }))
  })
  it('where a rule left the case to people', async () => {
    await desk.receive(desk.say(question))
    await db().pool.query('update conversation set bot_off = true where inbox_id = $1', [desk.inboxId])
    await desk.work()
    expect(await desk.spoken()).toEqual([])
    expect(await held()).toMatchObject({ holder: 'queue' })
  })
  it('by who said stop, and what it had goes to people', async () => {
    await desk.ask(question)
    await desk.ask('stop')
    expect(await held()).toMatchObject({ holder: 'queue', team_id: desk.teamId })
    expect(await desk.ask('how do I withdraw bitcoin')).toEqual([])
  })
})
