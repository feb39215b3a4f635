import { expect, test } from 'vitest'
import type { Capabilities } from '../../src/channel/capabilities.ts'
import type { OutboundFile } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import type { Stage } from './channel-subject.ts'

type Format = keyof Capabilities['formats']

/** Each format as it is written, and the same words without it. */
const samples: Readonly<Record<Format, readonly [string, string]>> = {
  bold: ['a **word** here', 'a word here'],
  italic: ['a *word* here', 'a word here'],
  code: ['a `word` here', 'a word here'],
  codeBlock: ['```\na word\n```', 'a word'],
  link: ['[a word](https://shop.example/17)', 'a word'],
  quote: ['> a word', 'a word'],
  list: ['- a word\n- another', 'a word\n\nanother'],
  heading: ['# a word', 'a word'],
}

const file = (index: number, type = 'image/png'): OutboundFile => ({
  id: String(index),
  name: `file ${index}`,
  type,
  size: 100,
})

/** What rendering alone proves of the capabilities. */
export function renderedCellClauses(stage: () => Promise<Stage>): void {
  test.each(Object.keys(samples) as Format[])(
    '%s is shown as declared, and its words are never lost',
    async (format) => {
      const { subject, parsed } = await stage()
      const { adapter, thread } = subject
      const can = adapter.capabilities(parsed, thread)
      const rendered = (text: string) => JSON.stringify(adapter.render({ text, attachments: [] }, parsed, thread))
      const [marked, plain] = samples[format]
      expect(rendered(marked)).toContain('word')
      if (can.formats[format] === 'dropped') expect(rendered(marked)).toBe(rendered(plain))
      else expect(rendered(marked)).not.toBe(rendered(plain))
      if (format === 'link' && can.formats.link !== 'dropped') expect(rendered(marked)).toContain('shop.example/17')
    },
  )

  test('the longest message is as long as declared, in the declared unit', async ({ skip }) => {
    const { subject, parsed } = await stage()
    const { max, pace } = subject.adapter.capabilities(parsed, subject.thread).text
    // Letters have no length of their own.
    skip(pace === 'letters')
    const partsOf = (n: number) =>
      subject.adapter.render({ text: 'x'.repeat(n), attachments: [] }, parsed, subject.thread)
    expect(partsOf(max).map(({ length }) => length)).toEqual([max])
    expect(partsOf(max + 1).length).toBe(2)
  })

  test('as many files as declared go in one message, and of the declared kinds only', async ({ skip }) => {
    const { subject, parsed } = await stage()
    const { attachments: can, text } = subject.adapter.capabilities(parsed, subject.thread)
    skip(can.out === 'dropped' || can.out === 'rejected' || text.pace === 'letters')
    const carrying = (...files: OutboundFile[]) =>
      subject.adapter
        .render({ text: 'files', attachments: files }, parsed, subject.thread)
        .filter(({ fileIds }) => fileIds.length > 0).length
    const many = (n: number) => Array.from({ length: n }, (_, index) => file(index + 1))
    expect(carrying(...many(can.maxPerMessage))).toBe(1)
    expect(carrying(...many(can.maxPerMessage + 1))).toBe(2)
    for (const { type, maxBytes } of can.kinds ?? [{ type: 'application/zip', maxBytes: can.maxBytes }]) {
      expect(carrying({ ...file(1, type), size: maxBytes }), type).toBe(1)
    }
    if (can.kinds) expect(() => carrying(file(1, 'application/zip'))).toThrow(ChannelError)
  })

  test('whether one may be asked into private, and whether an answer is possible at all, is so', async () => {
    const { subject, parsed, connect } = await stage()
    const { adapter, thread } = subject
    const connection = await connect()
    for (const place of [thread, ...(subject.otherPlaces ?? [])]) {
      const can = adapter.capabilities(parsed, place)
      const door = connection.privateDoor?.(place) ?? null
      if (can.privateDoor) expect(door, place.key).toMatch(/^https:\/\/\S+$/)
      else expect(door, place.key).toBeNull()
      const send = () => adapter.render({ text: 'hello', attachments: [] }, parsed, place)
      if (can.closed === undefined) expect(send().length, place.key).toBe(1)
      else expect(send, place.key).toThrow(ChannelError)
    }
    await connection.close()
  })
}
