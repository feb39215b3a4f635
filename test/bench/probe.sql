-- Probe v1, frozen: the least a durable ingest can be. Any change gives it a new version and starts a new series of results.
drop schema if exists probe cascade;
create schema probe;
create table probe.inbox (id int primary key, name text not null);
create table probe.contact (id bigint generated always as identity primary key, name text not null);
create table probe.identity (
  id bigint generated always as identity primary key,
  contact_id bigint not null references probe.contact,
  inbox_id int not null references probe.inbox,
  key text not null,
  unique (inbox_id, key));
create table probe.conversation (
  id bigint generated always as identity primary key,
  inbox_id int not null references probe.inbox,
  identity_id bigint not null references probe.identity,
  status text not null default 'open',
  preview text not null default '',
  unread int not null default 0,
  message_count int not null default 0,
  version bigint not null default 0,
  last_activity_at timestamptz not null default now());
create index conversation_of_identity on probe.conversation (identity_id) where status = 'open';
create index conversation_list on probe.conversation (inbox_id, status, last_activity_at desc, id desc);
create table probe.message (
  id bigint generated always as identity primary key,
  inbox_id int not null references probe.inbox,
  conversation_id bigint not null references probe.conversation,
  external_id text not null,
  body text not null,
  created_at timestamptz not null default now(),
  unique (inbox_id, external_id));
create index message_of_conversation on probe.message (conversation_id, id);
create table probe.job (
  id bigint generated always as identity primary key,
  kind text not null,
  message_id bigint not null,
  due_at timestamptz not null default now());

create function probe.ingest(p_inbox int, p_key text, p_external text, p_body text) returns bigint language plpgsql as $$
declare
  the_identity bigint;
  the_conversation bigint;
  the_message bigint;
begin
  select id into the_message from probe.message where inbox_id = p_inbox and external_id = p_external;
  if found then return the_message; end if;
  select id into the_identity from probe.identity where inbox_id = p_inbox and key = p_key for update;
  if not found then
    with person as (insert into probe.contact (name) values (p_key) returning id)
    insert into probe.identity (contact_id, inbox_id, key) select id, p_inbox, p_key from person
    returning id into the_identity;
  end if;
  select id into the_conversation from probe.conversation where identity_id = the_identity and status = 'open';
  if not found then
    insert into probe.conversation (inbox_id, identity_id) values (p_inbox, the_identity)
    returning id into the_conversation;
  end if;
  insert into probe.message (inbox_id, conversation_id, external_id, body)
  values (p_inbox, the_conversation, p_external, p_body) returning id into the_message;
  update probe.conversation set preview = left(p_body, 100), unread = unread + 1, message_count = message_count + 1,
    version = version + 1, last_activity_at = now() where id = the_conversation;
  insert into probe.job (kind, message_id) values ('route', the_message);
  return the_message;
end $$;

insert into probe.inbox select n, 'Inbox ' || n from generate_series(0, 19) n;
insert into probe.contact (name) select 'person-' || n from generate_series(0, 4999) n;
insert into probe.identity (contact_id, inbox_id, key)
  select id, (row_number() over (order by id) - 1) % 20, name from probe.contact;
insert into probe.conversation (inbox_id, identity_id) select inbox_id, id from probe.identity;
