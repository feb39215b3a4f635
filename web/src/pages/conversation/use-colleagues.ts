import type { Typist } from '../../data/live-signs.ts'
import { useDesk, useMyId } from '../../data/services.ts'
import { useStore } from '../../data/store.ts'

interface Colleague {
  readonly id: string
  readonly name: string
}

/** Who else of us is in this conversation now, and who of them writes. */
export function useColleagues(conversation: string): { here: Colleague[]; writing: (Typist & Colleague)[] } {
  const { signs } = useDesk()
  const viewers = useStore(signs.viewers)[conversation] ?? []
  const typing = useStore(signs.typing)[conversation] ?? []
  const myId = useMyId()
  const writing = typing.flatMap((one) =>
    one.type === 'agent' && one.id !== null && one.id !== myId ? [{ ...one, id: one.id }] : [],
  )
  const here = new Map([...viewers, ...writing].map(({ id, name }) => [id, { id, name }]))
  if (myId !== null) here.delete(myId)
  return { here: [...here.values()], writing }
}
