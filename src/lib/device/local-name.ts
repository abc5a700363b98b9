const local = /^local-[0-9a-f]{12}$/

/** Whether a site is a file opened on this device. */
export const isLocal = (site: string): boolean => local.test(site)
