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

export interface ConsentState {
  purpose: string;
  channel: string;
  given: boolean;
  at_us: number | null;
  source: string | null;
  wording_version: string | null;
}

export interface ConsentAnswer {
  consents: ConsentState[];
}
