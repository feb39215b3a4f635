import { describe, expect, it } from 'vitest'
import {
  decideOnIncoming,
  isThanks,
  previewOf,
  type Status,
  statusAfterReply,
} from '../../../src/domain/conversation.ts'

const now = new Date('2026-03-01T12:00:00Z')
const hoursAgo = (h: number) => new Date(now.getTime() - h * 3_600_000)
const facts = {
  text: 'where is it',
  hasAttachments: false,
  byProgram: false,
  forProgram: false,
  stops: false,
  occurredAt: now,
  history: false,
  now,
  reopenHours: 72,
}
const state = (status: Status, resolvedAt: Date | null = null) => ({ status, resolvedAt, lastActivityAt: hoursAgo(1) })

describe('a customer’s message', () => {
  it('opens a conversation where there is none', () => {
    expect(decideOnIncoming(null, facts)).toEqual({ kind: 'new', status: 'open' })
  })
  it.each(['waiting', 'onHold', 'snoozed', 'open'] as const)('makes a conversation that is %s open', (status) => {
    expect(decideOnIncoming(state(status), facts)).toEqual({ kind: 'same', status: 'open', quiet: false })
  })
  it('leaves spam spam and routes nothing', () => {
    expect(decideOnIncoming(state('spam'), facts)).toEqual({ kind: 'same', status: 'spam', quiet: true })
  })
  it('reopens a resolved conversation within the window and begins a new number after it', () => {
    expect(decideOnIncoming(state('resolved', hoursAgo(72)), facts)).toEqual({ kind: 'reopen' })
    expect(decideOnIncoming(state('resolved', hoursAgo(72.1)), facts)).toEqual({ kind: 'new', status: 'open' })
  })
  it('that only says thanks neither reopens nor begins a new number', () => {
    for (const at of [hoursAgo(1), hoursAgo(1000)]) {
      const thanks = { ...facts, text: 'Thank you so much!' }
      expect(decideOnIncoming(state('resolved', at), thanks)).toEqual({ kind: 'same', status: 'resolved', quiet: true })
    }
    const withPicture = { ...facts, text: 'thanks', hasAttachments: true }
    expect(decideOnIncoming(state('resolved', hoursAgo(1)), withPicture)).toEqual({ kind: 'reopen' })
  })
  it.each(['open', 'waiting', 'onHold', 'snoozed', 'resolved', 'spam'] as const)(
    'that nobody wrote leaves a conversation that is %s as it is',
    (status) => {
      const vacation = { ...facts, byProgram: true }
      for (const resolvedAt of [hoursAgo(1), hoursAgo(1000)])
        expect(decideOnIncoming(state(status, resolvedAt), vacation)).toEqual({ kind: 'same', status, quiet: true })
      expect(decideOnIncoming(null, vacation)).toEqual({ kind: 'new', status: 'open' })
    },
  )
  it('from before the start point is resolved history', () => {
    const old = { ...facts, history: true, occurredAt: hoursAgo(10) }
    expect(decideOnIncoming(null, old)).toEqual({ kind: 'new', status: 'resolved' })
    expect(decideOnIncoming(state('open'), old)).toEqual({ kind: 'same', status: 'open', quiet: true })
  })
})

describe('thanks', () => {
  it.each([
    'thanks',
    'Thank you!',
    'thx 🙏',
    '谢谢',
    '谢谢你！',
    '👍',
    '👍🏽❤️',
    'ありがとうございます',
    '감사합니다~',
    'Спасибо большое!',
  ])('are heard in %s', (text) => expect(isThanks(text)).toBe(true))
  it.each(['', '2', 'thanks but it still fails', '谢谢，但是还没到账', 'спасибо, но где деньги?', 'ok', 'no'])(
    'are not heard in "%s"',
    (text) => expect(isThanks(text)).toBe(false),
  )
})

it('an agent’s reply makes an open conversation wait and leaves the others', () => {
  expect(statusAfterReply('open')).toBe('waiting')
  expect(statusAfterReply('onHold')).toBe('onHold')
})

it('a preview is one line and never cuts a character in two', () => {
  expect(previewOf(' a\n b ', '')).toBe('a b')
  expect(previewOf('', 'photo.png')).toBe('photo.png')
  const cut = previewOf(`${'x'.repeat(158)}😀${'y'.repeat(50)}`, '')
  expect(cut).toBe(`${'x'.repeat(158)}…`)
})
