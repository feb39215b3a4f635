import {
  isAttribution,
  isForwardMark,
  isForwardSubject,
  isHeaderBlock,
  isProgramsLine,
  isSeparator,
} from './quote-marks.ts'

/** An attribution may be broken over so many lines. */
const wrapped = 4
const signatureLines = 15

/** What is new in a mail. All of it when it forwards, answers between the lines, or nothing would be left. */
export function visibleText(full: string, subject: string): string {
  const lines = full.split('\n')
  const bare = lines.map((line) => line.replace(/&nbsp;|\u00a0/g, ' ').trim())
  const cut = quoteStart(bare)
  if (isForwardSubject(subject) || bare.slice(0, cut.at + 1).some(isForwardMark)) return full
  if (answersBetween(bare, cut)) return full
  const kept = withoutSignature(lines.slice(0, cut.at), bare)
  return kept.join('\n').trim() || full
}

interface Cut {
  /** The first line that is not new. */
  readonly at: number
  /** Where what is quoted begins. */
  readonly quoted: number
  readonly how: 'attribution' | 'block' | 'marks' | 'none'
}

const isMarked = (line: string) => line.startsWith('>') || line.startsWith('＞')

function quoteStart(bare: readonly string[]): Cut {
  for (let at = 0; at < bare.length; at += 1) {
    const line = bare[at] ?? ''
    if (line === '' || isMarked(line)) continue
    if (isSeparator(line)) return { at, quoted: at + 1, how: 'block' }
    if (isHeaderBlock(bare, at)) return { at: aboveRule(bare, at), quoted: at + 1, how: 'block' }
    const end = attributionEnd(bare, at)
    if (end > at) return { at, quoted: end, how: 'attribution' }
  }
  const last = bare.findLastIndex((line) => line !== '' && !isMarked(line) && !isProgramsLine(line))
  const first = bare.findIndex((line, index) => index > last && isMarked(line))
  return first < 0 ? { at: bare.length, quoted: bare.length, how: 'none' } : { at: first, quoted: first, how: 'marks' }
}

/** The line after the attribution that begins at `at`, else `at`. */
function attributionEnd(bare: readonly string[], at: number): number {
  let joined = ''
  for (let end = at; end < Math.min(at + wrapped, bare.length); end += 1) {
    const line = bare[end] ?? ''
    if (line === '' || isMarked(line) || line.length > 300) return at
    joined = joined === '' ? line : `${joined} ${line}`
    if (!/[:：]$/.test(line)) continue
    // Lines above it that it does not need are the author's own.
    const needed = end === at || !isAttribution(line) || /^(?:on|am|le|el|at|在|於|于)\s/i.test(bare[at] ?? '')
    return needed && isAttribution(joined) && beginsLikeOne(joined, end > at) ? end + 1 : at
  }
  return at
}

/** Joined lines must begin as such lines do, or a sentence before it would be taken away with it. */
const beginsLikeOne = (joined: string, isJoined: boolean) =>
  !isJoined ||
  /^(?:on|am|le|el|at|在|於|于|den|il|(?:пн|вт|ср|чт|пт|сб|вс)|\d|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)[\s,.\d]?/i.test(
    joined,
  )

/** Outlook draws a line above its block. */
function aboveRule(bare: readonly string[], at: number): number {
  const above = bare.findLastIndex((line, index) => index < at && line !== '')
  return above >= 0 && /^(?:[_-]{5,}|[—=*-]{5,})$/.test(bare[above] ?? '') ? above : at
}

/** Own words after or between quoted lines. */
function answersBetween(bare: readonly string[], cut: Cut): boolean {
  if (cut.how === 'block') return bare.slice(0, cut.at).some(isMarked)
  const firstMark = bare.findIndex(isMarked)
  if (firstMark < 0) return false
  const until = cut.how === 'marks' ? cut.at : bare.length
  const rest = bare.slice(firstMark, until)
  const end = rest.findIndex((line) => /^(?:--|_{5,})$/.test(line))
  return rest
    .slice(0, end < 0 ? rest.length : end)
    .some((line) => line !== '' && !isMarked(line) && !isProgramsLine(line))
}

function withoutSignature(lines: readonly string[], bare: readonly string[]): readonly string[] {
  let end = lines.length
  const dashes = lines.findIndex(
    (line, at) => at > 0 && bare[at] === '--' && (line.startsWith('-- ') || lines.length - at < signatureLines),
  )
  if (dashes > 0 && bare.slice(0, dashes).some((line) => line !== '')) end = dashes
  while (end > 0 && (bare[end - 1] === '' || isProgramsLine(bare[end - 1] ?? ''))) end -= 1
  return lines.slice(0, end)
}
