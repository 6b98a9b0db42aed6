/** The places of the dashboard, in the order of the navigation, with what a member must be allowed. */
import type { Permission } from '../api/types.ts';

export interface Place {
  id: string;
  to:
    | '/'
    | '/customers'
    | '/segments'
    | '/import'
    | '/settings/sources'
    | '/settings/members'
    | '/settings/tokens'
    | '/settings/audit'
    | '/settings/system';
  /** One of these suffices. */
  needs: Permission[];
  group: 'work' | 'settings';
}

export const PLACES: Place[] = [
  { id: 'today', to: '/', needs: ['read_figures'], group: 'work' },
  { id: 'customers', to: '/customers', needs: ['read_customers', 'find_customer'], group: 'work' },
  { id: 'segments', to: '/segments', needs: ['read_figures'], group: 'work' },
  { id: 'import', to: '/import', needs: ['import'], group: 'work' },
  { id: 'sources', to: '/settings/sources', needs: ['manage_sources'], group: 'settings' },
  { id: 'members', to: '/settings/members', needs: ['manage_members'], group: 'settings' },
  { id: 'tokens', to: '/settings/tokens', needs: ['manage_members'], group: 'settings' },
  { id: 'audit', to: '/settings/audit', needs: ['read_audit'], group: 'settings' },
  { id: 'system', to: '/settings/system', needs: ['read_system'], group: 'settings' },
];

export function placesFor(may: (permission: Permission) => boolean): Place[] {
  return PLACES.filter((place) => place.needs.some(may));
}
