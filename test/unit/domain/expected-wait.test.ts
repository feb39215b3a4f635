import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectedWait } from '../../../src/domain/expected-wait.ts'
import { noticeWords, placeText } from '../../../src/domain/notice-words.ts'
import { placeMoved } from '../../../src/domain/queue-place.ts'

const hour = 3_600_000

describe('the expected wait', () => {
  it('is a range around what the rate says, and nothing where too little was seen or nobody takes work', () => {
    expect(expectedWait(3, { given: 30, withinMs: hour })).toEqual({ low: 2, high: 10 })
    expect(expectedWait(10, { given: 60, withinMs: hour })).toEqual({ low: 6, high: 14 })
    expect(expectedWait(1, { given: 200, withinMs: hour })).toEqual({ low: 1, high: 1 })
    expect(expectedWait(1, { given: 4, withinMs: hour })).toBeNull()
    expect(expectedWait(1, null)).toBeNull()
    expect(expectedWait(200, { given: 5, withinMs: 2 * hour })).toBeNull()
  })

  it('holds for most of those who wait in a queue with that rate', () => {
    let seed = 7
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed / 2_147_483_648
    }
    const minutes = (count: number) => {
      let sum = 0
      for (let k = 0; k < count; k++) sum -= 2 * Math.log(1 - random())
      return sum
    }
    const said = expectedWait(6, { given: 30, withinMs: hour })!
    const waits = Array.from({ length: 4_000 }, () => minutes(6))
    const right = waits.filter((wait) => wait >= said.low - 0.5 && wait <= said.high + 0.5).length / waits.length
    expect(right).toBeGreaterThan(0.6)
    expect(right).toBeLessThan(0.95)
  })

  it('never promises less the further back somebody stands', () => {
    const service = fc.record({
      given: fc.integer({ min: 5, max: 500 }),
      withinMs: fc.integer({ min: 60_000, max: 2 * hour }),
    })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 199 }), service, (place, seen) => {
        const [near, far] = [expectedWait(place, seen), expectedWait(place + 1, seen)]
        if (near) expect(near.low).toBeLessThanOrEqual(near.high)
        if (near && far) expect([near.low <= far.low, near.high <= far.high]).toEqual([true, true])
        if (!near) expect(far).toBeNull()
      }),
    )
  })
})

it('a place is told in five languages, in hours where minutes would say too much', () => {
  const told = (language: string, wait: { low: number; high: number } | null) =>
    placeText(noticeWords(language), 3, wait)
  expect(told('en', { low: 4, high: 9 })).toBe('Your place in the queue: 3. Expected wait: about 4 to 9 minutes.')
  expect(told('en', null)).toBe('Your place in the queue: 3.')
  expect(told('en', { low: 50, high: 130 })).toBe('Your place in the queue: 3. Expected wait: about 1 to 3 hours.')
  expect(told('zh', { low: 4, high: 9 })).toBe('您目前排在第 3 位。预计等待约 4 到 9 分钟。')
  expect(told('ja', { low: 4, high: 9 })).toBe('現在の順番は 3 番目です。待ち時間の目安は約 4～9 分です。')
  expect(told('ko', { low: 9, high: 9 })).toBe('현재 대기 순서는 3번째입니다. 예상 대기 시간은 약 9분입니다.')
  expect(told('ru', { low: 4, high: 9 })).toBe('Ваше место в очереди: 3. Ожидание: примерно от 4 до 9 мин.')
})

it('a move is worth telling near the front, and further back when it is a good part of the way', () => {
  const at = (place: number, high = 10) => ({ place, wait: { low: 1, high } })
  expect(placeMoved(at(5), at(4))).toBe(true)
  expect(placeMoved(at(50), at(48))).toBe(false)
  expect(placeMoved(at(50), at(40))).toBe(true)
  expect(placeMoved(at(3), at(3, 11))).toBe(false)
  expect(placeMoved(at(3), at(3, 20))).toBe(true)
  expect(placeMoved(null, at(3))).toBe(true)
  expect(placeMoved(at(3), null)).toBe(true)
  expect(placeMoved(null, null)).toBe(false)
})
