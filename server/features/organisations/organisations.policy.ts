import type { CurrentUser } from '../../platform/http/current-user';

/** Whose data somebody may see: every partner's, one partner's (its id), or nobody's (null). */
export type Reach = { partnerId: string } | 'all' | null;

/**
 * The programme's scopes, in one place. `figures` are counts and summaries without names, `names` are named people:
 * coordinators compare countries but see no names; staff stay with their own partner, and without one see nothing.
 */
export function scopeOf(user: Pick<CurrentUser, 'role' | 'partnerId'> | null): {
  figures: Reach;
  names: Reach;
} {
  if (user?.role === 'admin') return { figures: 'all', names: 'all' };
  if (user?.role === 'coordinator') return { figures: 'all', names: null };
  if (user?.role === 'staff' && user.partnerId !== null) {
    const own = { partnerId: user.partnerId };
    return { figures: own, names: own };
  }
  return { figures: null, names: null };
}

/** Whether a reach includes this partner. */
export function reaches(reach: Reach, partnerId: string): boolean {
  return reach === 'all' || (reach !== null && reach.partnerId === partnerId);
}
