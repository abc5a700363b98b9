import type { AlertRule } from './alerts.ts'
import type { Status } from './status.ts'

export const outputKinds = ['json', 'slack', 'discord', 'ntfy'] as const
/** `push` is a browser that is notified while no page is open. */
export type OutputKind = (typeof outputKinds)[number] | 'push'

/** What is sent of an alert. Seconds since 1970. */
export interface Notice {
  /** The same for each output and each try. */
  readonly id: string
  readonly is: 'fired' | 'recovered' | 'test'
  readonly site: string
  readonly rule: Pick<
    AlertRule,
    'id' | 'title' | 'metric' | 'comparator' | 'threshold' | 'window' | 'severity' | 'labels'
  >
  readonly value: number
  readonly fired: number
  readonly until: number | null
  /** The page that shows it. */
  readonly url: string
}

/** Where alerts are sent, without its secret. Times are ms since 1970. */
export interface OutputFacts {
  readonly id: string
  readonly kind: OutputKind
  /** Its address, cut: the rest is a secret. */
  readonly address: string
  /** What it last answered, and when; null before anything was sent. */
  readonly last: { readonly at: number; readonly isSent: boolean; readonly answer: string } | null
  /** Notices that wait for another try. */
  readonly waiting: number
}

/** An alert of a rule that the server watches, as the server saw it. */
export interface AwayEvent extends Pick<Notice, 'is' | 'value' | 'fired' | 'until'> {
  readonly id: string
  readonly rule: string
  readonly title: string
  readonly at: number
  /** Kinds of outputs that took it. */
  readonly sent: readonly OutputKind[]
  /** How many outputs have not taken it, after all tries or yet. */
  readonly unsent: number
}

/** What the server does for the rules of a site while no page is open. Times are ms since 1970. */
export interface Away {
  readonly rules: readonly {
    readonly id: string
    readonly title: string
    /** It is evaluated up to here; null before the first time. */
    readonly until: number | null
    /** Why it can't be evaluated, or null. */
    readonly problem: string | null
    readonly isFiring: boolean
  }[]
  readonly outputs: readonly OutputFacts[]
  /** The newest first. */
  readonly events: readonly AwayEvent[]
  readonly operations: Status['operations']
}
