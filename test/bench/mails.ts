import { randomBytes } from 'node:crypto'

export interface LoadMail {
  readonly from: string
  readonly to: string
  readonly raw: string
}

const people = 200
const run = randomBytes(4).toString('hex')
let written = 0

const words =
  'the parcel did not arrive and tracking has shown the same place for a week could you please look where it is now'
const sentence = `${words}. 我的订单还没有到，请帮忙查一下。`
const quoted = 'On Mon, Mar 2, 2026 at 9:05 AM Support <support@desk.test> wrote:'

/** Two in three open a conversation, the third goes on with its sender's; as Gmail writes them, 2.3 kB on average. */
export function mailTo(to: string): LoadMail {
  written += 1
  const person = written % people
  const from = `person-${person}@example.test`
  const before = written > people && written % 3 === 0 ? idOf(written - people) : undefined
  const headers = [
    `Received: from mail.example.test ([192.0.2.${person}]) by mx.desk.test with ESMTPS id ${written}; Mon, 2 Mar 2026 09:05:00 +0000`,
    `Date: Mon, 2 Mar 2026 09:05:00 +0000`,
    `From: =?UTF-8?B?${Buffer.from(`Person ${person} 王`).toString('base64')}?= <${from}>`,
    `To: Support <${to}>`,
    `Subject: ${before ? 'Re: ' : ''}Order ${person * 7919} has not arrived`,
    `Message-ID: ${idOf(written)}`,
    ...(before ? [`In-Reply-To: ${before}`, `References: ${before}`] : []),
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative; boundary="b${written}"`,
  ]
  return { from, to, raw: [...headers, '', ...bodyOf(written)].join('\r\n') }
}

function idOf(number: number): string {
  return `<${run}.${number}@example.test>`
}

function bodyOf(number: number): string[] {
  const said = Array.from({ length: 1 + (number % 4) }, () => sentence)
  const text = [...said, '', quoted, ...said.map((line) => `> ${line}`)].join('\r\n')
  const html = `<div dir="ltr">${said.map((line) => `<p>${line}</p>`).join('')}</div><div class="gmail_quote"><div dir="ltr" class="gmail_attr">${quoted.replace(/[<>]/g, '')}<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex">${said.join('<br>')}</blockquote></div>`
  return [
    `--b${number}`,
    'Content-Type: text/plain; charset="UTF-8"',
    'Content-Transfer-Encoding: 8bit',
    '',
    text,
    `--b${number}`,
    'Content-Type: text/html; charset="UTF-8"',
    'Content-Transfer-Encoding: 8bit',
    '',
    html,
    `--b${number}--`,
    '',
  ]
}
