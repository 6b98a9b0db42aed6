/** A schema while somebody writes it: properties in the order they were added. */
import type { DeclareSchema, SchemaAnswer } from '../../api/types.ts';

export const VALUE_TYPES = ['text', 'integer', 'number', 'boolean', 'time'] as const;

export type ValueType = (typeof VALUE_TYPES)[number];

export interface DraftProperty {
  /** Keeps its place while the name is typed. */
  id: number;
  name: string;
  type: ValueType;
  required: boolean;
}

export interface Draft {
  event: string;
  properties: DraftProperty[];
}

function typeOf(word: string): ValueType {
  return VALUE_TYPES.find((each) => each === word) ?? 'text';
}

/** A draft of what is declared of an event; of one without a schema, a first empty property. */
export function draftOf(event: string, declared: SchemaAnswer | undefined): Draft {
  const properties = Object.entries(declared?.properties ?? {}).map(([name, rule], id) => ({
    id,
    name,
    type: typeOf(rule.type),
    required: rule.required ?? false,
  }));
  return properties.length > 0 ? { event, properties } : withProperty({ event, properties });
}

export function withProperty({ event, properties }: Draft): Draft {
  const id = Math.max(-1, ...properties.map((each) => each.id)) + 1;
  return { event, properties: [...properties, { id, name: '', type: 'text', required: false }] };
}

/** What the server is told; properties without a name are left out, of one name twice the last counts. */
export function declaredBy({ event, properties }: Draft): DeclareSchema {
  const named = properties.filter(({ name }) => name.trim() !== '');
  const rules = named.map(({ name, type, required }) => [name.trim(), { type, required }]);
  return { event: event.trim(), properties: Object.fromEntries(rules) };
}
