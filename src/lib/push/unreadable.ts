/** A log that cannot be sent as it is, while others may be. The message says why, and what to do. */
export class Unreadable extends Error {}

/** The Worker takes only a part of a batch at once. */
export class TooLarge extends Unreadable {}
