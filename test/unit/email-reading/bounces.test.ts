import { expect, test } from 'vitest'
import { parseMail } from '../../../channels/email/reading/parse-mail.ts'

const read = (raw: string) => parseMail(Buffer.from(raw.replace(/\n/g, '\r\n')), true, {})
const original =
  'Message-ID: <d.77.abcdefghij@desk.test>\nFrom: support@desk.test\nTo: gone@example.net\nSubject: Re: Order\n'
const report = (type: string, status: string, returned = 'message/rfc822') =>
  `Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: support+b-77@desk.test
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=${type}; boundary="A/mx"

--A/mx
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--A/mx
Content-Type: message/${type}

${status}
--A/mx
Content-Type: ${returned}

${original}
body
--A/mx--
`
const postfix = (action: string, status: string) => `Reporting-MTA: dns; mail.desk.test
Original-Envelope-Id: 77
X-Postfix-Queue-ID: 4Tpq
Arrival-Date: Tue,  5 Mar 2024 10:00:00 +0100 (CET)

Final-Recipient: rfc822; Gone@example.net
Original-Recipient: rfc822;gone@example.net
Action: ${action}
Status: ${status}
Remote-MTA: dns; mx.example.net
Diagnostic-Code: smtp; 550 5.1.1 <gone@example.net>: Recipient address rejected: User
    unknown
`

test('a bounce of Postfix names recipient, status, envelope and the mail', async () => {
  const mail = await read(report('delivery-status', postfix('failed', '5.1.1')))
  expect(mail.bounce).toEqual([
    {
      action: 'failed',
      recipient: 'gone@example.net',
      status: '5.1.1',
      diagnostic: '550 5.1.1 <gone@example.net>: Recipient address rejected: User    unknown',
      envelopeId: '77',
      originalMessageId: '<d.77.abcdefghij@desk.test>',
    },
  ])
  expect(mail).toMatchObject({ automatic: true, automaticReason: 'report' })
  expect(mail.text).toContain('could not be delivered')
})

test('a delay is no failure', async () => {
  const mail = await read(report('delivery-status', postfix('delayed', '4.4.1'), 'text/rfc822-headers'))
  expect(mail.bounce).toMatchObject([
    { action: 'delayed', status: '4.4.1', originalMessageId: '<d.77.abcdefghij@desk.test>' },
  ])
})

test('a bounce of Gmail, whose recipient has spaces around and whose diagnostic goes over lines', async () => {
  const status = `Reporting-MTA: dns; googlemail.com
Arrival-Date: Tue, 05 Mar 2024 01:00:00 -0800 (PST)
X-Original-Message-ID: <d.77.abcdefghij@desk.test>

Final-Recipient: rfc822; gone@gmail.com
Action: failed
Status: 5.1.1
Remote-MTA: dns; gmail-smtp-in.l.google.com.
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
 550 5.1.1 https://support.google.com/mail/?p=NoSuchUser
Last-Attempt-Date: Tue, 05 Mar 2024 01:00:01 -0800 (PST)
`
  const mail = await read(report('delivery-status', status))
  expect(mail.bounce).toMatchObject([
    { action: 'failed', recipient: 'gone@gmail.com', status: '5.1.1', envelopeId: null },
  ])
})

test('a bounce of Exchange, with two recipients of different fate', async () => {
  const status = `Reporting-MTA: dns;AM0PR01.eurprd01.prod.exchangelabs.com
Received-From-MTA: dns;mail.desk.test

Final-recipient: RFC822;gone@contoso.example
Action: failed
Status: 5.1.10
Diagnostic-code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found

Final-recipient: RFC822;there@contoso.example
Action: relayed
Status: 2.0.0
`
  const mail = await read(report('delivery-status', status))
  expect(mail.bounce?.map(({ action, recipient, status }) => [action, recipient, status])).toEqual([
    ['failed', 'gone@contoso.example', '5.1.10'],
    ['other', 'there@contoso.example', '2.0.0'],
  ])
})

test('a complaint says whose it is and of which mail', async () => {
  const status =
    'Feedback-Type: abuse\nUser-Agent: SomeGenerator/1.0\nVersion: 1\nOriginal-Rcpt-To: <user@example.net>\nOriginal-Envelope-Id: 77\n'
  const mail = await read(report('feedback-report', status))
  expect(mail.bounce).toMatchObject([
    {
      action: 'other',
      recipient: 'user@example.net',
      diagnostic: 'abuse',
      envelopeId: '77',
      originalMessageId: '<d.77.abcdefghij@desk.test>',
    },
  ])
})

test('what Exim and qmail write without a report is understood', async () => {
  const exim = await read(
    `Return-Path: <>\nX-Failed-Recipients: gone@example.net\n\nThis message was created automatically.\n\n------ This is a copy ------\n\n${original}`,
  )
  expect(exim.bounce).toMatchObject([
    { action: 'failed', recipient: 'gone@example.net', originalMessageId: '<d.77.abcdefghij@desk.test>' },
  ])
  const qmail = await read(
    `Return-Path: <>\n\nHi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver.\n\n<gone@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n${original}`,
  )
  expect(qmail.bounce).toMatchObject([{ action: 'failed', recipient: 'gone@example.net', status: '5.1.1' }])
})

test('an answer from a person, a read receipt and a vacation reply are no bounces', async () => {
  expect((await read('Subject: Re: x\n\nMy mail to <a@b.example>:\nwas returned')).bounce).toBeNull()
  const receipt =
    'Reporting-UA: x\nFinal-Recipient: rfc822;a@b.example\nDisposition: manual-action/MDN-sent-manually; displayed\n'
  expect(await read(report('disposition-notification', receipt))).toMatchObject({ bounce: null, automatic: true })
  const away = await read('Auto-Submitted: auto-replied\nSubject: Out of office\n\nI am away')
  expect(away).toMatchObject({ bounce: null, automatic: true, text: 'I am away' })
})
