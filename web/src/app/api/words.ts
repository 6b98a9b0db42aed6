/** Roles and permissions, as core/model/src/role.rs names them. */

export const ROLES = ['owner', 'marketer', 'analyst', 'account_manager', 'staff', 'viewer'] as const;

export type Role = (typeof ROLES)[number];

export const PERMISSIONS = [
  'read_figures',
  'read_customers',
  'find_customer',
  'reveal_keys',
  'query',
  'export_customers',
  'import',
  'manage_sources',
  'manage_identities',
  'edit_customers',
  'edit_definitions',
  'privacy_requests',
  'manage_members',
  'read_audit',
  'read_system',
] as const;

export type Permission = (typeof PERMISSIONS)[number];
