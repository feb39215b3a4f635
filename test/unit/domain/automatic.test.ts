import { describe, expect, it } from 'vitest'
import { type AskedFacts, askedBy, wakesNobody } from '../../../src/domain/asked.ts'
import { type AutomaticFacts, staysSilent } from '../../../src/domain/automatic.ts'
import { automaticLanguage, automaticWords } from '../../../src/domain/automatic-words.ts'
import { isStopWord, resumes, stopLanguage } from '../../../src/domain/stop-words.ts'

const now = new Date('2026-03-01T12:00:00Z')
const minutesAgo = (n: number) => new Date(now.getTime() - n * 60_000)
const facts: AutomaticFacts = {
  kind: 'status',
  audience: 'private',
  occurredAt: minutesAgo(1),
  liveSince: minutesAgo(100),
  now,
  byProgram: false,
  stopped: false,
}

describe('an automatic message to a customer', () => {
  it('answers what was just said in private', () => expect(staysSilent(facts)).toBeNull())

  it('is never said in public, and in a group only where to read about data', () => {
    for (const kind of ['start', 'help', 'status', 'human', 'privacy', 'delete', 'stop', 'erasure'] as const) {
      expect(staysSilent({ ...facts, kind, audience: 'public' })).toBe('public')
      expect(staysSilent({ ...facts, kind, audience: 'shared' })).toBe(kind === 'privacy' ? null : 'shared')
    }
  })

  it('answers nothing that is older than a quarter of an hour or older than the inbox', () => {
    expect(staysSilent({ ...facts, occurredAt: minutesAgo(15) })).toBeNull()
    expect(staysSilent({ ...facts, occurredAt: minutesAgo(15.1) })).toBe('old')
    expect(staysSilent({ ...facts, liveSince: minutesAgo(0.5) })).toBe('history')
  })

  it('never answers a program', () => expect(staysSilent({ ...facts, byProgram: true })).toBe('byProgram'))

  it('leaves whoever said stop alone, but for what they have a right to', () => {
    for (const kind of ['start', 'help', 'status', 'human', 'stop'] as const)
      expect(staysSilent({ ...facts, kind, stopped: true })).toBe('stopped')
    for (const kind of ['privacy', 'delete', 'erasure'] as const)
      expect(staysSilent({ ...facts, kind, stopped: true })).toBeNull()
  })
})

const said = (text: string, wish: Partial<AskedFacts> = {}) =>
  askedBy({ text, hasAttachments: false, isLetter: false, isPrivate: true, ...wish })

describe('what a message asks of the program', () => {
  it.each([
    'stop',
    'STOP!',
    ' Unsubscribe ',
    '停止',
    '「退订」',
    'やめて',
    '配信停止',
    '그만',
    '중지',
    '수신 거부',
    'Стоп.',
    'ОТПИСАТЬСЯ',
    'ＳＴＯＰ',
  ])('is to stop: %s', (word) => {
    expect(isStopWord(word)).toBe(true)
    expect(said(word)).toBe('stop')
  })
  it.each([
    'please stop my withdrawal',
    'stop loss',
    '停止提现',
    'Стоп-лосс не сработал',
    'やめてもいい？',
    '不要停止',
    '',
  ])('is no word to stop: %s', (text) => expect(said(text)).toBeNull())
  it('is to go on again', () => {
    for (const word of ['start', 'Start!', '开始', '開始', '시작', 'старт']) expect(resumes(word)).toBe(true)
  })
  it('is no word to stop in a group, in a letter or under a picture', () => {
    for (const wish of [{ isPrivate: false }, { isLetter: true }, { hasAttachments: true }])
      expect(said('stop', wish)).toBeNull()
  })
  it.each(['status', 'Status?', '/status', '状态', '「进度」', 'ステータス', '진행 상황', 'Статус.'])(
    'asks how far it is, where there are no commands and in a letter: %s',
    (word) => {
      expect(said(word)).toBe('status')
      expect(said(word, { isLetter: true, hasAttachments: true })).toBe('status')
      for (const wish of [{ isPrivate: false }, { hasAttachments: true }, { choiceId: 'another' }])
        expect(said(word, wish)).toBeNull()
    },
  )
  it.each(['what is the status of my order', '提币状态不对', 'status 1042', 'статус заказа изменился'])(
    'is a question for people or the bot: %s',
    (text) => expect(said(text)).toBeNull(),
  )
  it('is perhaps a typed choice', () => {
    expect(said(' 2 ')).toBe('number')
    expect(said('２')).toBe('number')
    expect(said('22')).toBeNull()
  })
  it('is a command, wherever it was given, and a button of ours', () => {
    expect(said('/status', { command: { name: 'status' }, isPrivate: false })).toBe('status')
    expect(said('Yes', { choiceId: 'erase.yes' })).toBe('eraseYes')
    expect(said('stop', { choiceId: 'another' })).toBeNull()
  })
  it('is work for people only where they ask for people or may speak to them', () => {
    for (const asked of ['start', 'help', 'status', 'privacy', 'delete', 'eraseYes', 'eraseNo'] as const)
      expect(wakesNobody(asked)).toBe(true)
    for (const asked of ['human', 'stop', 'resume', 'number', null] as const) expect(wakesNobody(asked)).toBe(false)
  })
})

it('speaks the first language wished for that it knows', () => {
  expect(automaticLanguage('zh-hans', 'en')).toBe('zh')
  expect(automaticLanguage('fr', null)).toBe('en')
  expect(automaticLanguage(null, stopLanguage('отписаться'))).toBe('ru')
  const starts = ['en', 'zh', 'ja', 'ko', 'ru'].map((one) => automaticWords(one).start)
  expect(new Set(starts).size).toBe(5)
})
