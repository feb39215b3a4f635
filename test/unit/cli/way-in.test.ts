import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { readConfig } from '../../../config/index.ts'
import { wayIn } from '../../../src/cli/way-in.ts'

const way = (given: Record<string, string>, port = '3000') => wayIn(readConfig(given), port)

test('who listens on the loopback alone is told how to get there from elsewhere', () => {
  const line = `From your own computer: ssh -L 3000:127.0.0.1:3000 ${hostname()}, then open http://localhost:3000`
  expect(way({})).toBe(line)
  expect(way({ HOST: 'localhost' })).toContain('3000:localhost:3000')
})

test('nothing is said where there is an address for everybody, or no port yet', () => {
  expect(way({ PUBLIC_URL: 'https://support.example.com' })).toBeNull()
  expect(way({ HOST: '0.0.0.0' })).toBeNull()
  expect(way({}, '0')).toBeNull()
})
