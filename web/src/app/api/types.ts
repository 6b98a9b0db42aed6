/** Words that the server's shapes carry as plain text, and the shapes under the names used here. */
import type { Permission, Role } from './words.ts';

export type * from './schema.ts';
export type { Permission, Role } from './words.ts';

export interface Session {
  member: { member_id: number; email: string; name: string; role: Role; language: string };
  permissions: Permission[];
  csrf_token: string | null;
}

export interface Setup {
  has_owner: boolean;
  link_good: boolean;
}

export interface Invitation {
  email: string;
  name: string;
  language: string;
  joined: boolean;
}

export interface Brand {
  timezone: string;
  currency: string | null;
  customers: number;
  as_of_us: number;
  version: string;
  has_data: boolean;
}

export interface Standing {
  purpose: string;
  channel: string;
  /** `given`, `withdrawn` or `absent`. */
  state: string;
  since_us?: number | null;
}

export interface ConsentChange {
  at_us: number;
  recorded_us: number;
  purpose: string;
  channel: string;
  state: string;
  source: string;
  wording_version?: string | null;
  ip?: string | null;
  has_ip: boolean;
  evidence?: string | null;
}

export interface Consents {
  customer_id: string;
  standing: Standing[];
  history: ConsentChange[];
}

export interface Source {
  key_id: number;
  name: string;
  created_us: number;
  revoked_us?: number | null;
  last_received_us?: number | null;
  accepted: number;
  aside: number;
  refused: number;
}

export interface Sources {
  sources: Source[];
}

export interface NewWriteKey {
  key_id: number;
  name: string;
  write_key: string;
}

export interface LiveMessage {
  sequence: number;
  name?: string | null;
  source: string;
  customer?: string | null;
  received_us: number;
  verdict: string;
  reason?: string | null;
}

export interface LiveMessages {
  messages: LiveMessage[];
}

export interface MemberRow {
  member_id: number;
  email: string;
  name: string;
  role: Role;
  language: string;
  created_us: number;
  disabled_us?: number | null;
  joined: boolean;
}

export interface Members {
  members: MemberRow[];
}

export interface Invited {
  member_id: number;
  link: string;
  expires_us: number;
}

export interface Roles {
  roles: { role: Role; permissions: Permission[] }[];
  permissions: Permission[];
}

export interface TokenRow {
  token_id: number;
  name: string;
  scopes: Permission[];
  member_id: number;
  created_us: number;
  used_us?: number | null;
  revoked_us?: number | null;
}

export interface Tokens {
  tokens: TokenRow[];
}

export interface NewToken {
  token_id: number;
  token: string;
}

export interface AuditEntry {
  audit_id: number;
  at_us: number;
  member_id?: number | null;
  member_name?: string | null;
  token_id?: number | null;
  token_name?: string | null;
  action: string;
  subject?: string | null;
  detail?: string | null;
}

export interface AuditPage {
  entries: AuditEntry[];
}
