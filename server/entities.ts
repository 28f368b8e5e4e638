import { AccountToken } from './features/accounts/account-token.entity';
import { Partner } from './features/accounts/partner.entity';
import { User } from './features/accounts/user.entity';
import { Course, CourseVersion } from './features/catalogue/course.entity';
import { Certificate } from './features/certificates/certificate.entity';
import { FrameworkVersion } from './features/frameworks/framework-version.entity';
import { Enrolment, ModuleRecord } from './features/learning/learning.entity';
import { Cluster, Membership } from './features/organisations/organisation.entity';
import { LearningPlan } from './features/paths/path.entity';

/** Every entity of every feature, for the data source. Tables that are only read or written by SQL need none. */
export const ENTITIES: (new () => object)[] = [
  AccountToken,
  Certificate,
  Cluster,
  Course,
  CourseVersion,
  Enrolment,
  FrameworkVersion,
  LearningPlan,
  Membership,
  ModuleRecord,
  Partner,
  User,
];
