/**
 * Estimates, before anything runs, of how many values an answer can be made of: one for each field, times the sizes of the lists
 * around it. A page counts with the size asked for, any other list with `ASSUMED_LIST_SIZE`. Introspection is free here;
 * graphql-js bounds it by itself.
 *
 * Validation knows no values, and a variable must not be a way around the limit: there, a size given by one counts as the
 * largest page there is. What an operation is charged is estimated again with its values.
 */
import {
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValueNode,
} from 'graphql';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../../platform/graphql/page-args.js';

const ASSUMED_LIST_SIZE = 5; // of lists that have no pages because they stay short

type Variables = Readonly<Record<string, unknown>>;
type FindFragment = (name: string) => FragmentDefinitionNode | null | undefined;

/** Calls `reject` with the estimate when an operation's is above `max`. */
export function costRule(max: number, reject: (context: ValidationContext, cost: number) => void) {
  return (context: ValidationContext): ASTVisitor => ({
    OperationDefinition(operation) {
      const cost = new CostEstimate(context.getSchema(), (name) => context.getFragment(name)).of(operation);
      if (cost > max) reject(context, cost);
    },
  });
}

/** What an operation of a valid document costs with its values. */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return new CostEstimate(schema, (name) => fragments.get(name), variables).of(operation);
}

class CostEstimate {
  readonly #schema: GraphQLSchema;
  readonly #findFragment: FindFragment;
  readonly #variables: Variables | undefined;
  readonly #fragments = new Map<string, number>();
  #defaults: Variables = {};

  /** Without `variables`, their values are not known. */
  constructor(schema: GraphQLSchema, findFragment: FindFragment, variables?: Variables) {
    this.#schema = schema;
    this.#findFragment = findFragment;
    this.#variables = variables;
  }

  of(operation: OperationDefinitionNode): number {
    this.#defaults = Object.fromEntries(
      (operation.variableDefinitions ?? []).map(({ variable, defaultValue }) => [
        variable.name.value,
        defaultValue?.kind === Kind.INT ? Number(defaultValue.value) : undefined,
      ]),
    );
    const root = this.#schema.getRootType(operation.operation);
    return root ? this.#ofSelections(operation.selectionSet, root) : 0;
  }

  #ofSelections(set: SelectionSetNode, parent: GraphQLNamedType): number {
    let cost = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) cost += this.#ofField(selection, parent);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition && this.#schema.getType(selection.typeCondition.name.value);
        cost += this.#ofSelections(selection.selectionSet, type ?? parent);
      } else cost += this.#ofFragment(this.#findFragment(selection.name.value));
    }
    return cost;
  }

  /** Once for each fragment: two spreads cost twice the number, not twice the work. A circle counts nothing; another rule refuses it. */
  #ofFragment(fragment: FragmentDefinitionNode | null | undefined): number {
    if (!fragment) return 0;
    const known = this.#fragments.get(fragment.name.value);
    if (known !== undefined) return known;
    this.#fragments.set(fragment.name.value, 0);
    const type = this.#schema.getType(fragment.typeCondition.name.value);
    const cost = type ? this.#ofSelections(fragment.selectionSet, type) : 0;
    this.#fragments.set(fragment.name.value, cost);
    return cost;
  }

  #ofField(node: FieldNode, parent: GraphQLNamedType): number {
    if (node.name.value.startsWith('__')) return 1;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    const type = field && getNamedType(field.type);
    if (!type || !node.selectionSet || !isCompositeType(type)) return 1;
    return 1 + this.#sizeOf(node, field, parent) * this.#ofSelections(node.selectionSet, type);
  }

  #sizeOf(node: FieldNode, field: GraphQLField<unknown, unknown>, parent: GraphQLNamedType): number {
    const pageArgument = field.args.find((arg) => arg.name === 'first');
    if (pageArgument) {
      const given = node.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last');
      const standard = typeof pageArgument.defaultValue === 'number' ? pageArgument.defaultValue : DEFAULT_PAGE_SIZE;
      return given ? this.#pageSize(given.value, standard) : standard;
    }
    // the lists of a connection are as long as its page, which is counted already
    return isListType(getNullableType(field.type)) && !parent.name.endsWith('Connection') ? ASSUMED_LIST_SIZE : 1;
  }

  #pageSize(value: ValueNode, standard: number): number {
    if (value.kind === Kind.INT) return Math.max(1, Number(value.value));
    if (value.kind === Kind.NULL) return standard;
    if (value.kind !== Kind.VARIABLE || !this.#variables) return MAX_PAGE_SIZE;
    const given = this.#variables[value.name.value] ?? this.#defaults[value.name.value] ?? standard;
    return typeof given === 'number' ? Math.min(MAX_PAGE_SIZE, Math.max(1, given)) : MAX_PAGE_SIZE;
  }
}
