/** Every entity of every feature, for the data source. A feature adds its own here. */
export const ENTITIES: (new () => object)[] = [];
