import { firstOf, type Head } from './headers.ts'

const roles =
  /^(?:mailer-?daemon|postmaster|(?:no|do-?not)[-_.]?reply|bounces?|auto-?reply|notifications?[-_.]no-?reply)(?:[+.=-].*)?$/i
const subjects =
  /^(?:(?:re|aw|sv|回复|返信)\s*[:：]\s*)?(?:auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|automatische antwort|abwesenheits|réponse automatique|absence du bureau|respuesta automática|автоответ|автоматический ответ|自动回复|自動回覆|自动答复|自動返信|自動応答|不在通知|자동\s?회신|자동\s?응답|부재중)/i

/** Why no program may answer it (RFC 3834), or null. What only the inbox knows (its own addresses) is not looked at. */
export function automaticReason(head: Head, from: string, subject: string, isReport: boolean): string | null {
  const has = (key: string) => firstOf(head, key) !== ''
  const submitted = firstOf(head, 'auto-submitted').split(/[;\s]/)[0]?.toLowerCase() ?? ''
  const rules: readonly (readonly [string, boolean])[] = [
    ['report', isReport],
    ['nullReturnPath', /^<\s*>$/.test(firstOf(head, 'return-path'))],
    ['autoSubmitted', submitted !== '' && submitted !== 'no'],
    ['precedence', /^(?:bulk|junk|list|auto[_-]?reply)\b/i.test(firstOf(head, 'precedence'))],
    ['list', has('list-id') || has('list-unsubscribe') || has('list-post')],
    ['suppress', has('x-auto-response-suppress')],
    ['autoreply', ['x-autoreply', 'x-autorespond', 'x-autoresponse', 'x-auto-reply-from'].some(has)],
    ['loop', has('x-loop')],
    ['sender', roles.test(from.split('@')[0] ?? '')],
    ['subject', subjects.test(subject)],
  ]
  return rules.find(([, holds]) => holds)?.[0] ?? null
}
