import type { MigrationInterface, QueryRunner } from 'typeorm'

const up = `
create table topic_form (
  topic_id bigint primary key references topic on delete cascade,
  -- to customers
  shown    boolean not null default false,
  position int not null default 0,
  -- {locale: name}
  names    jsonb not null default '{}',
  -- domain/form.ts: FormField[]
  fields   jsonb not null default '[]'
);

-- what a customer filled in. The label is what stood there then: forms change, answers do not
create table conversation_answer (
  conversation_id bigint not null references conversation on delete cascade,
  key             text not null,
  topic_id        bigint references topic on delete set null,
  label           text not null,
  kind            text not null check (kind in ('text', 'choice', 'number', 'transactionId', 'address')),
  value           text not null,
  position        int not null,
  primary key (conversation_id, key)
);
create index conversation_answer_value on conversation_answer ((left(lower(value), 100) collate "C"), conversation_id);
create index conversation_answer_topic on conversation_answer (topic_id) where topic_id is not null;
`

/** What customers are asked about a topic, and what they answered. */
export class Forms0023 implements MigrationInterface {
  readonly name = 'Forms1700000000023'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table conversation_answer, topic_form')
  }
}
