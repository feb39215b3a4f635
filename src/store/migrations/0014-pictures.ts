import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Several messages of the platform that are one of ours; the faces of people. */
export class Pictures0014 implements MigrationInterface {
  readonly name = 'Pictures1700000000014'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(albums)
    await runner.query(faces)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table identity_picture')
    await runner.query('drop table album_item')
  }
}

const albums = `
-- the further pictures of an album, by the platform's ids; the first stands in message or delivery, and here as soon as its words
-- must be told from theirs
create table album_item (
  thread_id   bigint not null references thread on delete cascade,
  external_id text not null,
  message_id  bigint not null references message on delete cascade,
  -- null: it came in
  delivery_id bigint references delivery on delete cascade,
  ordinal     int not null,
  text        text not null default '',
  primary key (thread_id, external_id)
);
create index album_item_message on album_item (message_id, ordinal);
create index album_item_delivery on album_item (delivery_id) where delivery_id is not null;
`

const faces = `
create table identity_picture (
  identity_id bigint primary key references identity on delete cascade,
  -- whose connection may ask for it
  inbox_id    bigint not null references inbox,
  name        text not null,
  ref         json not null,
  asked_at    timestamptz not null default now(),
  -- null: not fetched yet, or there is none
  file_id     bigint references file
);
create index identity_picture_file on identity_picture (file_id) where file_id is not null;
`
