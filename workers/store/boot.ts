let boot: string | null = null

/** The same for all objects until the runtime ends; a Worker may ask for no random name before its first request. */
export const thisBoot = (name: () => string): string => (boot ??= name())
