import type { FileLinks } from '../security/file-link.ts'
import type { ContactView } from '../store/contact.ts'
import type { TimelineEntry as TimelineRow } from '../store/contact-timeline.ts'
import type { ListedContact, TimelineEntry } from '../wire/contact.ts'

export function contactView(
  { identities, picture, createdAt, erasedAt, ...row }: ContactView,
  links: FileLinks,
): ListedContact {
  return {
    ...row,
    picture: picture === null ? null : links.urlOf(picture),
    identities: identities.map(({ verifiedBy, ...account }) => ({ ...account, verified: verifiedBy !== null })),
    createdAt: createdAt.toISOString(),
    erasedAt: erasedAt?.toISOString() ?? null,
  }
}

export function timelineView({
  senderType,
  senderId,
  senderName,
  at,
  number,
  seq,
  ...row
}: TimelineRow): TimelineEntry {
  return {
    ...row,
    number: Number(number),
    seq: Number(seq),
    at: at.toISOString(),
    sender: { type: senderType, id: senderId, name: senderName ?? '' },
  }
}
