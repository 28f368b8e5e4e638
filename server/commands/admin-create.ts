import { z } from 'zod';
import { StartupError } from '../platform/errors';
import { runProcess, start } from '../start';

/** `npm run admin:create -- <e-mail> <name>`: creates an administrator and mails the invitation. The first one of an installation. */
async function main(): Promise<void> {
  const parsed = z.tuple([z.email(), z.string().min(1)]).safeParse(process.argv.slice(2, 4));
  if (!parsed.success) throw new StartupError('usage: npm run admin:create -- name@example.org "Full Name"');
  const [email, name] = parsed.data;
  const { services, config, close } = await start({ seed: false });
  try {
    const result = await services.accounts.service.invite(
      { email, name, role: 'admin', partnerId: null, locale: 'en' },
      null,
    );
    if (result.kind === 'taken') throw new StartupError(`there is an account ${email} already.`);
    const where = config.smtpUrl === null ? `the mail drop, ${config.dataDir}/mail` : email;
    console.log(`The invitation goes to ${where} as soon as the platform is running.`);
  } finally {
    await close();
  }
}

runProcess(main, 'No administrator was created');
