import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Who can do what, whose customers are whose, and one ordered queue for each team that is worked out of the conversations. */
export class Assignment0018 implements MigrationInterface {
  readonly name = 'Assignment1700000000018'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(people)
    await runner.query(teams)
    await runner.query(cases)
    await runner.query(queue)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index conversation_queue, conversation_queue_vip, conversation_load, conversation_topic,
      conversation_holderless, conversation_heldless, inbox_pace_unknown`)
    await runner.query('alter table assignment drop details, drop announce')
    await runner.query('alter table conversation drop vip, drop needs_translation')
    await runner.query('alter table inbox drop pace')
    await runner.query('alter table team_member drop turn')
    await runner.query(`alter table team drop strategy, drop weight_live, drop weight_messages, drop weight_letters, drop grace_ms, drop skill_wait_ms, drop overflow_wait_ms,
      drop overflow_team_id`)
    await runner.query('drop table contact_owner, agent_topic')
    await runner.query(
      'alter table agent drop capacity, drop tiers, drop languages, drop shifts, drop time_zone, drop gone_since',
    )
  }
}

const people = `
alter table agent
  -- points of work at once
  add capacity smallint not null default 6 check (capacity between 0 and 100),
  -- levels of escalation they serve
  add tiers smallint[] not null default '{1,2,3}',
  -- {"zh": 3, "en": 1}; empty: whatever comes
  add languages jsonb not null default '{}',
  -- [{"day": 1..7 from Monday, "from": minute, "to": minute}] by the clocks of time_zone; empty: whenever they say
  add shifts jsonb not null default '[]',
  add time_zone text not null default 'UTC',
  -- since when they take no work, by the installation's clock, as the sweep of the queues has seen it
  add gone_since timestamptz;
create table agent_topic (
  agent_id bigint not null references agent on delete cascade,
  topic_id bigint not null references topic on delete cascade,
  level    smallint not null check (level between 1 and 3),
  primary key (agent_id, topic_id)
);
create index agent_topic_topic on agent_topic (topic_id);
create table contact_owner (
  contact_id bigint not null references contact on delete cascade,
  agent_id   bigint not null references agent on delete cascade,
  -- 0 is the owner, the others stand in for them in this order
  rank       smallint not null,
  primary key (contact_id, rank),
  unique (contact_id, agent_id)
);
create index contact_owner_agent on contact_owner (agent_id);
`

// Teams of before go on as they were used to: nothing is given to anybody, nothing is taken back.
const teams = `
alter table team
  add strategy text not null default 'manual' check (strategy in ('balanced', 'roundRobin', 'manual')),
  -- points that a conversation weighs, by how it is carried on
  add weight_live smallint not null default 2,
  add weight_messages smallint not null default 1,
  add weight_letters smallint not null default 1,
  -- what an agent who went away left unanswered goes back after so long; null: never
  add grace_ms int,
  -- a conversation nobody with its language or topic took may be given to others after so long; null: never
  add skill_wait_ms int default 300000,
  -- and to the other team's people after so long; null: never
  add overflow_wait_ms int default 600000,
  add overflow_team_id bigint references team on delete set null deferrable initially deferred;
alter table team alter strategy set default 'balanced', alter grace_ms set default 120000;
-- the higher, the later they were given something in this team
alter table team_member add turn bigint not null default 0;
-- how conversations of this inbox are carried on, as its channel says; null: not asked yet
alter table inbox add pace text check (pace in ('live', 'messages', 'letters'));
create index inbox_pace_unknown on inbox (id) where pace is null and deleted_at is null;
`

const cases = `
alter table conversation
  -- of somebody who goes first, or who has people of their own
  add vip boolean not null default false,
  -- given to somebody who may not speak the language
  add needs_translation boolean not null default false;
alter table assignment
  -- the values that the sentence of why needs
  add details jsonb not null default '{}',
  -- the customer should hear who has it
  add announce boolean not null default false;
`

// The rank is a moment that never changes by waiting: no row has to be sorted anew as it ages, and whoever comes much later has
// a later one, whatever its priority.
const queue = `
create index conversation_queue on conversation (team_id, tier, inbox_id, (coalesce(language, '') collate "C"),
    (coalesce(topic_id, 0)),
    (least(due_at at time zone 'UTC', (coalesce(waiting_since, last_activity_at) at time zone 'UTC') + interval '1 day')
      - priority * interval '30 minutes' - case when vip then interval '4 hours' else interval '0' end), id)
  where status = 'open' and holder = 'queue' and assignee_id is null and routed_at is not null and team_id is not null;
create index conversation_queue_vip on conversation (
    (least(due_at at time zone 'UTC', (coalesce(waiting_since, last_activity_at) at time zone 'UTC') + interval '1 day')
      - priority * interval '30 minutes' - case when vip then interval '4 hours' else interval '0' end), id)
  where status = 'open' and holder = 'queue' and assignee_id is null and routed_at is not null and vip;
create index conversation_load on conversation (assignee_id, id) where status = 'open' and assignee_id is not null;
create index conversation_topic on conversation (topic_id) where topic_id is not null;
create index conversation_holderless on conversation (id) where holder = 'agent' and assignee_id is null;
create index conversation_heldless on conversation (id) where holder <> 'agent' and assignee_id is not null;
`
