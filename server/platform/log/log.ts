import pino from 'pino';

export type Log = pino.Logger;

/**
 * Creates the structured logger (JSON lines on standard output). ERROR means that someone must act.
 * Secrets and personal data never belong in a log line; the paths below are a safety net.
 */
export function createLog(level: string): Log {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        'req.headers.cookie',
        'req.headers.authorization',
        'res.headers["set-cookie"]',
        'password',
        '*.password',
      ],
      censor: '[hidden]',
    },
  });
}
