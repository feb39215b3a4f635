import { useQuery } from '@tanstack/react-query'
import type { ConversationDetail } from '../../../../src/wire/conversation.ts'
import type { LetterDefaults } from '../../../../src/wire/letter.ts'
import type { Writing } from '../../data/draft.ts'
import { type Envelope, envelopeProblem } from '../../data/letter.ts'
import { useApi } from '../../data/services.ts'

export interface EnvelopeInHand {
  /** What will be sent: the answer's own recipients, or what the agent made of them. null: not known yet, the server decides. */
  envelope: Envelope | null
  /** false: shown from before and being asked for again. */
  sure: boolean
  changed: boolean
  problem: ReturnType<typeof envelopeProblem>
  change: (part: Partial<Envelope>) => void
  reset: () => void
}

/** Where letters are exchanged: who the answer goes to; null elsewhere. */
export function useEnvelope(
  { id, version, capabilities }: Pick<ConversationDetail, 'id' | 'version' | 'capabilities'>,
  writing: Writing,
  change: (part: Partial<Writing>) => void,
): EnvelopeInHand | null {
  const api = useApi()
  const letters = capabilities?.text.pace === 'letters'
  const { replyTo } = writing
  const asked = useQuery<LetterDefaults>({
    // Another letter that came in may have to be answered to other people.
    queryKey: ['letter', id, replyTo, version],
    enabled: letters && writing.kind === 'reply',
    retry: false,
    gcTime: 60_000,
    placeholderData: (before: LetterDefaults | undefined) => before,
    queryFn: ({ signal }) =>
      api.get<LetterDefaults>(`/conversations/${id}/letter`, replyTo === null ? {} : { replyTo }, signal),
  })
  if (!letters || writing.kind !== 'reply') return null
  const envelope = writing.envelope ?? asked.data ?? null
  return {
    envelope,
    sure: writing.envelope !== null || !asked.isPlaceholderData,
    changed: writing.envelope !== null,
    problem: envelope && envelopeProblem(envelope),
    change: (part) => envelope && change({ envelope: { ...envelope, ...part } }),
    reset: () => change({ envelope: null }),
  }
}
