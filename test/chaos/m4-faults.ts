import type { SmtpFault, SmtpStep } from '../support/smtp-stand-in.ts'

/** One way of a relay to misbehave, once for a letter, and what must come of the letter. */
export interface RelayFault {
  readonly name: string
  readonly step: SmtpStep
  readonly fault: SmtpFault
  readonly end: 'sent' | 'failed' | 'uncertain'
  /** The relay asked for patience: nothing may come before that, ms. */
  readonly notBeforeMs?: number
}

/** A little less than the channel's minute: it is counted from the answer, we count from the fault. */
const putOff = { end: 'sent', notBeforeMs: 55_000 } as const

export const relayFaults: readonly RelayFault[] = [
  { name: 'dropped before the letter', step: 'data', fault: { do: 'drop' }, end: 'sent' },
  { name: 'answer lost', step: 'dot', fault: { do: 'drop', accept: true }, end: 'uncertain' },
  { name: 'put off at RCPT', step: 'rcpt', fault: { say: '451 4.7.1 come back later' }, ...putOff },
  { name: 'dropped in the letter', step: 'body', fault: { do: 'drop' }, end: 'uncertain' },
  { name: 'put off after the dot', step: 'dot', fault: { say: '452 4.3.1 disk full' }, ...putOff },
  {
    name: 'an answer in no language',
    step: 'dot',
    fault: { say: '<html>502 Bad Gateway</html>', accept: true },
    end: 'uncertain',
  },
  { name: '421 after the dot', step: 'dot', fault: { say: '421 4.3.2 shutting down' }, ...putOff },
  { name: 'lost without being taken', step: 'dot', fault: { do: 'drop' }, end: 'uncertain' },
  { name: 'nobody of that name', step: 'rcpt', fault: { say: '550 5.1.1 nobody of that name' }, end: 'failed' },
  { name: 'an answer letter by letter', step: 'dot', fault: { slowMs: 20, accept: true }, end: 'sent' },
  { name: 'half a yes', step: 'dot', fault: { half: '25', accept: true }, end: 'uncertain' },
  { name: 'moved elsewhere', step: 'rcpt', fault: { say: '551 5.1.6 try <other@example.test>' }, end: 'failed' },
  { name: 'a yes to something else', step: 'dot', fault: { say: '354 go on', accept: true }, end: 'uncertain' },
  { name: 'reset before the letter', step: 'data', fault: { do: 'reset' }, end: 'sent' },
  { name: 'reset after the letter', step: 'dot', fault: { do: 'reset', accept: true }, end: 'uncertain' },
  { name: 'a policy after the dot', step: 'dot', fault: { say: '554 5.7.1 refused' }, end: 'failed' },
]

/** Half a minute each: rarely. */
export const silences: readonly RelayFault[] = [
  { name: 'no answer for ever', step: 'dot', fault: { do: 'nothing', accept: true }, end: 'uncertain' },
  { name: 'no answer before the letter', step: 'data', fault: { do: 'nothing' }, end: 'sent' },
]
