import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { mayConnect, parseOutboundAllow } from '../../../src/security/outbound-address.ts'
import { createOutboundFetch, OutboundRefused, type OutboundRules } from '../../../src/security/outbound-fetch.ts'

const servers: Server[] = []
const nothing = parseOutboundAllow([])
const local = parseOutboundAllow(['127.0.0.1'])

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
})

async function serve(handler: RequestListener): Promise<{ port: number; url: string; hits: string[] }> {
  const hits: string[] = []
  const server = createServer((request, response) => {
    hits.push(`${request.method} ${request.url}`)
    handler(request, response)
  })
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return { port, url: `http://127.0.0.1:${port}`, hits }
}

const fetchWith = (rules: Partial<OutboundRules> = {}) => createOutboundFetch({ allow: nothing, ...rules })

describe('addresses', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '0.1.2.3',
    '192.0.0.8',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '64:ff9b::808:808',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001::1',
    'fe80::1',
    'fec0::1',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '5f00::1',
    '4000::1',
    'not an address',
  ])('%s is refused', (address) => {
    expect(mayConnect(address, nothing)).toBe(false)
  })

  it.each(['8.8.8.8', '2606:4700::1111'])('%s is allowed', (address) => {
    expect(mayConnect(address, nothing)).toBe(true)
  })

  it('opens exactly the ranges it was told to', () => {
    const allow = parseOutboundAllow(['10.0.0.0/8', '127.0.0.1', 'fd00::/8', 'printer.local'])
    expect(['10.9.9.9', '127.0.0.1', 'fd12::1'].map((a) => mayConnect(a, allow))).toEqual([true, true, true])
    expect(['11.0.0.1', '127.0.0.2', '::ffff:127.0.0.1', 'fc00::1'].map((a) => mayConnect(a, allow))).toEqual([
      true,
      false,
      false,
      false,
    ])
  })

  it('names an entry it cannot read', () => {
    expect(() => parseOutboundAllow(['10.0.0.0/99'])).toThrow('10.0.0.0/99')
  })
})

describe('fetching', () => {
  it.each([
    'http://127.1:PORT/',
    'http://0x7f000001:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://127.0.0.1:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::1]:PORT/',
    'http://[64:ff9b::7f00:1]:PORT/',
    'http://[2002:7f00:1::]:PORT/',
    'http://0:PORT/',
    'http://localhost:PORT/',
    'http://127.0.0.1.:PORT/',
    'http://１２７.0.0.1:PORT/',
  ])('refuses %s without connecting', async (form) => {
    const target = await serve((_request, response) => response.end('inside'))
    await expect(fetchWith()(form.replace('PORT', String(target.port)))).rejects.toThrow(OutboundRefused)
    expect(target.hits).toEqual([])
  })

  it.each(['file:///etc/passwd', 'ftp://127.0.0.1/', 'data:text/plain,x'])('refuses %s', async (url) => {
    await expect(fetchWith()(url)).rejects.toThrow('Only http and https')
  })

  it('asks the name service once and connects to the address that was checked', async () => {
    const target = await serve((request, response) => response.end(request.headers.host))
    let asked = 0
    const resolve = async () =>
      asked++ === 0 ? [{ address: '127.0.0.1', family: 4 }] : [{ address: '10.0.0.1', family: 4 }]
    const response = await fetchWith({ allow: local, resolve })(`http://rebinding.example:${target.port}/`)
    expect(await response.text()).toBe(`rebinding.example:${target.port}`)
    expect(asked).toBe(1)
  })

  it('refuses a name that has one private address among public ones', async () => {
    const resolve = async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]
    await expect(fetchWith({ resolve })('http://mixed.example/')).rejects.toThrow(OutboundRefused)
  })

  it('refuses a redirect that leads inwards', async () => {
    const inside = await serve((_request, response) => response.end('secret'))
    const outside = await serve((_request, response) =>
      response.writeHead(302, { location: `http://inside.example:${inside.port}/` }).end(),
    )
    const resolve = async (host: string) => [
      { address: host === 'inside.example' ? '127.0.0.2' : '127.0.0.1', family: 4 },
    ]
    const call = fetchWith({ allow: local, resolve })(`http://outside.example:${outside.port}/`)
    await expect(call).rejects.toThrow('inside.example is not a public address')
    expect(outside.hits).toEqual(['GET /'])
    expect(inside.hits).toEqual([])
  })

  it('does not take credentials along to another origin', async () => {
    const second = await serve((request, response) => response.end(JSON.stringify(request.headers)))
    const first = await serve((_request, response) => response.writeHead(307, { location: `${second.url}/` }).end())
    const response = await fetchWith({ allow: local })(`${first.url}/`, {
      headers: { authorization: 'Bearer x', 'x-kept': '1' },
    })
    const headers = (await response.json()) as Record<string, string>
    expect(headers['authorization']).toBeUndefined()
    expect(headers['x-kept']).toBe('1')
  })

  it('stops following after the limit, and hands a redirect over when told to follow none', async () => {
    const loop = await serve((_request, response) => response.writeHead(302, { location: '/again' }).end())
    await expect(fetchWith({ allow: local, maxRedirects: 3 })(loop.url)).rejects.toThrow('redirected more often')
    expect(loop.hits).toHaveLength(4)
    expect((await fetchWith({ allow: local, maxRedirects: 0 })(loop.url)).status).toBe(302)
  })

  it('stops reading a body beyond the cap', async () => {
    const flood = await serve((_request, response) => {
      const pump = setInterval(() => response.write(Buffer.alloc(64 * 1024)), 1)
      response.once('close', () => clearInterval(pump))
    })
    const response = await fetchWith({ allow: local, maxBytes: 1_000_000 })(flood.url)
    await expect(response.arrayBuffer()).rejects.toThrow('larger than 1000000 bytes')
  })

  it('gives up on a server that never answers and on one that never ends', async () => {
    const silent = await serve(() => {})
    await expect(fetchWith({ allow: local, maxMs: 200 })(silent.url)).rejects.toThrow(/abort|time/i)
    const dripping = await serve((_request, response) => response.write('x'))
    const response = await fetchWith({ allow: local, maxMs: 200 })(dripping.url)
    await expect(response.text()).rejects.toThrow(/abort|time/i)
  })

  it('reports an answer that breaks off instead of handing over half of it', async () => {
    const target = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half', () => response.destroy())
    })
    const response = await fetchWith({ allow: local })(target.url)
    await expect(response.text()).rejects.toThrow()
  })

  it('sends method, headers and body as given', async () => {
    const target = await serve((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => response.end(`${request.method} ${request.headers['x-a']} ${Buffer.concat(chunks)}`))
    })
    const response = await fetchWith({ allow: local })(target.url, {
      method: 'POST',
      body: '{"a":"ü"}',
      headers: { 'x-a': '1' },
    })
    expect(await response.text()).toBe('POST 1 {"a":"ü"}')
  })
})

describe('kept connections', () => {
  it('serve the same address again, and never the name at another address', async () => {
    const ports = new Set<number | undefined>()
    const { port } = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      response.end('hello')
    })
    let address = '127.0.0.1'
    const resolve = async () => [{ address, family: 4 }]
    const fetch = createOutboundFetch({ allow: parseOutboundAllow(['127.0.0.0/8']), resolve })
    const say = async () => (await fetch(`http://bot.example:${port}/`)).text()
    for (let n = 0; n < 3; n++) expect(await say()).toBe('hello')
    expect(ports.size).toBe(1)
    address = '127.0.0.2'
    await expect(say()).rejects.toThrow('ECONNREFUSED')
  })
})
