import { AccountToken } from './features/accounts/account-token.entity';
import { Partner } from './features/accounts/partner.entity';
import { User } from './features/accounts/user.entity';
import { Cluster, Membership } from './features/organisations/organisation.entity';

/** Every entity of every feature, for the data source. Tables that are only read or written by SQL need none. */
export const ENTITIES: (new () => object)[] = [AccountToken, Partner, User, Cluster, Membership];
