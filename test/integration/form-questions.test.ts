import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { formDesk, transactionId } from '../support/form-desk.ts'

let ground: TestDatabase
let desk: Awaited<ReturnType<typeof formDesk>>

beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())
beforeEach(async () => {
  desk = await formDesk(ground.db)
})

/** The bot has no other answer: people have it, and the first question comes with that word. */
const handedOver = async (from = desk) => {
  await from.hear('I forgot my password')
  const [told] = await from.hear('how do I reset my password')
  return told ?? ''
}
const leftToPeople =
  'This is for a person. I have passed your question on; somebody from our team will answer you here.'

describe('what a form asks, after the bot left a case to people', () => {
  it('is asked one by one, kept as it comes, and thanked for; the case stands in its queue before the first question', async () => {
    const first = await handedOver()
    expect(first).toMatch(
      /^This is for a person.*While you wait, a few questions.*people have your case already\.\n\n\*\*Which network\?\*\*$/s,
    )
    expect(await desk.conversation()).toMatchObject({ holder: 'queue', status: 'open', team_id: desk.teamId })
    expect(await desk.choices()).toEqual([
      { id: 'form.1', label: 'Ethereum' },
      { id: 'form.2', label: 'Another one' },
    ])
    expect(await desk.hear('2')).toEqual(['Noted.\n\n**Which one?**'])
    expect(await desk.hear('Polygon\nI think')).toEqual(['Noted.\n\n**Transaction id**\n\nYou find it in your wallet.'])
    expect(await desk.hear(`it is ${transactionId}, thanks`)).toEqual([
      'Noted.\n\n**How much?**\n\nIf you do not know, write “skip”.',
    ])
    expect(await desk.hear('1,5')).toEqual([
      'Thank you, that is all we need to know. Somebody from our team answers you here.',
    ])
    expect(await desk.answers()).toEqual({
      network: 'other',
      which: 'Polygon\nI think',
      transaction: transactionId,
      amount: '1,5',
    })
    expect(await desk.conversation()).toMatchObject({ holder: 'queue', status: 'open', topic_id: desk.topicId })
    expect(await desk.hear('and when will it be there?')).toEqual([])
    expect(await desk.asking()).toMatchObject({ state: 'done' })
  })

  it('knows a pressed button, and what was chosen raises the priority', async () => {
    await handedOver()
    await desk.hear('Ethereum')
    expect(await desk.answers()).toEqual({ network: 'ethereum' })
    expect(await desk.conversation()).toMatchObject({ priority: 3 })
  })

  it('says once why an answer is wrong, then takes it as it was said; who does not know skips, in their own words', async () => {
    await handedOver()
    const [wrong] = await desk.hear('the blue one')
    expect(wrong).toMatch(/^Please choose one of these\.\n\n\*\*Which network/)
    const [taken] = await desk.hear('the blue one')
    expect(taken).toMatch(/^Noted\.\n\n\*\*Transaction id/)
    const [needed] = await desk.hear('skip')
    expect(needed).toMatch(/^We need this to help you\.\n\n\*\*Transaction id/)
    const [amount] = await desk.hear('跳过')
    expect(amount).toMatch(/How much/)
    const [done] = await desk.hear('«Пропустить»')
    expect(done).toMatch(/^Thank you, that is all/)
    expect(await desk.answers()).toEqual({ network: 'the blue one' })
  })

  it('never keeps a secret', async () => {
    await handedOver()
    await desk.hear('1')
    const phrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
    const [warned] = await desk.hear(phrase)
    expect(warned).toMatch(/^Please never send this to anybody/)
    await desk.hear(phrase)
    expect(await desk.answers()).toEqual({ network: 'ethereum' })
  })

  it('is asked in the customer’s language', async () => {
    await desk.hear('我忘记密码了')
    const [told] = await desk.hear('怎么重置密码')
    expect(told).toContain('等待期间')
    expect(told).toContain('**哪个网络？**')
    expect(await desk.hear('其他')).toEqual(['已记录。\n\n**Which one?**'])
  })

  it('reads what was said in several messages, and goes on after a restart where it was', async () => {
    await handedOver()
    await desk.ask('hello?', 'Ethereum')
    await desk.look()
    await desk.hear(transactionId)
    const spoken = await desk.spoken()
    expect(await desk.answers()).toEqual({ network: 'ethereum', transaction: transactionId })
    await Promise.all([desk.look(), desk.look()])
    expect(await desk.spoken()).toEqual(spoken)
  })

  it('is said once, however many processes look at the same moment', async () => {
    await handedOver()
    await desk.ask('Ethereum')
    const before = (await desk.spoken()).length
    await Promise.all([desk.look(), desk.look(), desk.look()])
    await desk.look()
    expect((await desk.spoken()).length).toBe(before + 1)
  })
})

describe('nothing is asked', () => {
  it('any more once an agent answered, though what the customer says of it is kept', async () => {
    await handedOver()
    await desk.byAgent('Which network was it?')
    expect(await desk.hear('Ethereum')).toEqual([])
    expect(await desk.answers()).toEqual({ network: 'ethereum' })
    expect(await desk.asking()).toMatchObject({ state: 'ended', why: 'agent' })
    expect(await desk.hear(transactionId)).toEqual([])
  })

  it('where the agent was quicker than the question', async () => {
    await handedOver()
    await desk.ask('Ethereum')
    await desk.byAgent('I am here.')
    await desk.look()
    expect(await desk.asking()).toMatchObject({ state: 'ended', why: 'agent' })
    expect((await desk.spoken()).at(-1)).toMatch(/Which network/)
  })

  it.each([
    ['STOP', null, 'stop'],
    ['I want to talk to a human', 'Of course. A person from our team will answer you here.', 'human'],
    ['this is fucking ridiculous', 'This is for a person', 'anger'],
  ])('of who says %s', async (text, told, why) => {
    await handedOver()
    const said = await desk.hear(text)
    if (told === null) expect(said.join()).not.toContain('network')
    else expect(said).toEqual([expect.stringContaining(told)])
    expect(await desk.asking()).toMatchObject({ state: 'ended', why })
    expect(await desk.hear('Ethereum')).toEqual([])
    expect(await desk.answers()).toEqual({})
  })

  it('of who asked for a person, or on grave matters, in the first place', async () => {
    await desk.hear('I forgot my password')
    const [told] = await desk.hear('I want to talk to a human')
    expect(told).toBe('Of course. A person from our team will answer you here.')
    expect(await desk.asking()).toBeUndefined()
  })

  it('after a silence, or of an answer that is old news', async () => {
    await handedOver()
    desk.pass(31 * 60_000)
    await desk.look()
    expect(await desk.asking()).toMatchObject({ state: 'ended', why: 'silent' })
    const other = await formDesk(ground.db)
    await handedOver(other)
    await other.receive(other.say('Ethereum'))
    other.pass(16 * 60_000)
    await other.look()
    expect(await other.answers()).toEqual({ network: 'ethereum' })
    expect(await other.asking()).toMatchObject({ state: 'ended', why: 'old' })
  })

  it('where programs answer only what they were asked, where the form is not shown, or the bot was switched off', async () => {
    desk.can({ onlyAsked: true })
    expect(await handedOver()).toBe(leftToPeople)
    const hidden = await formDesk(ground.db)
    await hidden.all('update topic_form set shown = false where topic_id = $1', hidden.topicId)
    expect(await handedOver(hidden)).toBe(leftToPeople)
    const off = await formDesk(ground.db)
    await handedOver(off)
    await off.all('update inbox set bot = false where id = $1', off.inboxId)
    expect(await off.hear('Ethereum')).toEqual([])
  })

  it('by a program’s letter', async () => {
    await handedOver()
    expect(await desk.hear(desk.say('I am away. Ethereum', { automatic: true }))).toEqual([])
    expect(await desk.answers()).toEqual({})
    expect(await desk.asking()).toMatchObject({ state: 'asking' })
  })
})

describe('a form that comes with a message', () => {
  const sent = (answers: Record<string, string>, partial?: true) =>
    desk.say('My coins are not there', {
      form: { topicId: desk.topicId, answers, language: 'en', ...(partial && { partial }) },
      sender: { key: desk.chat, language: 'en' },
    })

  it('is kept with it, goes to people and not to the bot, and what is missing is asked', async () => {
    const [first] = await desk.hear(sent({ network: 'Ethereum', transaction: 'ten coins', nonsense: 'x' }, true))
    expect(await desk.answers()).toEqual({ network: 'ethereum' })
    expect(await desk.conversation()).toMatchObject({ holder: 'queue', priority: 3, topic_id: desk.topicId })
    expect(first).toMatch(/^I am a bot\.\n\nThat does not look right\..*\*\*Transaction id\*\*/s)
    expect(await desk.hear(transactionId)).toEqual([expect.stringContaining('**How much?**')])
  })

  it('asks nothing more where everything was filled in, also where the bot may not speak', async () => {
    await desk.all('update inbox set bot = false where id = $1', desk.inboxId)
    expect(await desk.hear(sent({ network: 'ethereum', transaction: transactionId, amount: '' }))).toEqual([])
    expect(await desk.answers()).toEqual({ network: 'ethereum', transaction: transactionId })
    const [asked] = await desk.hear(desk.say('Again', { form: { topicId: desk.topicId, answers: { network: 'x' } } }))
    expect(asked ?? '').not.toContain('network')
  })
})
