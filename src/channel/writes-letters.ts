import type { ChannelAdapter } from './contract.ts'

/** Letters, to people known by their address, in threads that begin with us. */
export function writesLetters(adapter: ChannelAdapter, settings: unknown): boolean {
  const { text, startThread } = adapter.capabilities(settings)
  return text.pace === 'letters' && startThread === 'full' && !!adapter.addressee && !!adapter.newThread
}
