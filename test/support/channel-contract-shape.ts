import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Capabilities, Support } from '../../src/channel/capabilities.ts'
import type { ChannelConnection, OutboundFile } from '../../src/channel/contract.ts'
import { SettingsError } from '../../src/channel/errors.ts'
import type { Stage } from './channel-subject.ts'

const can = (support: Support) => support === 'full' || support === 'partial'

const declared: Record<
  'handleWebhook' | 'edit' | 'remove' | 'react' | 'showTyping' | 'markRead' | 'confirm' | 'visitors',
  (capabilities: Capabilities) => boolean
> = {
  handleWebhook: (c) => c.webhook,
  edit: (c) => can(c.edit),
  remove: (c) => can(c.remove),
  react: (c) => can(c.reactions.out),
  showTyping: (c) => can(c.typing.out),
  markRead: (c) => can(c.markRead),
  confirm: (c) => c.confirm,
  visitors: (c) => c.visitors,
}

/** Letters and digits only: what a person said, whatever the platform does to spaces and marks. */
const said = (text: string) => text.replace(/[^\p{L}\p{N}\p{Extended_Pictographic}]/gu, '')

export function shapeClauses(stage: () => Promise<Stage>): void {
  test('settings that cannot be used name the field', async () => {
    const { subject } = await stage()
    expect(subject.badSettings.length).toBeGreaterThan(0)
    for (const { settings, field } of subject.badSettings) {
      let thrown: unknown
      try {
        subject.adapter.parseSettings(settings)
      } catch (error) {
        thrown = error
      }
      expect(thrown, field).toBeInstanceOf(SettingsError)
      expect((thrown as SettingsError).field).toBe(field)
    }
  })

  test('capabilities are plain data, and the optional methods exist exactly where they say so', async () => {
    const { subject, parsed, connect } = await stage()
    const capabilities = subject.adapter.capabilities(parsed, subject.thread)
    expect(JSON.parse(JSON.stringify(capabilities))).toEqual(capabilities)
    const connection: ChannelConnection = await connect()
    for (const [method, says] of Object.entries(declared)) {
      expect(method in connection, method).toBe(says(capabilities))
    }
    await connection.close()
  })

  test('rendering loses no text, every part fits, and parts survive JSON', async () => {
    const { subject, parsed } = await stage()
    const { max } = subject.adapter.capabilities(parsed, subject.thread).text
    const piece = fc.oneof(
      fc.lorem({ maxCount: 40 }),
      fc.stringMatching(/^[\u4e00-\u9fa5。，]{1,120}$/),
      fc.constantFrom('👩‍👩‍👧‍👦', '\n\n', ' ', '한국어 문장', 'Привет, мир', 'x'.repeat(900)),
      fc.string({ unit: 'grapheme', maxLength: 80 }),
    )
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(' '))
    fc.assert(
      fc.property(text, (whole) => {
        const parts = subject.adapter.render({ text: whole, attachments: [] }, parsed, subject.thread)
        expect(parts.length).toBeGreaterThan(0)
        for (const part of parts) expect(part.length).toBeLessThanOrEqual(max)
        for (const { text: cut } of parts) expect(Buffer.from(cut).toString(), 'half a character').toBe(cut)
        expect(JSON.parse(JSON.stringify(parts))).toEqual(parts)
        expect(subject.adapter.render({ text: whole, attachments: [] }, parsed, subject.thread)).toEqual(parts)
      }),
      { numRuns: 150 },
    )
    const plain = fc.array(fc.oneof(fc.lorem({ maxCount: 60 }), fc.constantFrom('订单已经发货。', 'x'.repeat(700))), {
      minLength: 1,
      maxLength: 10,
    })
    fc.assert(
      fc.property(plain, (words) => {
        const parts = subject.adapter.render({ text: words.join(' '), attachments: [] }, parsed, subject.thread)
        expect(said(parts.map((part) => part.text).join(''))).toBe(said(words.join('')))
      }),
      { numRuns: 60 },
    )
  })

  test('rendering cuts no character in two', async () => {
    const { subject, parsed } = await stage()
    const { max } = subject.adapter.capabilities(parsed, subject.thread).text
    for (const before of ['', 'x', 'xx', 'xxx']) {
      const text = before + '😀'.repeat(max)
      const parts = subject.adapter.render({ text, attachments: [] }, parsed, subject.thread)
      for (const { text: cut } of parts) expect(Buffer.from(cut).toString(), 'half a character').toBe(cut)
      expect(said(parts.map((part) => part.text).join(''))).toBe(text)
    }
  })

  test('every attachment leaves once, in order, and never too many in one part', async ({ skip }) => {
    const { subject, parsed } = await stage()
    const { attachments } = subject.adapter.capabilities(parsed, subject.thread)
    skip(!can(attachments.out))
    const files: OutboundFile[] = Array.from({ length: 11 }, (_, index) => ({
      id: String(index + 1),
      name: `picture ${index + 1}.png`,
      type: 'image/png',
      size: 100,
    }))
    const parts = subject.adapter.render({ text: 'pictures', attachments: files }, parsed, subject.thread)
    expect(parts.flatMap((part) => part.fileIds)).toEqual(files.map((file) => file.id))
    for (const part of parts) expect(part.fileIds.length).toBeLessThanOrEqual(attachments.maxPerMessage)
  })

  test('choices are offered by name', async () => {
    const { subject, parsed } = await stage()
    const choices = [
      { id: 'a', label: 'Where is my parcel' },
      { id: 'b', label: 'Something else' },
    ]
    const parts = subject.adapter.render({ text: 'Which?', attachments: [], choices }, parsed, subject.thread)
    for (const { label } of choices) expect(JSON.stringify(parts)).toContain(label)
  })

  test('a new thread and an addressee follow from what was asked alone', async ({ skip }) => {
    const { subject, parsed } = await stage()
    const { adapter } = subject
    skip(!adapter.newThread || !adapter.addressee)
    const [one, other] = ['0123456789abcdef01234567', '0123456789abcdef01234568'].map((seed) =>
      adapter.newThread?.(seed, parsed),
    )
    expect(one?.key).not.toBe(other?.key)
    expect(one).toEqual(adapter.newThread?.('0123456789abcdef01234567', parsed))
    // Names nothing that an address could not carry, and leaves room for a signature.
    expect(one?.key).toMatch(/^[a-z0-9]{1,24}$/)
    expect(adapter.addressee?.({ name: 'Li', address: 'Li@Customer.example' }).key).toBe(
      adapter.addressee?.({ name: '', address: 'li@customer.EXAMPLE' }).key,
    )
  })
}
