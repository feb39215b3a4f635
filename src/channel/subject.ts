// "Re:", "Fwd:" and what other languages' programs write for them; also "Re[2]:" and the full-width colon.
const prefix =
  /^\s*(?:re|aw|sv|vs|antw|odp|rif|ynt|fwd?|wg|tr|rv|enc|pd|vl|ответ|отв|пересл|回复|回覆|答复|答覆|转发|轉寄|轉發|返信|転送|답장|회신|전달)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]/iu

/** The subject without the prefixes of answers and forwards, folded: two letters of one matter have the same. */
export function subjectKeyOf(subject: string): string {
  let rest = subject.normalize('NFKC').trim()
  while (prefix.test(rest)) rest = rest.replace(prefix, '').trim()
  return rest.replace(/\s+/g, ' ').toLowerCase()
}

/** The subject of an answer: prefixed once, whatever it had before. */
export function answerSubject(subject: string): string {
  let rest = subject.trim()
  while (prefix.test(rest)) rest = rest.replace(prefix, '').trim()
  return rest === '' ? 'Re:' : `Re: ${rest}`
}
