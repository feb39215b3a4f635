/** How mail programs introduce what they quote, in the languages we read. A line, trimmed and without quote marks. */

const longest = 400

/** "On … wrote:": with a date, and a word for writing or the address of who wrote. */
export function isAttribution(line: string): boolean {
  if (line.length > longest || line.length < 8 || !/[:：]$/.test(line)) return false
  if (!/\d/.test(line)) return false
  const dated = date.test(line) || /\d{1,2}[:.：時时시]\s?\d{2}/.test(line)
  return dated && (wrote.test(line) || address.test(line))
}
const date =
  /\b(?:19|20)\d{2}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d\s*[年월月]|\b(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)/i
const wrote =
  /(?:\bwrote|\bschrieb(?:\s.{1,120})?|\ba écrit|\bescribió|написал(?:\(а\)|\(-а\)|а)?|пишет|写道|寫道|来信说|のメール|(?:さん)?(?:は|が)?書きました|작성|님이\s?(?:작성|씀)|썼습니다)\s*[:：]$/i
const address = /[<(["]?(?:mailto:)?[^\s<>()@"]+@[^\s<>()@"]+\.[^\s<>()@"]+[>)\]"]?(?:\)|>)?\s*[:：]$/

/** "-----Original Message-----" and its cousins, on a line of their own. */
export function isSeparator(line: string): boolean {
  return line.length < 120 && separator.test(line)
}
const separator = new RegExp(
  `^[-—_=*\\s]{2,}(?:${[
    'original message|original mail|original|reply message|urspr(?:ü|ue)ngliche (?:nachricht|mail)|message d.origine|message original',
    'mensaje original|исходное сообщение|оригинальное сообщение|первоначальное сообщение',
    '原始邮件|原邮件|原始信件|原始郵件|回复的原邮件|回复的邮件|元のメッセージ|オリジナルメッセージ|원본 ?메시지|원본 ?메일|원본 내용',
  ].join('|')})[-—_=*:：\\s]*$`,
  'i',
)

/** Somebody else's mail handed on: all of it is what the sender wants read. */
export function isForwardMark(line: string): boolean {
  return line.length < 120 && forward.test(line)
}
const forward = new RegExp(
  `^(?:[-—_=*\\s]{2,}\\s*(?:${[
    'forwarded (?:message|mail)|weitergeleitete (?:nachricht|mail)|message transféré|courriel transféré|mensaje reenviado',
    '(?:начало )?пересыла\\S* (?:сообщени|письм)\\S*|пересылаемое сообщение|转发的?邮件|转发邮件信息|轉寄的?郵件|転送(?:された)?(?:メッセージ|メール)|전달된 ?(?:메시지|메일)|전달 ?메일',
  ].join(
    '|',
  )})|begin forwarded message:|anfang der weitergeleiteten|début du message réexpédié|inicio del mensaje reenviado|начало переадресованного|下面是被转发的邮件|以下是轉寄的|転送されたメッセージ|전달된 메시지 시작)`,
  'i',
)
export const isForwardSubject = (subject: string) =>
  /^\s*(?:fwd?|wg|tr|rv|pd|i|enc|пересл|fw|转发|轉寄|轉發|転送|전달)\s*[:：]/i.test(subject)

const word = (words: string) => new RegExp(`^[|*\\s]*(?:${words})[*\\s]*[:：|]`, 'i')
const fromWord = word('from|von|de|от(?: кого)?|发件人|寄件者|寄件人|差出人|送信者|보낸 ?사람|발신인')
const otherWord = word(
  [
    'sent|date|to|cc|subject|reply-to|gesendet|datum|an|betreff|envoyé(?: le)?|à|objet|enviado(?: el)?|fecha|para|asunto',
    'отправлено|дата|кому|копия|тема|发送时间|发送日期|日期|时间|收件人|抄送人?|主题|傳送時間|傳送|寄件日期|收件者|副本|主旨',
    '送信日時|日時|日付|宛先|件名|보낸 ?날짜|날짜|받는 ?사람|받은 ?사람|수신|참조|제목|일시',
  ].join('|'),
)

/** "From: … Sent: … To: … Subject: …" begins at this line. */
export function isHeaderBlock(lines: readonly string[], at: number): boolean {
  if (!fromWord.test(lines[at]?.slice(0, 60) ?? '')) return false
  const next = lines.slice(at + 1, at + 10).filter((line) => line !== '' && !/^[|\s-]+$/.test(line))
  return next.slice(0, 5).filter((line) => otherWord.test(line.slice(0, 60))).length >= 2
}

/** What a program puts under a mail by itself. */
export function isProgramsLine(line: string): boolean {
  return line.length < 100 && programs.test(line.replace(/ ?<https?:[^>]*>/g, ''))
}
const programs = new RegExp(
  `^[-_\\s]*(?:${[
    'sent (?:from|via|with|using) (?:my |the |a )?\\S.{0,60}|get outlook for .{1,30}|(?:von|gesendet (?:von|mit)) .{1,60}(?:gesendet)?|diese nachricht wurde von .{1,60} gesendet',
    'envoyé (?:de(?:puis)?|à partir de) .{1,60}|obtenir outlook pour .{1,30}|enviado (?:desde|con) .{1,60}|obtener outlook para .{1,30}',
    'отправлено (?:из|с|от) .{1,60}|发自.{1,40}|发送自.{1,40}|从我的.{1,40}(?:发送|发出)|來自.{1,40}|從我的.{1,40}(?:傳送|寄出|傳送的)|(?:获取|下载) ?outlook for .{1,30}',
    '.{1,40}から送信|outlook for .{1,20}を入手|(?:나의|내|제)? ?.{1,40}에서 보냄|outlook for .{1,20} 다운로드',
  ].join('|')})\\.?$`,
  'i',
)
