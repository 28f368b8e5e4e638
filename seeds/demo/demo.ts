import type { Composition } from '../../server/composition';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from './accounts';

/** Creates the demonstration programme once; a database that has it is left as its users have made it. */
export async function seedDemo(services: Composition): Promise<void> {
  const { db, accounts } = services;
  const [existing] = await db.query<{ id: string }>('demo.exists', 'select id from users where email = $1', [
    DEMO_ACCOUNTS[0].email,
  ]);
  if (existing) return;
  for (const { email, name, role, locale } of DEMO_ACCOUNTS) {
    await accounts.service.createWithPassword(
      { email, name, role, locale, partnerId: null, fictional: true },
      DEMO_PASSWORD,
    );
  }
}
