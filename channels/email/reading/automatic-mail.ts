import { firstOf, type Head } from './headers.ts'

const roles =
  /^(?:mailer-?daemon|postmaster|(?:no|do-?not)[-_.]?reply|bounces?|auto-?reply|notifications?[-_.]no-?reply)(?:[+.=-].*)?$/i
const daemons = /^(?:mailer-?daemon|postmaster)$/i
const subjects =
  /^(?:(?:re|aw|sv|回复|返信)\s*[:：]\s*)?(?:auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|automatische antwort|abwesenheits|réponse automatique|absence du bureau|respuesta automática|автоответ|автоматический ответ|自动回复|自動回覆|自动答复|自動返信|自動応答|不在通知|자동\s?회신|자동\s?응답|부재중)/i

const answerers = ['x-autoreply', 'x-autorespond', 'x-autoresponse', 'x-auto-reply-from']
const bulk = /^(?:bulk|junk|list|auto[_-]?reply)\b/i

/** Why no program may answer it (RFC 3834), or null. What only the inbox knows (its own addresses) is not looked at. */
export function automaticReason(head: Head, from: string, subject: string, isReport: boolean): string | null {
  const has = (key: string) => firstOf(head, key) !== ''
  const submitted = submittedBy(head)
  const rules: readonly (readonly [string, boolean])[] = [
    ['report', isReport],
    ['nullReturnPath', /^<\s*>$/.test(firstOf(head, 'return-path'))],
    ['autoSubmitted', submitted !== '' && submitted !== 'no'],
    ['precedence', bulk.test(firstOf(head, 'precedence'))],
    ['list', has('list-id') || has('list-unsubscribe') || has('list-post')],
    ['suppress', has('x-auto-response-suppress')],
    ['autoreply', answerers.some(has)],
    ['loop', has('x-loop')],
    ['sender', roles.test(from.split('@')[0] ?? '')],
    ['subject', subjects.test(subject)],
  ]
  return rules.find(([, holds]) => holds)?.[0] ?? null
}

/**
 * Whether nobody wrote it: it says that it is an answer by a program, or is a report. Less than that proves nothing: people write
 * to us by lists, by forms, from addresses that take no answer, and through desks that mark their words "auto-generated".
 * Vacation programs that only say they are programs are told by the subject that they give to everything.
 */
export function isByProgram(
  head: Head,
  from: string,
  subject: string,
  says: { readonly report: boolean; readonly bounce: boolean },
): boolean {
  const submitted = submittedBy(head)
  if (says.report || (says.bounce && daemons.test(from.split('@')[0] ?? ''))) return true
  if (submitted === 'auto-replied' || submitted === 'auto-notified') return true
  const precedence = firstOf(head, 'precedence')
  if (answerers.some((key) => firstOf(head, key) !== '') || /^auto[_-]?reply\b/i.test(precedence)) return true
  const someProgram =
    (submitted !== '' && submitted !== 'no') ||
    /^<\s*>$/.test(firstOf(head, 'return-path')) ||
    firstOf(head, 'x-auto-response-suppress') !== '' ||
    bulk.test(precedence)
  return someProgram && subjects.test(subject)
}

/** RFC 3834, without its parameters; empty: not said. */
function submittedBy(head: Head): string {
  return (
    firstOf(head, 'auto-submitted')
      .split(/[;\s(]/)[0]
      ?.toLowerCase() ?? ''
  )
}
