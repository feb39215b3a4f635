import { expect, test } from 'vitest'
import { parseMail } from '../../../channels/email/reading/parse-mail.ts'
import type { ReadWish } from '../../../channels/email/reading/read-mail.ts'

const read = (raw: string | Buffer, wish: ReadWish = {}) =>
  parseMail(typeof raw === 'string' ? Buffer.from(raw.replace(/\n/g, '\r\n')) : raw, true, wish)
const part = (type: string, body: string, more = '') => `--b\nContent-Type: ${type}\n${more}\n${body}\n`
const mixed = (...parts: string[]) =>
  `From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n${parts.join('')}--b--\n`

/** Text, charset it is written in, charset it says; bytes in hex, so that no encoder of ours is believed. */
const charsets: [string, string | null, string][] = [
  ['您好，𠀀', 'gb18030', 'c4fabac3a3ac9532 8236'],
  ['您好，𠀀', 'gb2312', 'c4fabac3a3ac9532 8236'],
  ['您好，我的包裹还没有收到', 'utf-8', 'c4fabac3a3acced2b5c4b0fcb9fcbbb9c3bbd3d0cad5b5bd'],
  ['您好，我的包裹还没有收到', null, 'c4fabac3a3acced2b5c4b0fcb9fcbbb9c3bbd3d0cad5b5bd'],
  ['日本語', 'iso-2022-jp', '1b2442467c4b5c386c1b2842'],
  ['日本語です', 'shift_jis', '93fa967b8cea82c582b7'],
  ['Привет', 'koi8-r', 'f0d2c9d7c5d4'],
  ['Привет', 'windows-1251', 'cff0e8e2e5f2'],
  ['Здравствуйте, где мой заказ?', 'us-ascii', 'c7e4f0e0e2f1f2e2f3e9f2e52c20e3e4e520eceee920e7e0eae0e73f'],
  ['안녕하세요', 'euc-kr', 'bec8b3e7c7cfbcbcbfe4'],
  ['안녕하세요', 'ks_c_5601-1987', 'bec8b3e7c7cfbcbcbfe4'],
  ['Grüße, übrigens', 'iso-8859-1', '4772c3bcc39f652c20c3bc62726967656e73'],
  ['Grüße', 'iso-8859-1', '4772fcdf65'],
  ['Grüße', 'x-unheard-of', '4772c3bcc39f65'],
]
test.each(charsets)('"%s" that says it is %s', async (text, charset, hex) => {
  const bytes = Buffer.from(hex.replace(/ /g, ''), 'hex')
  const said = charset === null ? '' : `; charset=${charset}`
  const head = Buffer.from(`From: a@b.example\r\nContent-Type: text/plain${said}\r\n\r\n`)
  expect((await read(Buffer.concat([head, bytes]))).text).toBe(text)
  const encoded = `${head.toString().trim()}\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64')}`
  expect((await read(Buffer.from(encoded))).text).toBe(text)
})

test('a subject and a name in bytes nobody announced are read as the text below is written', async () => {
  const subject = Buffer.from('cff0e8e2e5f2', 'hex')
  const raw = [
    Buffer.from('Subject: '),
    subject,
    Buffer.from('\r\nFrom: '),
    subject,
    Buffer.from(' <ivan@b.example>\r\n'),
  ]
  const rest = Buffer.from('Content-Type: text/plain; charset=windows-1251\r\n\r\nx')
  const mail = await read(Buffer.concat([...raw, rest]))
  expect([mail.subject, mail.from.name]).toEqual(['Привет', 'Привет'])
})

test('a mail without Message-ID, Date or From is read, and every copy of it is the same', async () => {
  const copy = (trace: string) => read(`${trace}Subject: x\n\nbody`)
  const [one, other] = [
    await copy('Received: by a\nX-UID: 1\n'),
    await copy('Received: by b\nDelivered-To: c@d.example\n'),
  ]
  expect(one.messageId).toMatch(/^<[0-9a-f]{64}@none>$/)
  expect(one).toMatchObject({ date: null, from: { name: '', address: '' }, text: 'body' })
  expect([other.messageId, other.eventId]).toEqual([one.messageId, one.eventId])
  expect((await read('Subject: x\n\nother')).eventId).not.toBe(one.eventId)
})

test('the same Message-ID with another body is another event', async () => {
  const of = async (body: string) => (await read(`Message-ID: <1@a>\n\n${body}`)).eventId
  expect(await of('a')).toBe(await of('a'))
  expect(await of('a')).not.toBe(await of('b'))
})

test('recipients are those of every header that names one, plus parts kept', async () => {
  const head =
    'To: Desk <Support+T-1@Desk.test>, g: a@b.example;\nCc: c@d.example\nDelivered-To: support@desk.test\nX-Original-To: e@f.example'
  const mail = await read(`${head}\nReferences: <1@a> <2@a>\n <1@a>\nIn-Reply-To: 3@a\n\nx`)
  expect(mail.recipients).toEqual([
    'support+t-1@desk.test',
    'a@b.example',
    'c@d.example',
    'support@desk.test',
    'e@f.example',
  ])
  expect([mail.references, mail.inReplyTo]).toEqual([['<1@a>', '<2@a>'], ['<3@a>']])
})

test('an invitation that comes twice is one file; winmail.dat, forwards and signatures stay what they are', async () => {
  const ics = 'BEGIN:VCALENDAR\nUID:7@x\nEND:VCALENDAR'
  const mail = await read(
    mixed(
      part('text/plain', 'come'),
      part('text/calendar; method=REQUEST', ics),
      part('application/ics; name=invite.ics', ics, 'Content-Disposition: attachment; filename=invite.ics\n'),
      part('application/ms-tnef', 'xx'),
      part('message/rfc822', 'Subject: Inner\n\nDo not read me'),
      part('application/pkcs7-signature; name=smime.p7s', 'sig'),
    ),
  )
  expect(mail.attachments.map(({ name }) => name)).toEqual(['invite.ics', 'winmail.dat', 'Inner.eml', 'smime.p7s'])
  expect(mail.fullText).toBe('come')
})

test('file names are read in every way they are written', async () => {
  const names = [
    "filename*0*=utf-8''%D0%9F; filename*1*=%D1%80.pdf",
    'filename="=?utf-8?B?0J/RgC5wZGY=?="',
    "filename*=koi8-r''%F0%D2.pdf",
  ]
  const mail = await read(
    mixed(...names.map((name) => part('application/pdf', 'x', `Content-Disposition: attachment; ${name}\n`))),
  )
  expect(mail.attachments.map(({ name }) => name)).toEqual(['Пр.pdf', 'Пр.pdf', 'Пр.pdf'])
})

test('a picture of the mail itself is inline where its HTML shows it', async () => {
  const picture = (id: string) => part('image/png', 'x', `Content-ID: <${id}>\n`)
  const mail = await read(mixed(part('text/html', '<p>a<img src="cid:one@x"></p>'), picture('one@x'), picture('two@x')))
  expect(mail.attachments.map(({ cid, inline }) => [cid, inline])).toEqual([
    ['one@x', true],
    ['two@x', false],
  ])
  expect(mail.html).toContain('data-cid="one@x"')
})

test.each([
  ['multipart/signed; protocol="application/pkcs7-signature"; boundary=b', 'smimeSigned'],
  ['multipart/signed; protocol="application/pgp-signature"; boundary=b', 'pgpSigned'],
  ['multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b', 'pgpEncrypted'],
  ['application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m', 'smimeEncrypted'],
])('%s is labelled', async (type, label) => {
  const mail = await read(`Content-Type: ${type}\n\n${part('text/plain', 'x')}--b--`)
  expect(mail.protection).toBe(label)
  if (label === 'smimeEncrypted') expect(mail.attachments[0]?.name).toBe('smime.p7m')
})

test('verdicts are those of our own server only, and of its newest header', async () => {
  const good =
    'Authentication-Results: mx.desk.test (x; dmarc=fail); spf=pass smtp.mailfrom=a; dkim=fail header.d=b; dkim=pass header.d=a; dmarc=pass'
  const forged = 'Authentication-Results: mx.desk.test; dmarc=fail'
  const foreign = 'Authentication-Results: evil.example; dmarc=pass; spf=pass'
  const verdicts = async (...headers: string[]) =>
    (await read(`${headers.join('\n')}\n\nx`, { authservId: 'MX.desk.test' })).authentication
  expect(await verdicts(foreign, good, forged)).toEqual({ spf: 'pass', dkim: 'pass', dmarc: 'pass' })
  expect(await verdicts(foreign)).toBeUndefined()
  expect(
    await verdicts('Authentication-Results: evil.example (mx.desk.test); "mx.desk.test"; dmarc=pass'),
  ).toBeUndefined()
  expect((await read(`${good}\n\nx`)).authentication).toBeUndefined()
})

test.each([
  ['Auto-Submitted: auto-replied (vacation)', 'autoSubmitted'],
  ['Return-Path: <>', 'nullReturnPath'],
  ['Precedence: bulk', 'precedence'],
  ['List-Id: News <n.example>', 'list'],
  ['X-Auto-Response-Suppress: OOF', 'suppress'],
  ['X-Autoreply: yes', 'autoreply'],
  ['From: No-Reply <no-reply@shop.example>', 'sender'],
  ['From: MAILER-DAEMON@mx.example', 'sender'],
  ['X-Loop: support@desk.test', 'loop'],
  ['Subject: =?utf-8?B?6Ieq5Yqo5Zue5aSNOiDmgqjlpb0=?=', 'subject'],
  ['Subject: Automatic reply: Order', 'subject'],
  ['Auto-Submitted: no', null],
  ['From: Norbert Reply <nor@shop.example>\nReturn-Path: <nor@shop.example>', null],
])('%s: automatic by %s', async (head, reason) => {
  const mail = await read(`${head}\n\nx`)
  expect([mail.automatic, mail.automaticReason]).toEqual([reason !== null, reason])
})

test.each([
  ['Auto-Submitted: auto-replied (vacation)', true],
  ['Auto-Submitted: Auto-Replied; owner-email="a@b.example"', true],
  ['X-Autoreply: yes', true],
  ['Precedence: auto_reply', true],
  ['Content-Type: multipart/report; report-type=disposition-notification; boundary=x', true],
  ['From: MAILER-DAEMON@mx.example\nX-Failed-Recipients: gone@example.net', true],
  ['Auto-Submitted: auto-generated\nSubject: Automatic reply: Order', true],
  ['Return-Path: <>\nSubject: =?utf-8?B?6Ieq5Yqo5Zue5aSNOiDmgqjlpb0=?=', true],
  ['Subject: Out of office hours, who answers?', false],
  ['Auto-Submitted: auto-generated\nSubject: Re: Order', false],
  ['Auto-Submitted: no\nSubject: Automatic reply: Order', false],
  ['Return-Path: <>', false],
  ['List-Id: News <n.example>', false],
  ['Precedence: bulk', false],
  ['From: No-Reply <no-reply@shop.example>', false],
  ['X-Failed-Recipients: gone@example.net', false],
])('%s: nobody wrote it, %s', async (head, byProgram) => {
  expect((await read(`${head}\n\nx`)).byProgram).toBe(byProgram)
})

test('flowed lines are joined, quotes by their depth, and the signature mark is no soft end', async () => {
  const body = 'one \ntwo\n> three \n> four\n\n-- \nJane'
  const mail = await read(`Content-Type: text/plain; format=flowed\n\n${body}`)
  expect(mail.fullText).toBe('one two\n> three four\n\n-- \nJane')
})

test('pieces of base64 that each have an end are one file', async () => {
  const encoded = `${Buffer.from('a').toString('base64')}\n${Buffer.from('bcd').toString('base64')}`
  const mail = await read(mixed(part('application/pdf', encoded, 'Content-Transfer-Encoding: base64\n')))
  expect(Buffer.from(mail.attachments[0]?.bytes ?? []).toString()).toBe('abcd')
})
