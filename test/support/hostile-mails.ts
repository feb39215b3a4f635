import { gzipSync } from 'node:zlib'

/** Mails made to hurt: sizes, depths and numbers that no mail program writes. */

const head = 'From: Eve <eve@example.net>\r\nSubject: Hello\r\nMessage-ID: <hostile@example.net>\r\n'
export const mb = 1024 * 1024
export const mail = (text: string) => Buffer.from(`${head}${text}`)
export const plain = (text: string) => mail(`Content-Type: text/plain\r\n\r\n${text}`)
const html = (text: string) => mail(`Content-Type: text/html; charset=utf-8\r\n\r\n${text}`)
export const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/.{76}/g, '$&\r\n')

function nested(depth: number, type: string): string {
  let text = ''
  for (let at = 0; at < depth; at += 1) text += `Content-Type: ${type}; boundary="b${at}"\r\n\r\n--b${at}\r\n`
  return `${text}Content-Type: text/plain\r\n\r\ndeep\r\n`
}

export const hostileMails: Record<string, () => Buffer> = {
  'a thousand multiparts in each other': () => mail(nested(1_000, 'multipart/mixed')),
  'two hundred multiparts in each other': () => mail(nested(200, 'multipart/alternative')),
  'five hundred forwards in each other': () =>
    mail(`${'Content-Type: message/rfc822\r\n\r\nSubject: x\r\n'.repeat(500)}\r\nend`),
  'a million headers': () => mail(`${'X-A: b\r\n'.repeat(1_000_000)}\r\ntext`),
  'a header of ten megabytes': () => mail(`To: ${'a@b.example, '.repeat(10 * 75_000)}\r\n\r\ntext`),
  'a To of brackets and quotes': () => mail(`To: ${'<"(,;:'.repeat(100_000)}\r\n\r\ntext`),
  'a Subject of encoded words': () => mail(`Subject: ${'=?utf-8?B?w6k=?= '.repeat(60_000)}\r\n\r\ntext`),
  'References without end': () => mail(`References: ${'<a@b> '.repeat(150_000)}${'<'.repeat(100_000)}\r\n\r\ntext`),
  'a line of 36 megabytes': () => plain('a'.repeat(36 * mb)),
  'a mail of 100 megabytes': () => plain('word '.repeat(20 * mb)),
  'a small mail that lies in a buffer of 100 megabytes': () =>
    Buffer.concat([plain('small'), Buffer.alloc(100 * mb, 1)]).subarray(0, 60),
  'a million short lines of quotes': () => plain('> a\r\nb\r\n'.repeat(500_000)),
  'lines that almost introduce a quote': () =>
    plain(`${'On 2024 10:00 a@b.example wrote '.repeat(9)}\r\n`.repeat(20_000)),
  'lines that almost are a block of headers': () => plain('From: a\r\nTo: b\r\n\r\n'.repeat(100_000)),
  'a hundred thousand parts': () =>
    mail(
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\nContent-Type: application/pdf\r\n\r\nx\r\n'.repeat(30_000)}`,
    ),
  'RFC 2231 out of order and without end': () =>
    mail(
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Disposition: attachment;${Array.from({ length: 20_000 }, (_, at) => ` filename*${(at * 7_919) % 20_000}*=%41;`).join('\r\n')}\r\n\r\nx\r\n--b--`,
    ),
  'two content types': () => mail('Content-Type: text/html\r\nContent-Type: text/plain\r\n\r\n<b>x</b>'),
  'NUL and bare CR': () => mail('Content-Type: text/plain\r\nX-\0: \0\r\r\n\r\n\0a\rb\0\r\r\nc'),
  'nothing but NUL': () => Buffer.alloc(5 * mb),
  'nothing at all': () => Buffer.alloc(0),
  'random bytes': () => Buffer.from(Array.from({ length: mb }, (_, at) => (at * 2_654_435_761) & 255)),
  'twenty megabytes of base64': () =>
    mail(
      `Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(Buffer.alloc(15 * mb, 7))}`,
    ),
  'a bomb of gzip': () =>
    mail(
      `Content-Type: application/gzip; name=a.gz\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(gzipSync(Buffer.alloc(50 * mb)))}`,
    ),
  'UTF-16 that is none': () => mail(`Content-Type: text/plain; charset=utf-16\r\n\r\n${'\ud800'.repeat(1000)}abc`),
  'charsets that lie': () =>
    mail(
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n${['utf-8', 'gb18030', 'iso-2022-jp', 'utf-7', 'utf-16be', 'shift_jis', 'x-unknown', '\0', 'a'.repeat(10_000)].map((charset) => `--b\r\nContent-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 2_654_435_761) & 255)))}\r\n`).join('')}--b--`,
    ),
  'a winmail.dat of nonsense': () =>
    mail(
      `Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(Buffer.concat([Buffer.from('789f3e2201', 'hex'), Buffer.alloc(5 * mb, 255)]))}`,
    ),
  'quoted-printable without meaning': () =>
    mail(
      `Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${'=\r\n=3D=ZZ='.repeat(300_000)}`,
    ),
  'ten megabytes of deep tables': () => html('<table><tr><td>'.repeat(700_000)),
  'two megabytes of deep tables': () => html('<table><tr><td>x'.repeat(120_000)),
  'HTML of open angles': () => html('<'.repeat(1_900_000)),
  'HTML of attributes': () => html(`<a ${'b="c" '.repeat(300_000)}>`),
  'HTML of styles': () =>
    html(`<p style="${'color:red;'.repeat(150_000)}">${'<i style="color:r(((((((((((((">'.repeat(20_000)}`),
  'HTML of long links': () => html(`<a href="https://a.example/${'a'.repeat(500_000)}">x</a>`.repeat(3)),
}
