/** Rows of a row group at most; DuckDB's own are 122,880, and smaller ones take twice the time to load. */
export const groupLimit = 120_000
