/** TypeScript of the shapes in an OpenAPI 3.1 description, as the server's own types make them. */

interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema | boolean>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  prefixItems?: Schema[];
  enum?: unknown[];
  const?: unknown;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  minItems?: number;
  maxItems?: number;
}

export interface Description {
  components: { schemas: Record<string, Schema> };
}

const PLAIN: Record<string, string> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

function union(types: string[]): string {
  return [...new Set(types)].join(' | ');
}

function arrayOf(schema: Schema): string {
  if (schema.prefixItems) return `[${schema.prefixItems.map(typeOf).join(', ')}]`;
  const item = typeOf(schema.items ?? {});
  if (schema.minItems !== undefined && schema.minItems === schema.maxItems) {
    return `[${Array.from({ length: schema.minItems }, () => item).join(', ')}]`;
  }
  return item.includes(' ') ? `(${item})[]` : `${item}[]`;
}

function objectOf(schema: Schema): string {
  if (!schema.properties) {
    const { additionalProperties: rest } = schema;
    return `Record<string, ${typeof rest === 'object' ? typeOf(rest) : 'unknown'}>`;
  }
  return `{ ${fields(schema).join(' ')} }`;
}

function comment(text: string | undefined): string {
  return text ? `/** ${text.replace(/\s+/g, ' ').replaceAll('*/', '*∕')} */\n` : '';
}

function fields(schema: Schema): string[] {
  return Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const mark = schema.required?.includes(name) ? '' : '?';
    const inner = typeof field === 'boolean' ? {} : field;
    return `${name}${mark}: ${typeOf(inner)};`;
  });
}

function named(type: string, schema: Schema): string {
  if (type === 'array') return arrayOf(schema);
  if (type === 'object') return objectOf(schema);
  return PLAIN[type] ?? 'unknown';
}

/** The type of one schema, written in place. */
export function typeOf(schema: Schema): string {
  if (schema.$ref) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices && schema.properties) return `${objectOf(schema)} & (${union(choices.map(typeOf))})`;
  if (choices) return union(choices.map(typeOf));
  if (schema.allOf) return schema.allOf.map(typeOf).join(' & ');
  if (schema.type === undefined) return schema.properties ? objectOf(schema) : 'unknown';
  return union([schema.type].flat().map((type) => named(type, schema)));
}

/** A module with one exported type per shape, each on a line: the description has the words about fields. */
export function apiTypes(description: Description): string {
  const shapes = Object.entries(description.components.schemas).sort(([a], [b]) => (a < b ? -1 : 1));
  const types = shapes.map(([name, schema]) => {
    return `${comment(schema.description)}export type ${name} = ${typeOf(schema)};\n`;
  });
  return `/** Made from schemas/openapi.json by \`npm run api-types\`; do not edit. */\n\n${types.join('')}`;
}
