/** Password of every account of the demonstration programme. Exists in demonstration mode only. */
export const DEMO_PASSWORD = 'identikit-demo';

/** The five sign-ins that the console prints. `country` names the partner they belong to. */
export const DEMO_ACCOUNTS = [
  {
    email: 'learner@demo.example',
    name: 'Elena Bianchi',
    role: 'learner',
    locale: 'en',
    country: 'IT',
    description: 'learner, cluster manager',
  },
  {
    email: 'trainer@demo.example',
    name: 'Marco Ferri',
    role: 'trainer',
    locale: 'en',
    country: 'IT',
    description: 'trainer',
  },
  {
    email: 'staff@demo.example',
    name: 'Giulia Moretti',
    role: 'staff',
    locale: 'en',
    country: 'IT',
    description: 'programme staff, Italy',
  },
  {
    email: 'coordinator@demo.example',
    name: 'Anna Novak',
    role: 'coordinator',
    locale: 'en',
    country: null,
    description: 'European coordinator',
  },
  {
    email: 'admin@demo.example',
    name: 'Peter Kováč',
    role: 'admin',
    locale: 'en',
    country: null,
    description: 'administrator',
  },
] as const;
