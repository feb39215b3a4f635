import type { MigrationInterface, QueryRunner } from 'typeorm'

const up = `
-- which customers are asked what a form asks, and how far they came
create table form_asking (
  conversation_id bigint primary key references conversation on delete cascade,
  thread_id   bigint not null references thread on delete cascade,
  topic_id    bigint not null references topic on delete cascade,
  -- offered: a page of ours shows the whole form; the others are asked one question after the other
  state       text not null check (state in ('asking', 'offered', 'done', 'ended')),
  -- of an end: the agent's answer, their own word, a silence
  why         text,
  -- they opened the form themselves; else the bot asks, where it may speak
  by_customer boolean not null,
  language    text not null,
  -- asked now; null: nothing any more
  field       text,
  -- what was wrong with the last answer to it
  problem     text,
  tries       smallint not null default 0,
  skipped     text[] not null default '{}',
  -- it was asked; false: it is to be said
  said        boolean not null,
  -- the customer's message that what is to be said answers
  asked_by    bigint not null references message on delete cascade,
  -- up to where the customer was read, and from where a person's word ends it
  seen_seq    bigint not null,
  since_seq   bigint not null,
  -- silent until then: nothing is asked any more
  deadline    timestamptz not null
);
create index form_asking_going on form_asking (conversation_id) where state in ('asking', 'offered');
create index form_asking_thread on form_asking (thread_id);
create index form_asking_topic on form_asking (topic_id);
create index form_asking_asked_by on form_asking (asked_by);

-- what its articles are about, where that is what cases are about
alter table article_category add topic_id bigint references topic on delete set null;
create index article_category_topic on article_category (topic_id) where topic_id is not null;
`

/** What a form asks is asked in the channels, too. */
export class FormQuestions0024 implements MigrationInterface {
  readonly name = 'FormQuestions1700000000024'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table article_category drop topic_id')
    await runner.query('drop table form_asking')
  }
}
