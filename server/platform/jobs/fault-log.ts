import type { Log } from '../log/log';

export type FaultLog = { down(error: unknown): void; up(): void };

/**
 * Logs that something outside is away, and that it is back: one line per change of state, however often it is tried.
 * At warn, because nobody needs to act while the program recovers alone.
 */
export function createFaultLog(log: Log, away: string, back: string): FaultLog {
  let isDown = false;
  return {
    down(error) {
      if (!isDown) log.warn({ err: error }, away);
      isDown = true;
    },
    up() {
      if (isDown) log.info(back);
      isDown = false;
    },
  };
}
