/** Where the time comes from. A parameter everywhere, so that tests set it. */
export type Clock = { now(): Date };

/** The clock of the machine. Deadlines that decide something use the database's clock instead. */
export const systemClock: Clock = { now: () => new Date() };
