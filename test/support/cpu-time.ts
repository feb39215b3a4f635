/** ms of processor time this process has used so far: what something costs, however busy the machine is with other things. */
export function cpuTimeMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
