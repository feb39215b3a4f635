import { firstOf, type Head } from './headers.ts'

const roles =
  /^(?:mailer-?daemon|postmaster|(?:no|do-?not)[-_.]?reply|bounces?|auto-?reply|notifications?[-_.]no-?reply)(?:[+.=-].*)?$/i
const subjects =
  /^(?:(?:re|aw|sv|回复|返信)\s*[:：]\s*)?(?:auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|automatische antwort|abwesenheits|réponse automatique|absence du bureau|respuesta automática|автоответ|автоматический ответ|自动回复|自動回覆|自动答复|自動返信|自動応答|不在通知|자동\s?회신|자동\s?응답|부재중)/i

const daemons = /^(?:mailer-?daemon|postmaster)@/i

type Given = { from: string; subject: string; isReport: boolean; isBounce: boolean }

/**
 * `reason`: why no program may answer it (RFC 3834), or null. What only the inbox knows (its own addresses) is not looked at.
 * `byProgram`: nobody wrote it. Less proves nothing: people write to us by lists, by forms, from addresses that take no answer, and
 * through desks that mark their words "auto-generated". Vacation programs that say no more are told by their subject.
 */
export function automaticOf(head: Head, { from, subject, isReport, isBounce }: Given) {
  const has = (key: string) => firstOf(head, key) !== ''
  const submitted = /^[^;\s(]*/.exec(firstOf(head, 'auto-submitted').toLowerCase())?.[0] ?? ''
  const precedence = firstOf(head, 'precedence')
  const rules: readonly (readonly [string, boolean])[] = [
    ['report', isReport],
    ['nullReturnPath', /^<\s*>$/.test(firstOf(head, 'return-path'))],
    ['autoSubmitted', submitted !== '' && submitted !== 'no'],
    ['precedence', /^(?:bulk|junk|list|auto[_-]?reply)\b/i.test(precedence)],
    ['list', has('list-id') || has('list-unsubscribe') || has('list-post')],
    ['suppress', has('x-auto-response-suppress')],
    ['autoreply', ['x-autoreply', 'x-autorespond', 'x-autoresponse', 'x-auto-reply-from'].some(has)],
    ['loop', has('x-loop')],
    ['sender', roles.test(from.split('@')[0] ?? '')],
    ['subject', subjects.test(subject)],
  ]
  const holding = rules.filter(([, holds]) => holds).map(([name]) => name)
  const one = (...names: string[]) => names.some((name) => holding.includes(name))
  const says = /^auto-(?:replied|notified)$/.test(submitted) || /^auto[_-]?reply\b/i.test(precedence)
  const vacation = one('subject') && one('autoSubmitted', 'nullReturnPath', 'precedence', 'suppress')
  const byProgram = says || vacation || one('report', 'autoreply') || (isBounce && daemons.test(from))
  return { reason: holding[0] ?? null, byProgram }
}
