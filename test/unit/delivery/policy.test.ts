import { describe, expect, it } from 'vitest'
import { backOffMs, giveUpAfterMs, nextStep } from '../../../src/delivery/policy.ts'

const fresh = { failures: 0, ageMs: 0, giveUpAfterMs: giveUpAfterMs.chat }
const old = { failures: 40, ageMs: giveUpAfterMs.chat, giveUpAfterMs: giveUpAfterMs.chat }

describe('nextStep', () => {
  it('tries again what did not happen, and gives up by age, not by count', () => {
    expect(nextStep({ kind: 'unavailable' }, { ...fresh, failures: 500, ageMs: 3_600_000 }, false).kind).toBe('retry')
    const patient = nextStep({ kind: 'unavailable', afterMs: 60_000 }, fresh, false)
    expect(patient).toEqual({ kind: 'retry', afterMs: 60_000 })
    expect(nextStep({ kind: 'unavailable' }, old, true)).toEqual({ kind: 'fail', failure: 'unavailable' })
  })

  it('waits as long as the platform says, whatever the age', () => {
    const limited = { kind: 'rateLimited', retryAfterMs: 700, scope: 'inbox' } as const
    expect(nextStep(limited, old, false)).toEqual({ kind: 'wait', afterMs: 700, scope: 'inbox' })
    expect(nextStep({ ...limited, retryAfterMs: 1e12 }, fresh, false)).toMatchObject({ afterMs: 3_600_000 })
    expect(nextStep({ ...limited, retryAfterMs: -5 }, fresh, false)).toMatchObject({ afterMs: 0 })
  })

  it('tells the agent why the platform refused', () => {
    expect(nextStep({ kind: 'rejected', reason: 'blocked' }, fresh, true)).toEqual({ kind: 'fail', failure: 'blocked' })
  })

  it('stops the inbox when its credentials are refused', () => {
    expect(nextStep({ kind: 'auth' }, old, true)).toEqual({ kind: 'hold' })
  })

  it('never repeats blindly what may have happened', () => {
    expect(nextStep({ kind: 'uncertain' }, fresh, false)).toEqual({ kind: 'ask' })
  })

  it('repeats it where the platform knows our key, until it is too old', () => {
    expect(nextStep({ kind: 'uncertain' }, fresh, true).kind).toBe('retry')
    expect(nextStep({ kind: 'uncertain' }, old, true)).toEqual({ kind: 'ask' })
  })
})

describe('backOffMs', () => {
  it('doubles from half a second to five minutes, with jitter only downwards', () => {
    const most = () => 1
    expect([0, 1, 2, 3].map((failures) => backOffMs(failures, most))).toEqual([500, 1_000, 2_000, 4_000])
    expect(backOffMs(1_000, most)).toBe(300_000)
    expect(backOffMs(1, () => 0)).toBe(500)
  })
})
