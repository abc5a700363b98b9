/** A log that cannot be sent as it is, while others may be. The message says why, and what to do. */
export class Unreadable extends Error {}

/** The lines of a log are requests, but of no site. */
export class NoSite extends Unreadable {}

/** The Worker takes only a part of a batch at once. */
export class TooLarge extends Unreadable {}
