import { type Report, tolerableSkewMs } from './doctor-report.ts'
import { oneLine } from './one-line.ts'

/** For the way out to the proxy and back, ms. */
const patience = 5000
/** A Date header counts whole seconds, ms. */
const grain = 1000

export interface Address {
  readonly publicUrl: string
  readonly publicUrlIsDefault: boolean
  readonly running: boolean
}

/** Whether people and platforms reach us where we tell them to, and what time it is there. */
export async function checkAddress({ publicUrl, publicUrlIsDefault, running }: Address, report: Report): Promise<void> {
  // Port 0 is another one at each start.
  const unknown = publicUrlIsDefault && publicUrl.endsWith(':0')
  if (!running || unknown) {
    report.good('address', `${publicUrl}, not tried${unknown ? '' : ' because Tributary is not running'}`)
    return
  }
  const mend = publicUrlIsDefault
    ? 'set PUBLIC_URL to the address that people use'
    : 'set PUBLIC_URL right, or let the proxy, DNS and certificate lead here'
  try {
    const answer = await fetch(`${publicUrl}/healthz`, { signal: AbortSignal.timeout(patience), redirect: 'manual' })
    const body = await answer.text()
    if (answer.status !== 200 || !body.includes('"ok"')) {
      report.bad('address', `${publicUrl} answers with ${answer.status} and not as Tributary does; ${mend}`)
      return
    }
    report.good('address', `${publicUrl} leads here`)
    compareClocks(answer.headers.get('date'), report)
  } catch (error) {
    report.bad('address', `${publicUrl} cannot be reached (${reasonOf(error)}); ${mend}`)
  }
}

function compareClocks(date: string | null, report: Report): void {
  const there = Date.parse(date ?? '')
  if (Number.isNaN(there)) return
  const skew = Math.abs(Date.now() - (there + grain / 2))
  if (skew > tolerableSkewMs + grain / 2)
    report.warn('clock', `it is ${Math.round(skew / 1000)} s off that of PUBLIC_URL; set both by NTP`)
}

/** fetch says "fetch failed" and hides why. */
function reasonOf(error: unknown): string {
  return oneLine(error instanceof TypeError && error.cause ? error.cause : error)
}
