/** Few, so that the parts of a history have several row groups, and some are copied. */
export const groupLimit = 24
