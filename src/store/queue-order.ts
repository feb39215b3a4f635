/**
 * The queue is no list of its own: it is the conversations `c` for which this holds, in the order of their rank. The words are
 * those of the index conversation_queue, which must be able to answer every question about it.
 */
export const isWaiting = `c.status = 'open' and c.holder = 'queue' and c.assignee_id is null and c.routed_at is not null`

/**
 * When it should be answered: as promised, else a day after the customer began to wait; half an hour earlier for each step of
 * priority, four hours for a VIP. A moment that waiting does not move, so whoever comes so much later comes behind.
 */
export const queueRank = `(least(c.due_at at time zone 'UTC', (coalesce(c.waiting_since, c.last_activity_at) at time zone 'UTC') + interval '1 day')
  - c.priority * interval '30 minutes' - case when c.vip then interval '4 hours' else interval '0' end)`

/** Nobody comes before a conversation who came so much later than it, in ms: a promise kept, urgent, a VIP. */
export const longestOvertaking = (24 + 1.5 + 4) * 3_600_000

export const laneLanguage = `(coalesce(c.language, '') collate "C")`
export const laneTopic = `(coalesce(c.topic_id, 0))`

export const waitsSince = `coalesce(c.waiting_since, c.last_activity_at)`

/** Points of a conversation of `team t` in `inbox i`. */
export const weightOf = `case i.pace when 'live' then coalesce(t.weight_live, 2) when 'letters' then coalesce(t.weight_letters, 1)
  else coalesce(t.weight_messages, 1) end`
