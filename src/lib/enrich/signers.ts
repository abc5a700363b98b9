import { tidyRanges } from './crawler-lists.ts'

/** An agent that signs its requests. */
export interface Signer {
  /** What its header Signature-Agent says. */
  readonly agent: string
  /** Its name in known-bots.ts: it may send the agent of a browser. */
  readonly name: string
  /** The list of its keys. */
  readonly list: string
}

/** No other agent is ever believed, and no key is fetched from where a request says. */
export const signers: readonly Signer[] = [
  { agent: 'https://chatgpt.com', name: 'ChatGPT Agent', list: 'openai-keys' },
  { agent: 'https://agent.bot.goog', name: 'Google-Agent', list: 'google-keys' }
]

const isOfKeys = (list: string) => signers.some((signer) => signer.list === list)

/** 32 bytes as base64url. */
const key = /^[\w-]{42}[AEIMQUYcgkosw048]$/

/** The entries of a list as they are kept: networks in order, or keys. What is neither is left out. */
export const tidyEntries = (list: string, texts: readonly string[]): string[] =>
  isOfKeys(list) ? [...new Set(texts.filter((text) => key.test(text)))] : tidyRanges(texts)
