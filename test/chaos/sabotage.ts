import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { ChannelAdapter, ChannelConnection, InboundSink } from '../../src/channel/contract.ts'
import type { Queryable } from '../../src/store/database.ts'

/** A campaign that has never been red proves nothing: each of these takes one safety clause away, from outside the program. */
export const sabotages = [
  'uniqueIndex',
  'jobRow',
  'leaseCheck',
  'cursor',
  'commit',
  'key',
  'memory',
  'deadline',
  'handOver',
] as const
export type Sabotage = (typeof sabotages)[number]

/** Every event and message looks new, as if no index kept the second copy out. */
const uniqueIndex = `
  create function chaos_new_event() returns trigger language plpgsql as $$
    begin
      update inbound_event set event_id = event_id || '~' || id where inbox_id = new.inbox_id and event_id = new.event_id;
      return new;
    end $$;
  create trigger chaos_new_event before insert on inbound_event for each row execute function chaos_new_event();
  create function chaos_new_message() returns trigger language plpgsql as $$
    begin new.external_id := new.external_id || '~' || new.id; new.client_id := null; return new; end $$;
  create trigger chaos_new_message before insert on message for each row execute function chaos_new_message();`

/** The promise to route is not written with the message. */
const jobRow = `
  create function chaos_no_job() returns trigger language plpgsql as $$
    begin if new.kind = 'route' and random() < 0.5 then return null; end if; return new; end $$;
  create trigger chaos_no_job before insert on job for each row execute function chaos_no_job();`

/** A lease that ran out means "again", as in most queues. */
const leaseCheck = `
  create function chaos_again() returns trigger language plpgsql as $$
    begin if new.state = 'uncertain' then new.state := 'pending'; new.due_at := now(); end if; return new; end $$;
  create trigger chaos_again before update on delivery for each row execute function chaos_again();`

/** Half of the messages nobody answers, and no deadline tells anybody. */
const deadline = `
  create function chaos_no_deadline() returns trigger language plpgsql as $$
    begin new.deadline := new.deadline + interval '1 day'; return new; end $$;
  create trigger chaos_no_deadline before insert on bot_turn for each row execute function chaos_no_deadline();
  create function chaos_no_answer() returns trigger language plpgsql as $$
    begin if new.kind = 'bot-answer' and random() < 0.5 then return null; end if; return new; end $$;
  create trigger chaos_no_answer before insert on job for each row execute function chaos_no_answer();`

/** That the bot gave up is kept, and whose the case is from then on comes in a commit of its own, half of which never come. */
const handOver = `
  create function chaos_no_hand_over() returns trigger language plpgsql as $$
    begin if random() < 0.5 then new.holder := 'bot'; end if; return new; end $$;
  create trigger chaos_no_hand_over before update on conversation for each row
    when (old.holder = 'bot' and new.holder = 'queue') execute function chaos_no_hand_over();`

const statements: Readonly<Record<Sabotage, string>> = {
  uniqueIndex,
  jobRow,
  leaseCheck,
  deadline,
  handOver,
  cursor: 'select 1',
  commit: 'select 1',
  key: 'select 1',
  memory: 'select 1',
}

export async function sabotageDatabase(q: Queryable, sabotage: Sabotage): Promise<void> {
  await q.query(statements[sabotage])
}

/** A kill must be able to fall between the two. */
const BETWEEN_MS = 20

/** The cursor is committed by itself before the rows it covers: what lies between is lost when the process dies there. */
export function cursorFirst<T>(adapter: ChannelAdapter<T>): ChannelAdapter<T> {
  return { ...adapter, connect: async (settings, env) => through(splitSink, await adapter.connect(settings, env)) }
}

/** Answered before it is stored: what is not yet when the process dies was promised to its sender. */
export function answerFirst<T>(adapter: ChannelAdapter<T>): ChannelAdapter<T> {
  return {
    ...adapter,
    connect: async (settings, env) => through(hastySink, await adapter.connect(settings, env)),
  }
}

/** Whoever listens begins anew, as if nothing had been heard before: what was said meanwhile is not asked for. */
export function withoutMemory<T>(adapter: ChannelAdapter<T>): ChannelAdapter<T> {
  return {
    ...adapter,
    connect: async (settings, env) => {
      const connection = await adapter.connect(settings, env)
      return { ...connection, receive: (_since, sink, signal) => connection.receive(null, sink, signal) }
    },
  }
}

/** Each try looks like a first one, with a key of its own, and what we sent is not heard again: nothing tells that it arrived. */
export function withoutKey<T>(adapter: ChannelAdapter<T>): ChannelAdapter<T> {
  return {
    ...adapter,
    connect: async (settings, env) => {
      const connection = await adapter.connect(settings, env)
      const send: typeof connection.send = (request, signal) =>
        connection.send({ ...request, idempotencyKey: randomUUID(), attempt: 1 }, signal)
      return { ...through(echolessSink, connection), send }
    },
  }
}

function through(sinkOf: (sink: InboundSink) => InboundSink, connection: ChannelConnection): ChannelConnection {
  return {
    ...connection,
    receive: (since, sink, signal) => connection.receive(since, sinkOf(sink), signal),
  }
}

function hastySink(sink: InboundSink): InboundSink {
  return {
    ephemeral: (event) => sink.ephemeral(event),
    alive: () => sink.alive(),
    warn: (message) => sink.warn(message),
    commit: async ({ events, ...rest }) => {
      void pause(BETWEEN_MS).then(() => sink.commit({ events, ...rest }).catch(() => {}))
      return { outcomes: events.map(() => ({ kind: 'applied' })) }
    },
  }
}

function echolessSink(sink: InboundSink): InboundSink {
  return {
    ephemeral: (event) => sink.ephemeral(event),
    alive: () => sink.alive(),
    warn: (message) => sink.warn(message),
    commit: ({ events, ...rest }) => sink.commit({ events: events.filter(({ kind }) => kind !== 'echo'), ...rest }),
  }
}

function splitSink(sink: InboundSink): InboundSink {
  return {
    ephemeral: (event) => sink.ephemeral(event),
    alive: () => sink.alive(),
    warn: (message) => sink.warn(message),
    commit: async ({ cursor, ...rest }) => {
      await sink.commit({ events: [], cursor })
      await pause(BETWEEN_MS)
      return sink.commit(rest)
    },
  }
}
