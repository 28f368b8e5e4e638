import { AccountsAndOrganisations1790000000000 } from './1790000000000-accounts-and-organisations';
import { Jobs1790000001000 } from './1790000001000-jobs';
import { FrameworksAndAssessments1790000002000 } from './1790000002000-frameworks-and-assessments';
import { Catalogue1790000003000 } from './1790000003000-catalogue';
import { Learning1790000004000 } from './1790000004000-learning';

/** Every migration, in order. A new one is added at the end; see README.md in this folder. */
export const MIGRATIONS = [
  AccountsAndOrganisations1790000000000,
  Jobs1790000001000,
  FrameworksAndAssessments1790000002000,
  Catalogue1790000003000,
  Learning1790000004000,
];
