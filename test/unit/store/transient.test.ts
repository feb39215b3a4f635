import { expect, test } from 'vitest'
import { isAway, isTransient } from '../../../src/store/database.ts'

const coded = (code: string) => Object.assign(new Error('no'), { code })

test.each([
  coded('57P01'),
  coded('57P03'),
  coded('08006'),
  coded('ECONNREFUSED'),
  coded('ENOENT'),
  new Error('Connection terminated unexpectedly'),
  new Error('Client has encountered a connection error and is not queryable'),
  new Error('timeout exceeded when trying to connect'),
])('a database that is gone is away, and the same work may succeed later: %s', (error) => {
  expect([isAway(error), isTransient(error)]).toEqual([true, true])
})

test.each(['40001', '40P01', '55P03', '25P03', '53300', '57014'])(
  '%s means later, from a database that is there',
  (code) => {
    expect([isAway(coded(code)), isTransient(coded(code))]).toEqual([false, true])
  },
)

test.each([coded('23505'), coded('22P02'), new Error('a bug'), null, 'no'])('%s is wrong, not late', (error) => {
  expect([isAway(error), isTransient(error)]).toEqual([false, false])
})
