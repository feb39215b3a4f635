import { deflateSync } from 'node:zlib'
import type { InboundMessage, LetterAddress } from '../../../src/channel/contract.ts'
import { letterOf } from '../../support/letters.ts'

export const maria: LetterAddress = { name: 'Maria Rossi', address: 'maria.rossi@customer.example' }
const boss: LetterAddress = { name: 'Paolo Bianchi', address: 'paolo@customer.example' }
const books: LetterAddress = { name: '', address: 'accounting@customer.example' }

const rows = Array.from(
  { length: 24 },
  (_, at) =>
    `<tr><td style="padding:6px 10px;border-bottom:1px solid #ddd">2026-10-${String(at + 1).padStart(2, '0')}</td><td style="padding:6px 10px;border-bottom:1px solid #ddd">Trade ${77120934 + at}</td><td style="padding:6px 10px;border-bottom:1px solid #ddd;text-align:right">${(0.42 * (at + 1)).toFixed(2)} BTC</td></tr>`,
).join('')

/** Long, with a table, a picture of its own and two that would be fetched from elsewhere. */
export function longMail(pictureFileId: string): InboundMessage {
  return letterOf('Dear support, please check the fees of October. The list is below.', {
    from: maria,
    sender: { key: maria.address, name: maria.name, email: { address: maria.address, verified: true } },
    subject: 'Fees of October: please check',
    html: `<div style="font-family:Georgia,serif"><p><img data-remote="https://pictures.customer.example/logo.png" alt="Customer Ltd" width="140" height="32"></p>
      <h2 style="color:#7a1f3d">Fees of October</h2><p>Dear support,</p><p>please check the <b>fees of October</b>. Our own list is below; the screenshot shows
      what your page says. <a href="https://customer.example/fees">Our list</a></p><p><img data-cid="shot@customer" alt="Screenshot" width="320" height="120"></p>
      <table style="border-collapse:collapse;width:100%">${rows}</table><p>Kind regards,<br>Maria Rossi</p>
      <p><img data-remote="https://pictures.customer.example/seen.gif" alt="" width="1" height="1"></p></div>`,
    attachments: [
      { name: 'screenshot.png', type: 'image/png', inline: true, ref: { cid: 'shot@customer' }, fileId: pictureFileId },
      { name: 'fees-october.csv', type: 'text/csv', size: 18_204, ref: { cid: null } },
    ],
    envelope: {
      cc: [boss, books],
      others: [boss, books],
      date: '2026-11-03T09:12:00+01:00',
      authentication: { spf: 'pass', dkim: 'pass', dmarc: 'pass' },
    },
  })
}

export const chineseMail = (): InboundMessage =>
  letterOf(
    '您好：\n\n附件里的发票抬头写错了，应为“杭州云河科技有限公司”，麻烦重新开一张。另外想确认一下，十月份的手续费是按VIP2计算的吗？\n\n谢谢！\n王小雨',
    {
      from: { name: '王小雨', address: 'wang.xiaoyu@qq.example' },
      subject: '回复：关于十月发票抬头的问题',
      fullText:
        '您好：\n\n附件里的发票抬头写错了，应为“杭州云河科技有限公司”，麻烦重新开一张。\n\n------------------ 原始邮件 ------------------\n发件人: "Support" <support@northstar.example>\n发送时间: 2026年11月2日(星期一) 下午3:20\n收件人: "王小雨"\n主题: 关于十月发票抬头的问题\n\n您的发票已开具，请查收附件。',
      envelope: { authentication: { spf: 'pass', dmarc: 'none' } },
    },
  )

/** Says it comes from somebody else; the checks say it does not. */
export const doubtfulMail = (): InboundMessage =>
  letterOf('Your account will be closed.', {
    from: { name: 'Northstar Security', address: 'security@northstar.example' },
    subject: 'Action needed: your mailbox is full',
    html: '<p>Your mailbox is full. <a href="https://northstar-login.example/">https://northstar.example/login</a></p><p><img data-remote="https://evil.example/p.png" alt="Log in" width="200" height="48"></p>',
    envelope: { authentication: { spf: 'fail', dkim: 'none', dmarc: 'fail' } },
  })

/** A PNG of one colour. */
export function picture(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const size = Buffer.alloc(4)
    size.writeUInt32BE(data.length)
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc(body))
    return Buffer.concat([size, body, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, 0x9c)])
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => line)))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}

function crc(bytes: Buffer): number {
  let sum = ~0
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}
