/** What PostgreSQL says when it refuses a statement, dug out of the ORM's wrapper or pg's own error. */
function driverError(error: unknown): { code?: string; constraint?: string } {
  if (typeof error !== 'object' || error === null) return {};
  if ('driverError' in error) return driverError(error.driverError);
  return error;
}

/** Whether `error` is a unique violation (23505), of the named constraint or index if one is given. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const { code, constraint: violated } = driverError(error);
  return code === '23505' && (constraint === undefined || violated === constraint);
}

/** Serialisation failure or deadlock: the same transaction may succeed when tried again. */
export function isRetryable(error: unknown): boolean {
  const { code } = driverError(error);
  return code === '40001' || code === '40P01';
}

/** Input that PostgreSQL cannot store or read as its type: a zero byte in a text (22021), a malformed uuid (22P02) and the like. */
export function isUnreadableInput(error: unknown): boolean {
  const { code } = driverError(error);
  return code === '22021' || code === '22P02' || code === '22003' || code === '22007' || code === '22008';
}

/** The database is away or refuses connections: classes 08 and 53, an administrator's shutdown, or a socket error. */
export function isDatabaseAway(error: unknown): boolean {
  const { code } = driverError(error);
  if (code === undefined)
    return /timeout exceeded when trying to connect|Connection terminated/.test(String(error));
  return (
    /^(08|53)|^57P0[123]$/.test(code) || ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE'].includes(code)
  );
}
