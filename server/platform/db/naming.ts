import { DefaultNamingStrategy, type NamingStrategyInterface } from 'typeorm';

const snake = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();

/** camelCase properties, snake_case columns; constraint names as PostgreSQL itself would give them. */
export class SnakeNaming extends DefaultNamingStrategy implements NamingStrategyInterface {
  override columnName(property: string, custom: string | undefined, prefixes: string[]): string {
    return snake([...prefixes, custom ?? property].join('_'));
  }

  override joinColumnName(relation: string, column: string): string {
    return snake(`${relation}_${column}`);
  }

  override primaryKeyName(table: string | { name: string }): string {
    return `${tableName(table)}_pkey`;
  }
}

function tableName(table: string | { name: string }): string {
  const name = typeof table === 'string' ? table : table.name;
  return name.split('.').pop() ?? name;
}
