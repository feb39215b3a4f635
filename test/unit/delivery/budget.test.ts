import { describe, expect, it } from 'vitest'
import { createBudget } from '../../../src/delivery/budget.ts'

const where = { inboxId: '1', place: 'room' }

describe('the budget of a process', () => {
  it('lets an inbox have no more at once than its share', () => {
    const budget = createBudget(2)
    budget.started('1')
    expect(budget.allowances().get('1')).toBe(1)
    budget.started('1')
    expect(budget.allowances().get('1')).toBe(0)
    budget.ended('1')
    expect(budget.allowances().get('1')).toBe(1)
  })

  it('narrows an inbox that was told to slow down, and widens it again with success', () => {
    const budget = createBudget(4)
    budget.started('1')
    budget.limited(where, 'inbox', 100)
    budget.ended('1')
    expect(budget.allowances().get('1')).toBe(2)
    budget.limited(where, 'inbox', 100)
    budget.limited(where, 'inbox', 100)
    expect(budget.allowances().get('1')).toBe(1)
    for (let n = 0; n < 1 + 2 + 3; n++) budget.succeeded('1')
    expect(budget.allowances().get('1')).toBe(4)
  })

  it('pauses the place of a limited thread until the wait is over', () => {
    let now = 0
    const budget = createBudget(4, () => now)
    budget.limited(where, 'thread', 100)
    expect(budget.pausedPlaces()).toEqual([where])
    now = 100
    expect(budget.pausedPlaces()).toEqual([])
  })

  it('forgets an idle inbox', () => {
    const budget = createBudget(4)
    budget.started('1')
    budget.ended('1')
    expect(budget.allowances().size).toBe(0)
  })
})
