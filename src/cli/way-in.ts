import { hostname } from 'node:os'
import type { Config } from '../../config/index.ts'

const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|::1)$/.test(host)

/** For whoever sits elsewhere: how to open what listens on this machine alone. null: there is an address for everybody. */
export function wayIn(config: Pick<Config, 'host' | 'publicUrlIsDefault'>, port: string): string | null {
  if (!config.publicUrlIsDefault || !isLoopback(config.host) || port === '0') return null
  const there = config.host.includes(':') ? `[${config.host}]` : config.host
  return `From your own computer: ssh -L ${port}:${there}:${port} ${hostname()}, then open http://localhost:${port}`
}
