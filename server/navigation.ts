import type { UserRole } from './platform/http/current-user';
import type { NavigationEntry } from './platform/http/set-up-pages';

const HOME = { href: '/home', key: 'nav.home', icon: 'home' };
const PROFILE = { href: '/profile', key: 'nav.profile', icon: 'compass' };
const ASSESSMENT = { href: '/assessment', key: 'nav.assessment', icon: 'pen' };
const GAP = { href: '/gap', key: 'nav.gap', icon: 'gap' };
const PATH = { href: '/path', key: 'nav.path', icon: 'path' };
const CATALOGUE = { href: '/catalogue', key: 'nav.catalogue', icon: 'book' };
const CERTIFICATES = { href: '/certificates', key: 'nav.certificates', icon: 'award' };
const TEACHING = { href: '/teaching', key: 'nav.teaching', icon: 'users' };
const CLUSTERS = { href: '/clusters', key: 'nav.clusters', icon: 'cluster' };
const ADMIN = { href: '/admin', key: 'nav.admin', icon: 'settings' };

const ENTRIES: Readonly<Record<UserRole, NavigationEntry[]>> = {
  learner: [HOME, ASSESSMENT, GAP, PATH, CATALOGUE, CERTIFICATES, PROFILE],
  trainer: [HOME, TEACHING, CATALOGUE, PROFILE],
  staff: [HOME, CLUSTERS, CATALOGUE, PROFILE],
  coordinator: [HOME, CLUSTERS, CATALOGUE, PROFILE],
  admin: [HOME, ADMIN, CLUSTERS, TEACHING, CATALOGUE, PROFILE],
};

/** The sidebar of a role, in order. Only pages that exist. */
export function navigation(role: UserRole): NavigationEntry[] {
  return ENTRIES[role];
}
