/** What the published description of the API (v2.167) allows in the lists we ask for: names of parameters, and their values. */
const media = 'alt_text duration_ms height media_key preview_image_url public_metrics type url variants width'
const users = 'created_at description id location name profile_image_url protected public_metrics url username verified'
const posts =
  'article attachments card_uri conversation_id created_at display_text_range edit_controls entities geo id lang note_post possibly_sensitive public_metrics reply_settings source text'

const lists: Readonly<Record<'dm' | 'mention', Readonly<Record<string, string>>>> = {
  dm: {
    max_results: '',
    pagination_token: '',
    event_types: 'MessageCreate ParticipantsJoin ParticipantsLeave',
    'dm_event.fields': 'attachments created_at dm_conversation_id entities event_type id text',
    expansions: 'attachments.media_keys participant_ids referenced_posts sender_id',
    'user.fields': users,
    'post.fields': posts,
    'media.fields': media,
  },
  mention: {
    max_results: '',
    pagination_token: '',
    since_id: '',
    until_id: '',
    start_time: '',
    end_time: '',
    'post.fields': posts,
    expansions:
      'attachments.media_keys attachments.poll_ids author_id edit_history_post_ids entities.mentions.username in_reply_to_user_id referenced_posts',
    'user.fields': users,
    'media.fields': media,
  },
}

/** The first name or value that this list does not know. */
export function unknownName(list: 'dm' | 'mention', query: URLSearchParams): string | undefined {
  for (const [name, value] of query) {
    const allowed = lists[list][name]
    if (allowed === undefined) return name
    const strange = allowed === '' ? undefined : value.split(',').find((one) => !allowed.split(' ').includes(one))
    if (strange !== undefined) return strange
  }
  return undefined
}
