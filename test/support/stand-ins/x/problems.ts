/** Refusals in X's own words. */
export interface XAnswer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export function yes(body: unknown, status = 200): XAnswer {
  return { status, body }
}

function problem(status: number, title: string, detail: string, type = 'about:blank'): XAnswer {
  return { status, body: { title, detail, type, status }, headers: { 'content-type': 'application/problem+json' } }
}

export const unauthorized = problem(401, 'Unauthorized', 'Unauthorized')
export const badTimestamp: XAnswer = {
  status: 401,
  body: { errors: [{ code: 135, message: 'Timestamp out of bounds.' }] },
}
export const notFound = problem(404, 'Not Found', 'Not Found')
export const cannotMessage = problem(403, 'Forbidden', 'You do not have permission to DM one or more participants.')
export const notSummoned = problem(
  403,
  'Forbidden',
  'Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.',
)
export const duplicate = problem(403, 'Forbidden', 'You are not allowed to create a Tweet with duplicate content.')
export const plan = {
  status: 403,
  headers: { 'content-type': 'application/problem+json' },
  body: {
    title: 'Client Forbidden',
    detail: 'This request must be made using an approved developer account that is enrolled in the requested endpoint.',
    type: 'https://api.twitter.com/2/problems/client-forbidden',
    reason: 'client-not-enrolled',
    status: 403,
  },
}
export const noCredit = problem(
  402,
  'CreditsDepleted',
  'Your enrolled account does not have any credits to fulfill this request.',
  'https://api.twitter.com/2/problems/credits',
)
export const unsupportedAuth = problem(
  403,
  'Unsupported Authentication',
  'Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.',
  'https://api.twitter.com/2/problems/unsupported-authentication',
)

export function invalid(message: string, parameters: Readonly<Record<string, unknown>> = {}): XAnswer {
  return {
    status: 400,
    headers: { 'content-type': 'application/problem+json' },
    body: {
      errors: [{ parameters, message }],
      title: 'Invalid Request',
      detail: 'One or more parameters to your request was invalid.',
      type: 'https://api.twitter.com/2/problems/invalid-request',
    },
  }
}

export function tooMany(headers: Readonly<Record<string, string>>): XAnswer {
  return { ...problem(429, 'Too Many Requests', 'Too Many Requests'), headers }
}
