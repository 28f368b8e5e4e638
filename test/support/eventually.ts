import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Calls `check` until it no longer throws and returns its value; throws its last error when the time is up. For states
 * that come when they come, in place of a sleep that is too short on a slow machine and too long on a fast one.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 20 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
    }
    await sleep(everyMs);
  }
}
