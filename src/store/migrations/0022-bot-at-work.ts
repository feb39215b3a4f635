import type { MigrationInterface, QueryRunner } from 'typeorm'

const up = `
alter table inbox add bot boolean not null default false;

-- one message of a customer that the bot is to answer, and what became of it
create table bot_turn (
  message_id bigint primary key references message on delete cascade,
  -- by the database's clock: past it the case is people's
  deadline   timestamptz not null,
  outcome    text not null default 'asked'
    check (outcome in ('asked', 'answered', 'offered', 'askedBack', 'thanked', 'handedOver', 'dropped')),
  -- of a hand-over
  reason     text,
  -- what it answered with, as it was called then; our own words only
  article_id bigint references article on delete set null,
  locale     text,
  title      text,
  -- the customer picked it from an offer
  chosen     boolean not null default false,
  -- [{"id": "12", "label": "…"}]
  offered    jsonb not null default '[]',
  -- how sure it was, from 0 to 1, and the question of the article that was nearest
  confidence real,
  phrasing   text,
  reply_id   bigint unique references message on delete set null,
  wrong_by   bigint references agent on delete set null,
  wrong_at   timestamptz,
  created_at timestamptz not null default now()
);
create index bot_turn_asked on bot_turn (deadline) where outcome = 'asked';
create index bot_turn_created on bot_turn (created_at);
create index bot_turn_article on bot_turn (article_id) where article_id is not null;
create index bot_turn_wrong_by on bot_turn (wrong_by) where wrong_by is not null;

-- what was learned of the articles' questions; every process works with the same
create table bot_model (
  -- of the articles it was made of
  version text primary key,
  bytes   bytea not null,
  made_at timestamptz not null default now()
);
`

/** Who the bot speaks for, what it said, and what it knows. */
export class BotAtWork0022 implements MigrationInterface {
  readonly name = 'BotAtWork1700000000022'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table bot_model, bot_turn')
    await runner.query('alter table inbox drop bot')
  }
}
