/** What the server's API says and hears, as the dashboard uses it. */
import type {
  ActiveRate,
  Finding,
  Flow,
  GrowthMonth,
  Kpis,
  RejectReason,
  StageCount,
} from '../../report/types.ts';

export type Role = 'owner' | 'marketer' | 'analyst' | 'account_manager' | 'staff' | 'viewer';

export type Permission =
  | 'read_figures'
  | 'read_customers'
  | 'find_customer'
  | 'reveal_keys'
  | 'query'
  | 'export_customers'
  | 'import'
  | 'manage_sources'
  | 'manage_identities'
  | 'edit_customers'
  | 'privacy_requests'
  | 'manage_members'
  | 'read_audit'
  | 'read_system';

export interface Member {
  member_id: string;
  email: string;
  name: string;
  role: Role;
  language: string | null;
  disabled?: boolean;
  joined?: boolean;
  last_seen_us?: number | null;
}

export interface Session {
  member: Member;
  permissions: Permission[];
  csrf_token: string;
}

export interface Brand {
  timezone: string;
  currency: string;
  currency_decimals?: number;
  customers: number;
  as_of_us: number;
  version: string;
  has_data: boolean;
}

export interface Explanation {
  figure: string;
  name_en: string;
  name_zh: string;
  definition_en: string;
  definition_zh: string;
  formula?: string | null;
  n: number | null;
  interval: [number, number] | null;
  as_of_us: number;
  sql: string | null;
}

export interface Today {
  as_of_us: number;
  active_rate: ActiveRate & { target?: number | null };
  growth: GrowthMonth[];
  kpis: Kpis;
  stages: StageCount[];
  stage_flow: Flow[];
  stage_flow_from_us: number;
  findings: Finding[];
}

export interface CustomerRow {
  customer_id: string;
  [column: string]: unknown;
}

export interface CustomerPage {
  total: number;
  rows: CustomerRow[];
}

export interface RejectedRows {
  rows: number;
  reasons: RejectReason[];
}
