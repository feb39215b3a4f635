/** OWASP's minimum for argon2id: 19 MiB, 2 passes; about 20 ms of one core. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export async function hashPassword(password: string): Promise<string> {
  const { hash } = await import('@node-rs/argon2')
  return hash(password.normalize('NFKC'), cost)
}

let unknown: Promise<string> | undefined

/** `hash` null (nobody has this address): the same work is done, so that the time taken does not tell. */
export async function verifyPassword(hash: string | null, password: string): Promise<boolean> {
  const { verify } = await import('@node-rs/argon2')
  unknown ??= hashPassword('nobody signs in with this')
  const matches = await verify(hash ?? (await unknown), password.normalize('NFKC'))
  return matches && hash !== null
}
