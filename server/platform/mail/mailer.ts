import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { OperationalError } from '../errors';

export type Mail = {
  /** Stable for one message however often it is tried: it becomes the Message-ID and the file's name. */
  id: string;
  to: { name: string; address: string };
  subject: string;
  text: string;
};

/** Hands mails to SMTP or to the mail drop. Called by jobs only, never while someone waits for a page. */
export type Mailer = { send(mail: Mail): Promise<void> };

/**
 * By default every mail becomes `<dataDir>/mail/<id>.eml`, which any mail program opens; with `smtpUrl` it is sent.
 * `send` throws OperationalError when the server or the disk refuses; sending the same id again to the drop
 * overwrites the same file.
 */
export function createMailer(options: {
  smtpUrl: string | null;
  from: string;
  dataDir: string;
  baseUrl: string;
}): Mailer {
  const domain = new URL(options.baseUrl).hostname;
  const message = (mail: Mail) => ({
    from: options.from,
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
    messageId: `<${mail.id}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  if (options.smtpUrl !== null) {
    const transport = nodemailer.createTransport(options.smtpUrl, {
      connectionTimeout: 10_000,
      socketTimeout: 20_000,
    } as object);
    return {
      async send(mail) {
        try {
          await transport.sendMail(message(mail));
        } catch (cause) {
          throw new OperationalError('The mail server refused or did not answer.', { cause });
        }
      },
    };
  }

  const folder = join(options.dataDir, 'mail');
  const transport = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  return {
    async send(mail) {
      try {
        await mkdir(folder, { recursive: true });
        const { message: eml } = await transport.sendMail(message(mail));
        await writeFile(join(folder, `${mail.id}.eml`), eml);
      } catch (cause) {
        throw new OperationalError(`The mail drop ${folder} cannot be written.`, { cause });
      }
    },
  };
}
