/** The package has no types; only what is used. */
declare module 'mailauth/lib/dkim/verify.js' {
  export interface Signature {
    readonly signingDomain?: string
    readonly algo?: string
    readonly signingHeaders?: { readonly headers: readonly string[] }
    readonly status: { readonly result: string; readonly comment?: string }
  }
  export function dkimVerify(
    mail: NodeJS.ReadableStream,
    options: { readonly resolver: (name: string, type: string) => Promise<unknown> },
  ): Promise<{ readonly headerFrom: readonly string[]; readonly results: readonly Signature[] }>
}

declare module 'mailauth/lib/spf/index.js' {
  export function spf(options: {
    readonly sender: string
    readonly ip: string
    readonly helo: string
    readonly mta: string
    readonly resolver: (name: string, type: string) => Promise<unknown>
  }): Promise<{ readonly domain: string; readonly status: { readonly result: string } }>
}

declare module 'mailauth/lib/dmarc/index.js' {
  interface Alignment {
    readonly strict: boolean
    readonly result?: string
  }
  export function dmarc(options: {
    readonly headerFrom: readonly string[]
    readonly spfDomains: readonly string[]
    readonly dkimDomains: readonly { readonly domain: string }[]
    readonly resolver: (name: string, type: string) => Promise<unknown>
  }): Promise<
    | false
    | {
        readonly status: { readonly result: string }
        readonly alignment?: { readonly spf: Alignment; readonly dkim: Alignment }
      }
  >
}
