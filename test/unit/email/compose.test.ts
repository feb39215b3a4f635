import { generateKeyPairSync } from 'node:crypto'
import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import {
  deliveryIdOfMessageId,
  deliveryIdOfReturn,
  threadKeyOfToken,
  tokenInAddress,
} from '../../../channels/email/address.ts'
import { compose } from '../../../channels/email/compose.ts'
import { render } from '../../../channels/email/render.ts'
import { ChannelError } from '../../../src/channel/errors.ts'
import { channelEnv } from '../../support/channel-env.ts'
import { testClock } from '../../support/clock.ts'
import {
  attached,
  letter,
  mailRequest,
  mailThread,
  sendingSettings,
  type Written,
} from '../../support/email-sending.ts'

const env = channelEnv({ clock: testClock() })

async function composed(content: Written = {}, wish: Record<string, unknown> = {}) {
  const settings = sendingSettings(25, wish)
  const request = mailRequest(content, settings)
  const mail = await compose(request, { settings, env }, { keepBcc: false })
  const raw = mail.bytes.toString('latin1')
  return {
    request,
    mail,
    raw,
    headers: raw.slice(0, raw.indexOf('\r\n\r\n')),
    read: await PostalMime.parse(mail.bytes),
  }
}

describe('a letter', () => {
  test('says the same as text and as HTML, signed, above what it answers', async () => {
    const quoted = {
      from: { name: 'Ada', address: 'ada@example.test' },
      at: '2026-03-02T09:05:00.000Z',
      text: 'Where is it?\n\n> older',
      html: '<p>Where is <b>it</b>? <img data-remote="https://tracker.test/1.png" alt="a map"></p>',
    }
    const { read } = await composed(
      { text: 'On its **way**, 你好.\n\n- one\n- two', letter: letter({ quoted, authorName: 'Grace' }) },
      { signature: '{name}\nNorthstar, [help](https://northstar.example)' },
    )
    expect(read.text?.trimEnd()).toBe(
      [
        'On its way, 你好.\n\n• one\n• two',
        '-- \nGrace\nNorthstar, help (https://northstar.example)',
        'On 2 March 2026 at 09:05 UTC, Ada <ada@example.test> wrote:\n> Where is it?\n>\n>> older',
      ].join('\n\n'),
    )
    expect(read.html).toContain('<strong>way</strong>, 你好.')
    expect(read.html).toContain('Grace<br>Northstar')
    expect(read.html).toMatch(/<blockquote type="cite"[^>]*><p>Where is <b>it<\/b>\? a map<\/p><\/blockquote>/)
    expect(read.html).not.toContain('tracker.test')
  })

  test.each([
    ['Mei', 'Northstar', 'Mei (Northstar)'],
    ['Mei', '', 'Mei'],
    ['', 'Northstar', 'Northstar'],
    ['northstar', 'Northstar', 'Northstar'],
    ['Mei\r\nBcc: eve@example.test', 'Northstar', 'Mei Bcc: eve@example.test (Northstar)'],
  ])('of %j for %j comes from %j', async (authorName, name, from) => {
    const { read, headers } = await composed({ letter: letter({ authorName }) }, { name })
    expect(read.from).toEqual({ name: from, address: 'support@desk.test' })
    expect(headers).not.toMatch(/^bcc/im)
    const { read: byProgram } = await composed({ letter: letter({ authorName, automatic: true }) }, { name })
    expect(byProgram.from?.name).toBe(name)
  })

  test('leaves the line of the name out where nobody is named', async () => {
    const { read } = await composed({ text: 'Hi' }, { signature: 'Yours, {name}\nNorthstar' })
    expect(read.text?.trimEnd()).toBe('Hi\n\n-- \nNorthstar')
  })

  test('names its delivery three times and its thread once, and nothing that lets a stranger make another', async () => {
    const references = ['<first@example.test>', '<second@example.test>']
    const { mail, read, request, headers } = await composed({
      letter: letter({ inReplyTo: '<second@example.test>', references }),
    })
    expect(deliveryIdOfMessageId(env, read.messageId ?? '')).toBe(request.deliveryId)
    expect(deliveryIdOfReturn(env, mail.from)).toBe(request.deliveryId)
    expect(threadKeyOfToken(env, tokenInAddress(read.replyTo?.[0]?.address ?? '') ?? '')).toBe(mailThread.key)
    expect(read.from).toMatchObject({ name: 'Northstar', address: 'support@desk.test' })
    expect([read.inReplyTo, read.references]).toEqual(['<second@example.test>', references.join(' ')])
    expect(headers).toMatch(/^X-Loop: support@desk.test$/m)
    expect(headers).toMatch(/^List-ID: <support.desk.test>$/m)
    expect(headers).not.toMatch(/^(Auto-Submitted|X-Auto-Response-Suppress|X-Mailer):/im)
  })

  test('asks for nothing behind a plus where the mail server knows no such addresses', async () => {
    const { mail, read, request } = await composed({}, { plusAddresses: false })
    expect([mail.from, read.replyTo]).toEqual(['support@desk.test', undefined])
    expect(deliveryIdOfMessageId(env, read.messageId ?? '')).toBe(request.deliveryId)
  })

  test('of a program says so, that no other program answers', async () => {
    const { headers } = await composed({ letter: letter({ automatic: true }) })
    expect(headers).toMatch(/^Auto-Submitted: auto-replied$/m)
    expect(headers).toMatch(/^X-Auto-Response-Suppress: All$/m)
  })

  test('goes to everybody once, and shows nobody who was copied in secret', async () => {
    const ada = { name: 'Ada', address: 'ada@example.test' }
    const bob = { name: '', address: 'bob@example.test' }
    const { mail, raw } = await composed({
      letter: letter({ to: [ada], cc: [bob, ada], bcc: [{ name: '', address: 'eve@example.test' }] }),
    })
    expect(mail.to).toEqual(['ada@example.test', 'bob@example.test', 'eve@example.test'])
    expect(raw).not.toContain('eve@example.test')
    const settings = sendingSettings(25)
    const request = mailRequest({ letter: letter({ bcc: [bob] }) }, settings)
    const ours = await compose(request, { settings, env }, { keepBcc: true })
    expect(ours.bytes.toString()).toContain('Bcc: bob@example.test')
  })

  test('carries its files byte for byte under their names', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, n) => (n * 7 + (n >> 8)) % 256))
    const files = [
      attached('报告 "final".pdf', bytes),
      attached('mail.eml', Buffer.from('From: x\r\n\r\n--'), 'message/rfc822'),
    ]
    const { read } = await composed({ attachments: files })
    expect(read.attachments.map((file) => [file.filename, file.mimeType, file.disposition])).toEqual([
      ['报告 "final".pdf', 'application/pdf', 'attachment'],
      ['mail.eml', 'application/octet-stream', 'attachment'],
    ])
    expect(Buffer.from(read.attachments[0]?.content as ArrayBuffer).equals(bytes)).toBe(true)
    expect(Buffer.from(read.attachments[1]?.content as ArrayBuffer).toString()).toBe('From: x\r\n\r\n--')
  })

  test('is the same at a second attempt', async () => {
    const settings = sendingSettings(25)
    const request = mailRequest({ text: 'once' }, settings)
    const one = await compose(request, { settings, env }, { keepBcc: false })
    const two = await compose({ ...request }, { settings, env }, { keepBcc: false })
    expect(two.bytes.equals(one.bytes)).toBe(true)
  })

  test('is refused while it is written when its files cannot fit into one mail', () => {
    const huge = { id: '1', name: 'film.mp4', type: 'video/mp4', size: 19_000_000 }
    const attempt = () => render({ text: 'See', attachments: [huge], letter: letter() }, {})
    expect(attempt).toThrowError(expect.objectContaining({ failure: { kind: 'rejected', reason: 'tooLarge' } }))
    expect(() =>
      render({ text: 'See', attachments: [{ ...huge, size: 17_000_000 }], letter: letter() }, {}),
    ).not.toThrow()
  })

  test('carries a signature of the domain where there is a key, and is not sent unsigned where the key is broken', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    const { headers } = await composed({}, { dkim: { domain: 'desk.test', selector: 's1', privateKey: pem } })
    expect(headers).toMatch(/^DKIM-Signature: v=1; a=rsa-sha256; c=relaxed\/relaxed; d=desk.test;/)
    expect(headers.replace(/\r\n[ \t]+/g, '')).toMatch(/h=[^;]*reply-to/i)
    const broken = composed({}, { dkim: { domain: 'desk.test', selector: 's1', privateKey: 'no key' } })
    await expect(broken).rejects.toBeInstanceOf(ChannelError)
  })
})

const injections = [
  'a\r\nBcc: eve@evil.test',
  'a\nBcc: eve@evil.test',
  'a\rBcc: eve@evil.test',
  'a\r\n\r\n<script>',
  'a\0b',
  'a\u2028Bcc: x',
  'a\u0085Bcc: x',
]
const known =
  /^(From|To|Cc|Reply-To|Subject|Message-ID|In-Reply-To|References|Date|MIME-Version|Content-Type|List-ID|X-Loop)$/

describe.each(injections)('with %j in it', (evil) => {
  const named = (address: string) => [{ name: evil, address }]
  test.each([
    ['the subject', { letter: letter({ subject: evil }) }],
    ['a name', { letter: letter({ to: named('ada@example.test'), cc: named('bob@example.test') }) }],
    ['a reference', { letter: letter({ inReplyTo: `<${evil}@x>`, references: [`<${evil}@x>`, '<ok@x>'] }) }],
    ['a file’s name', { attachments: [attached(evil, Buffer.from('x'))] }],
    ['a file’s type', { attachments: [attached('a', Buffer.from('x'), `text/plain; ${evil}`)] }],
  ])('%s adds no header', async (_where, content) => {
    const { headers, read, mail } = await composed(content)
    const names = headers
      .replace(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map((line) => line.slice(0, line.indexOf(':')))
    for (const name of names) expect(name).toMatch(known)
    expect(new Set(names).size).toBe(names.length)
    expect(read.text?.trimEnd()).toBe('Hello')
    expect(mail.to.join()).not.toContain('evil')
    // Nothing but CR LF ends a line, so no relay can see another one.
    expect(mail.bytes.toString('latin1')).not.toMatch(/\r(?!\n)|(?<!\r)\n|\0/)
  })

  test('a recipient’s address is refused', () => {
    const to = [{ name: '', address: `ada@example.test${evil.slice(1)}` }]
    expect(() => render({ text: 'Hi', attachments: [], letter: letter({ to }) }, {})).toThrow(ChannelError)
  })

  test('the text stays text', async () => {
    const { read, raw } = await composed({ text: `${evil}\n.\n..\nFrom here` })
    expect(read.text).toContain('From here')
    expect(read.headers.map(({ key }) => key)).not.toContain('bcc')
    expect(raw).not.toMatch(/\r(?!\n)|(?<!\r)\n|\0/)
  })
})
